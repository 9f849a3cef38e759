"""Whether what arrived keeps the promises: computed from nothing but what was acknowledged and what was delivered."""

from collections import defaultdict
from dataclasses import dataclass, field


@dataclass
class Verdict:
    acknowledged: int
    delivered: int
    # (key, number): acknowledged by the source, and never delivered.
    lost: list = field(default_factory=list)
    # Deliveries that came before an earlier record of their key.
    disordered: list = field(default_factory=list)
    # Deliveries of what had been delivered before.
    repeated: list = field(default_factory=list)
    # Deliveries that nobody has ever written.
    invented: list = field(default_factory=list)

    def __str__(self):
        return (
            f"{self.acknowledged:,} acknowledged, {self.delivered:,} deliveries: {len(self.lost)} lost, {len(self.disordered)} out of "
            f"order, {len(self.invented)} invented, {len(self.repeated):,} repeated"
        )

    def explain(self, most=10):
        parts = [str(self)]
        for name in ("lost", "disordered", "invented"):
            if found := getattr(self, name):
                parts.append(f"{name}: {found[:most]}{' …' if len(found) > most else ''}")
        return "\n".join(parts)


def judge(counts, deliveries):
    """`counts`: how many records of each key were acknowledged, numbered from 0. `deliveries`: in the order of arrival of each key."""
    verdict = Verdict(acknowledged=sum(counts.values()), delivered=len(deliveries))
    arrived = defaultdict(set)
    latest = defaultdict(lambda: -1)
    for delivery in deliveries:
        key, number = delivery.key, delivery.number
        if not 0 <= number < counts.get(key, 0):
            verdict.invented.append(delivery)
        elif number in arrived[key]:
            verdict.repeated.append(delivery)
        else:
            if number < latest[key]:
                verdict.disordered.append(delivery)
            latest[key] = max(latest[key], number)
            arrived[key].add(number)
    for key, count in counts.items():
        verdict.lost += [(key, number) for number in range(count) if number not in arrived[key]]
    return verdict
