"""A record that cannot be decoded or processed goes to the dead letter, or stops the pipeline right before it."""

import base64
import json

import pytest
import streams
from agents import json_lines

PIPELINE = """
pipeline: {name}
aws: {{endpoint: '{url}', region: us-east-1}}
sources:
  orders:
    kinesis: {{stream: {name}, sleep_time_no_records: 100ms, shard_fetch_rate: 5}}
transforms:
  doubled:
    steps: [{{set: {{twice: record.n * 2}}}}]
sinks:
  archive:
    file: {{path: archive.jsonl}}
"""
DEAD_LETTER = "dead_letter: {file: {path: dead.jsonl}}\n"


@pytest.fixture(params=["not JSON", "not to be doubled"])
def poison(request):
    return b'{"n": 10' if request.param == "not JSON" else b'{"n": "ten"}'


@pytest.fixture
def poisoned(kinesis, name, poison):
    """One shard with twenty good records around the bad one; the bad one as Kinesis stored it."""
    streams.create(kinesis, name, shards=1)
    entries = [("key", json.dumps({"n": n}).encode()) for n in range(20)]
    streams.put(kinesis, name, entries[:10] + [("poison", poison)] + entries[10:])
    return next(record for record in streams.records(kinesis, name) if record["PartitionKey"] == "poison")


def test_the_dead_letter_gets_it_and_the_rest_flows(poisoned, emulator, run, name, poison, tmp_path):
    ended = run(PIPELINE.format(name=name, url=emulator) + DEAD_LETTER, "--until-idle", "1s")

    assert ended.code == 0, ended.stderr
    assert json_lines(tmp_path / "archive.jsonl") == [{"n": n, "twice": 2 * n} for n in range(20)]
    [letter] = json_lines(tmp_path / "dead.jsonl")
    assert letter["reason"] and letter["code"]
    assert letter["node"] == ("orders" if poison == b'{"n": 10' else "doubled")
    assert letter["source"] == "orders"
    assert letter["stream"] == name
    assert letter["shard"] == "shardId-000000000000"
    assert letter["sequence"] == poisoned["SequenceNumber"]
    assert letter["partition_key"] == "poison"
    assert letter["arrived_at"].startswith("20") and letter["arrived_at"].endswith("Z")
    assert base64.b64decode(letter["data"]) == poison


def test_without_one_the_pipeline_stops_right_before_it(poisoned, emulator, run, name, tmp_path):
    pipeline = PIPELINE.format(name=name, url=emulator)
    for _ in range(2):
        # The second start meets the same record, and repeats nothing before it.
        ended = run(pipeline, "--until-idle", "1s")
        assert ended.code == 1
        errors = [line for line in ended.stderr.splitlines() if line.startswith("error[")]
        assert len(errors) == 1, ended.stderr
        for fact in (name, "shardId-000000000000", poisoned["SequenceNumber"]):
            assert fact in errors[0]
        assert [order["n"] for order in json_lines(tmp_path / "archive.jsonl")] == list(range(10))

    # With somewhere to put it, the same pipeline goes on from there.
    assert run(pipeline + DEAD_LETTER, "--until-idle", "1s").code == 0
    assert [order["n"] for order in json_lines(tmp_path / "archive.jsonl")] == list(range(20))
