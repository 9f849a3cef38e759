"""Readers of KPL aggregates that keep to the rules see every record, though the stream is split and merged under the writer."""

import base64
import json
import time

import pytest
import streams
from agents import eventually
from kpl_readers import by_aws_kinesis_agg, by_kcl_rules

PIPELINE = """
pipeline: {name}
aws: {{endpoint: '{url}', region: us-east-1}}
sources:
  orders: {{file: {{include: [input.jsonl], processor: json_lines}}}}
sinks:
  stream: {{kinesis: {{stream: {name}, processor: kpl_json, buffer_time: 50ms, {options}}}}}
"""
KEYS = ["partition_key: record.customer", "partition_key: record.customer, explicit_hash_key: record.point", ""]


def shard_by_shard(kinesis, stream):
    """(shard, its records) for every shard, parents before their children."""
    shards = [shard for page in kinesis.get_paginator("list_shards").paginate(StreamName=stream) for shard in page["Shards"]]
    for shard in sorted(shards, key=lambda shard: shard["ShardId"]):
        yield shard, streams.shard_records(kinesis, stream, shard["ShardId"])


def seen(kinesis, stream):
    """What each kind of reader sees of a stream."""
    kcl, python = [], []
    for shard, records in shard_by_shard(kinesis, stream):
        kcl += [json.loads(user.data) for record in records for user in by_kcl_rules(record, shard)]
        python += [json.loads(base64.b64decode(data)) for data in by_aws_kinesis_agg(records)]
    return kcl, python


def numbers(orders):
    return sorted(order["n"] for order in orders)


def sent(count):
    """Orders that name a point of the hash space as well, spread over it by customer."""
    return [order | {"point": str((order["n"] * 7919 % 50) * (2**128 // 50))} for order in streams.orders(count)]


@pytest.mark.parametrize("options", KEYS, ids=["key", "hash_key", "none"])
def test_without_reshards_every_record_is_seen_once(options, emulator, kinesis, run, name, tmp_path):
    streams.create(kinesis, name, shards=4)
    orders = sent(3_000)
    (tmp_path / "input.jsonl").write_text("".join(json.dumps(order) + "\n" for order in orders))

    ended = run(PIPELINE.format(name=name, url=emulator, options=options), "--until-idle", "1s")

    assert ended.code == 0, ended.stderr
    kcl, python = seen(kinesis, name)
    assert numbers(kcl) == numbers(python) == list(range(3_000))
    if options:
        assert streams.in_order_per_customer(kcl)
    records = streams.records(kinesis, name)
    assert len(records) < 300, "aggregates hold many records"
    assert len({record["PartitionKey"] for record in records}) > 1 or len(records) < 3 or not options


@pytest.mark.parametrize("options", KEYS, ids=["key", "hash_key", "none"])
def test_aggregates_that_a_reshard_cuts_in_two_are_sent_again(options, emulator, kinesis, start, name, tmp_path):
    streams.create(kinesis, name, shards=2)
    orders = sent(12_000)
    feed = tmp_path / "input.jsonl"
    feed.write_text("")
    agent = start(PIPELINE.format(name=name, url=emulator, options=options))

    def is_active():
        return kinesis.describe_stream_summary(StreamName=name)["StreamDescriptionSummary"]["StreamStatus"] == "ACTIVE"

    reshards = {
        10: lambda: kinesis.split_shard(StreamName=name, ShardToSplit="shardId-000000000000", NewStartingHashKey=str(2**126)),
        20: lambda: kinesis.split_shard(StreamName=name, ShardToSplit="shardId-000000000001", NewStartingHashKey=str(3 * 2**126)),
        # The upper child of the first and the lower child of the second.
        30: lambda: kinesis.merge_shards(StreamName=name, ShardToMerge="shardId-000000000003", AdjacentShardToMerge="shardId-000000000004"),
    }
    for part in range(40):
        if part in reshards:
            eventually(is_active, "the stream does not become ACTIVE")
            reshards[part]()
        with open(feed, "a") as file:
            file.writelines(json.dumps(order) + "\n" for order in orders[part * 300 : (part + 1) * 300])
        # New records for the whole time of a reshard, so that some are on their way at its every moment.
        time.sleep(0.02)

    def arrived():
        return {order["n"] for order in seen(kinesis, name)[0]}

    eventually(lambda: len(arrived()) == 12_000, lambda: f"{len(arrived())} of 12000:\n{agent.stderr[-3000:]}")
    assert agent.terminate().code == 0
    kcl, python = seen(kinesis, name)
    assert set(numbers(kcl)) == set(numbers(python)) == set(range(12_000))
    assert len(kcl) <= len(python), "what the rules drop was sent again, so that it is there more than once"
    assert len(python) < 1.2 * 12_000, "only what was under way is sent again"
    if options == KEYS[0]:
        assert streams.in_order_per_customer(streams.first_arrivals(kcl))
