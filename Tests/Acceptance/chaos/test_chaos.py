"""A fleet through everything that can go wrong. The seed is printed; KINESIS_AGENT_CHAOS_SEED takes one again."""

import os
import random

import pytest

from chaos.scenarios import chaos, comings_and_goings
from chaos.verdict import judge
from chaos.deliveries import Delivery

SEED = os.environ.get("KINESIS_AGENT_CHAOS_SEED") or str(random.randrange(10**6))


def test_nothing_is_lost_or_disordered_when_everything_goes_wrong(tmp_path):
    print(f"KINESIS_AGENT_CHAOS_SEED={SEED}")
    report = chaos(tmp_path, SEED, seconds=30, outage=10, rate=500)
    print(report)
    report.check()


@pytest.mark.parametrize("store", ["redis", "sqlite"])
def test_nothing_is_repeated_when_agents_come_and_go(store, tmp_path):
    print(f"KINESIS_AGENT_CHAOS_SEED={SEED}")
    report = comings_and_goings(tmp_path, SEED, seconds=12, rate=500, store=store)
    print(report)
    report.check()
    assert not report.verdict.repeated, report.explain()


def test_the_judge_finds_what_is_wrong():
    def delivered(*numbers):
        return [Delivery("a", number, "", 0) for number in numbers]

    def wrongs(count, *numbers):
        verdict = judge({"a": count}, delivered(*numbers))
        return [len(found) for found in (verdict.lost, verdict.disordered, verdict.repeated, verdict.invented)]

    assert wrongs(4, 0, 1, 2, 3) == [0, 0, 0, 0]
    assert wrongs(4, 0, 1, 2) == [1, 0, 0, 0]
    assert wrongs(4, 0, 2, 1, 3) == [0, 1, 0, 0]
    assert wrongs(4, 0, 1, 0, 1, 2, 3) == [0, 0, 2, 0]
    assert wrongs(4, 0, 1, 2, 3, 4) == [0, 0, 0, 1]
