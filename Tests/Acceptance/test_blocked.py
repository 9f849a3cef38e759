"""A destination that takes nothing costs no memory but the queues, and loses nothing."""

import pytest
from blocked import relay


@pytest.mark.parametrize("how", ["suspended", "refuse", "fail"])
def test_a_blocked_sink_holds_no_more_than_its_queues(how, tmp_path):
    outcome = relay(tmp_path, records=40_000, size=1_000, seconds=3, how=how)
    print(outcome)
    assert outcome.arrived == outcome.records, str(outcome)
    assert outcome.blocked_mebibytes <= outcome.allowed_mebibytes, str(outcome)
