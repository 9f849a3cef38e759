"""The command after a flush is told what became of every record, and never holds one back."""

import json

import pytest
import streams
from agents import json_lines

PIPELINE = """
pipeline: {name}
aws: {{endpoint: '{url}', region: us-east-1}}
sources:
  orders: {{file: {{include: [input.jsonl], follow: false, processor: json_lines}}}}
sinks:
  stream:
    kinesis: {{stream: {name}, partition_key: record.customer, buffer_time: 50ms, after_flush: {command}}}
"""


@pytest.fixture
def write(emulator, kinesis, run, name, tmp_path):
    def write(command, count=500):
        streams.create(kinesis, name, shards=2)
        (tmp_path / "input.jsonl").write_text("".join(json.dumps(order) + "\n" for order in streams.orders(count)))
        ended = run(PIPELINE.format(name=name, url=emulator, command=json.dumps(command)))
        assert ended.code == 0, ended.stderr
        assert len(streams.records(kinesis, name)) == count
        return ended

    return write


def test_every_record_is_told_with_its_place(write, kinesis, name, tmp_path):
    # A file for each command; two dollars are one in a pipeline file.
    ended = write("cat > flush.$$$$.json")
    told = [json.loads(path.read_text()) for path in tmp_path.glob("flush.*.json")]
    assert {flush["stream"] for flush in told} == {name}
    assert "after_flush" not in ended.stderr
    places = sorted((record["partition_key"], record["shard"], record["sequence"]) for flush in told for record in flush["records"])
    stored = []
    for shard in streams.shard_ids(kinesis, name):
        stored += [(r["PartitionKey"], shard, r["SequenceNumber"]) for r in streams.shard_records(kinesis, name, shard)]
    assert places == sorted(stored)


def test_a_command_that_fails_is_a_warning_and_no_more(write):
    ended = write(["/bin/sh", "-c", "echo the pager is off >&2; exit 7"])
    assert "after_flush has failed" in ended.stderr
    assert "exit status 7" in ended.stderr and "the pager is off" in ended.stderr
