"""The two runs: everything goes wrong, and nothing does but that agents come and go."""

from bisect import bisect_right
from collections import Counter, defaultdict

from agents import eventually

from chaos.fleet import Fleet
from chaos.troubles import come_and_go, hurt_agent, hurt_redis, redis_troubles, reshard, series, together
from chaos.verdict import judge


# What repeats nothing by itself: repetitions after it are put down to what happened before.
HARMLESS = {"split", "merged", "started", "joined", "quiet"}


# What the service does on ordinary days. Nothing of it repeats a record.
MOODS = """
faults:
  - {{operation: PutRecords, stream: {name}-out, probability: 0.2, effect: {{fail_records: {{fraction: 0.2}}}}}}
  - {{operation: PutRecords, stream: {name}-out, probability: 0.02, effect: {{error: {{code: InternalFailure, status: 500}}}}}}
  - {{operation: GetRecords, stream: {name}-in, probability: 0.02, effect: {{error: ExpiredIteratorException}}}}
  - {{operation: GetRecords, stream: {name}-in, probability: 0.05, effect: {{error: ProvisionedThroughputExceededException}}}}
  - {{operation: GetRecords, stream: {name}-in, probability: 0.1, effect: empty}}
  - {{operation: GetRecords, stream: {name}-in, probability: 0.3, effect: omit_children}}
"""
# What is applied without an answer is sent again.
REPEATING = """
  - {{operation: PutRecords, stream: {name}-out, probability: 0.01, effect: {{cut: after}}}}
  - {{operation: PutRecords, stream: {name}-out, probability: 0.01, effect: {{cut: body}}}}
"""


class Report:
    """A verdict beside what happened."""

    def __init__(self, fleet, counts, deliveries):
        self.fleet = fleet
        self.deliveries = deliveries
        self.verdict = judge(counts, deliveries)
        self.takeovers = len(fleet.leases.takeovers)
        self.violations = fleet.leases.violations + fleet.crashed()

    def repeated_after(self):
        """For each kind of trouble: how often, how many repetitions arrived between it and the next one, and the most after one.

        What had arrived before a FLUSHALL and comes again after it is put down to that.
        """
        events = sorted((event for event in self.fleet.events if event.what not in HARMLESS), key=lambda event: event.at)
        times = [event.at for event in events]
        flushes = [place for place, event in enumerate(events) if event.what == "redis flushed"]
        first = {}
        for delivery in self.deliveries:
            first.setdefault((delivery.key, delivery.number), delivery.at)
        after = defaultdict(int)
        for delivery in self.verdict.repeated:
            began = first[delivery.key, delivery.number]
            flushed = [place for place in flushes if began < times[place] <= delivery.at]
            after[flushed[-1] if flushed else bisect_right(times, delivery.at) - 1] += 1
        kinds = defaultdict(list)
        for place, event in enumerate(events):
            kinds[event.what].append(after[place])
        if after[-1]:
            kinds["(before all)"] = [after[-1]]
        return {kind: (len(found), sum(found), max(found)) for kind, found in kinds.items()}

    def by_zombies(self):
        """What agents delivered, of what others had delivered by then, in the second after they were continued."""
        continued = [event for event in self.fleet.events if event.what == "continued"]
        return sum(
            any(event.subject == delivery.by and event.at <= delivery.at < event.at + 1 for event in continued)
            for delivery in self.verdict.repeated
        )

    def __str__(self):
        calm = Counter(event.what for event in self.fleet.events if event.what in HARMLESS)
        lines = [str(self.verdict), ", ".join(f"{count} × {what}" for what, count in calm.items())]
        lines.append(f"{'after':16} {'times':>6} {'repeated':>9} {'most':>7}")
        for kind, (times, total, most) in self.repeated_after().items():
            lines.append(f"{kind[:120]:16} {times:6} {total:9,} {most:7,}")
        repeated = len(self.verdict.repeated)
        lines.append(
            f"{self.takeovers} changes of ownership seen in {self.fleet.leases.looks} looks, {repeated / max(1, self.takeovers):.1f} "
            f"repeated a change; {self.fleet.log_lines('lost leases')} times leases were refused, {self.fleet.log_lines('a lease ran out')} ran out; "
            f"{self.by_zombies()} repeated by an agent within a second of its being continued"
        )
        lines += self.violations
        return "\n".join(lines)

    def explain(self):
        return f"{self.verdict.explain()}\n{self}\nlogs: {self.fleet.folder}"

    def check(self):
        """What must hold in any case."""
        assert not self.verdict.lost and not self.verdict.disordered and not self.verdict.invented, self.explain()
        assert not self.violations, self.explain()


def chaos(folder, seed, seconds, outage=20, **options):
    """Splits, merges, kill -9, SIGSTOP past the session's end, an outage of Redis and a FLUSHALL, all at once."""
    with Fleet(folder, seed=seed, processor="json", **options) as fleet:
        eventually(fleet.is_shared, lambda: f"the shards do not spread: {fleet.leases.held()}", 60)
        fleet.faults(MOODS + REPEATING)
        together(
            fleet,
            (series(f"{seed} shards", seconds, ["split", "merge"], pause=(1, 4), lasting=(0.5, 1)), reshard),
            (series(f"{seed} agents", seconds, ["killed", "suspended"], pause=(1, 5), lasting=(2, 6)), hurt_agent),
            (redis_troubles(seed, seconds, outage), hurt_redis),
        )
        fleet.note("quiet")
        return Report(fleet, *fleet.settle())


def comings_and_goings(folder, seed, seconds, **options):
    """Agents join and leave as deployments make them, while the stream is split and merged."""
    with Fleet(folder, seed=seed, processor="raw", **options) as fleet:
        eventually(fleet.is_shared, lambda: f"the shards do not spread: {fleet.leases.held()}", 60)
        fleet.faults(MOODS)
        together(
            fleet,
            (series(f"{seed} shards", seconds, ["split", "merge"], pause=(2, 5), lasting=(0.5, 1)), reshard),
            (series(f"{seed} agents", seconds, ["joined", "left"], pause=(0.5, 2), lasting=(0.2, 0.5)), come_and_go),
        )
        fleet.note("quiet")
        return Report(fleet, *fleet.settle())
