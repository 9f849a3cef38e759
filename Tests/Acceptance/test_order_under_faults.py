"""A relay into a stream that fails in every way it can, and is split and merged meanwhile: nothing lost, each key in order."""

from measure_order import relay


def test_nothing_is_lost_or_disordered_when_writing_fails(tmp_path):
    outcome = relay(tmp_path, records=60_000, keys=500, reshard_every=0.3, seed=7, within=120, timeouts=(20, 1))
    print(outcome)
    outcome.check()
    assert outcome.repeated > 0, "no reply was lost after its request had been applied: nothing was proved"
    assert outcome.splits and outcome.merges, "the stream was not split and merged meanwhile"
