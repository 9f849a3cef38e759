"""A stream is split and merged under a running relay: each key's order is kept, and nothing is missing."""

import streams
from agents import eventually, json_lines

PIPELINE = """
pipeline: {name}
aws: {{endpoint: '{url}', region: us-east-1}}
checkpoints: {checkpoints}
sources:
  orders:
    kinesis: {{stream: {name}, shard_fetch_rate: 5, sleep_time_no_records: 100ms, record_limit: 50}}
sinks:
  archive:
    file: {{path: archive.jsonl}}
"""


def test_order_and_completeness_survive_splits_and_merges(checkpoints, emulator, kinesis, start, run, name, tmp_path):
    streams.create(kinesis, name, shards=2)
    pipeline = PIPELINE.format(name=name, url=emulator, checkpoints=checkpoints)
    sent = streams.orders(2_000)

    def put(part):
        streams.put_orders(kinesis, name, sent[part * 500 : (part + 1) * 500])

    agent = start(pipeline)
    put(0)
    kinesis.split_shard(StreamName=name, ShardToSplit="shardId-000000000000", NewStartingHashKey=str(2**126))
    put(1)
    # Half of the range of the first shard and all of the second become one.
    kinesis.merge_shards(StreamName=name, ShardToMerge="shardId-000000000003", AdjacentShardToMerge="shardId-000000000001")
    put(2)

    def arrived():
        return json_lines(tmp_path / "archive.jsonl")

    eventually(lambda: len(arrived()) >= 1_500, lambda: f"{len(arrived())} of 1500 records:\n{agent.stderr[-3000:]}")
    assert agent.terminate().code == 0
    put(3)
    ended = run(pipeline, "--until-idle", "1s")

    assert ended.code == 0, ended.stderr
    assert "shardId-000000000000" not in ended.stderr, "a finished shard must not be read again"
    assert sorted(order["n"] for order in arrived()) == list(range(2_000))
    assert streams.in_order_per_customer(arrived())
