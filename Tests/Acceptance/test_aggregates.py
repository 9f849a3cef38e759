"""Aggregates in a stream that is split and merged: a reader by the rules of Amazon's client library sees every record.

That library skips a user record whose key does not belong to the shard that it was found in.
"""

import base64
import hashlib
import json

import pytest
import streams
from aws_kinesis_agg.deaggregator import deaggregate_records
from bulk import by_lineage
from measure_order import Resharding

RECORDS, KEYS = 12_000, 200
PIPELINE = """
pipeline: {name}
aws: {{endpoint: '{url}', region: us-east-1}}
sources: {{lines: {{file: {{include: [input.jsonl], follow: false, processor: json_lines}}}}}}
sinks: {{out: {{kinesis: {{stream: {name}, processor: kpl_json, partition_key: record.k, buffer_time: 20ms,
  put_bandwidth_limit_per_shard: 100}}}}}}
"""


def user_records(record, stream):
    """As AWS's own library opens an aggregate: (key, explicit hash key, bytes)."""
    wrapped = {
        "kinesis": {
            "kinesisSchemaVersion": "1.0",
            "data": base64.b64encode(record["Data"]).decode(),
            "partitionKey": record["PartitionKey"],
            "sequenceNumber": record["SequenceNumber"],
            "approximateArrivalTimestamp": 0,
        },
        **dict.fromkeys(("eventSource", "eventID", "invokeIdentityArn", "eventName", "eventVersion", "awsRegion"), ""),
        "eventSourceARN": stream,
    }
    for user in deaggregate_records([wrapped]):
        content = user["kinesis"]
        yield content["partitionKey"], content.get("explicitHashKey"), base64.b64decode(content["data"])


def visible(kinesis, stream):
    """What the client library would give its application, shard by shard, parents first; and how many records it would skip."""
    pages = kinesis.get_paginator("list_shards").paginate(StreamName=stream)
    shards = {shard["ShardId"]: shard for page in pages for shard in page["Shards"]}
    found, skipped = [], 0
    for shard in by_lineage(shards.values()):
        low, high = (int(shards[shard]["HashKeyRange"][side]) for side in ("StartingHashKey", "EndingHashKey"))
        place = kinesis.get_shard_iterator(StreamName=stream, ShardId=shard, ShardIteratorType="TRIM_HORIZON")["ShardIterator"]
        while place:
            reply = kinesis.get_records(ShardIterator=place)
            for record in reply["Records"]:
                for key, explicit, data in user_records(record, stream):
                    place_of_key = int(explicit) if explicit else int(hashlib.md5(key.encode()).hexdigest(), 16)
                    if low <= place_of_key <= high:
                        found.append(json.loads(data))
                    else:
                        skipped += 1
            place = reply.get("NextShardIterator") if reply["Records"] or reply["MillisBehindLatest"] else None
    return found, skipped


@pytest.fixture
def resharding(emulator, kinesis, name):
    streams.create(kinesis, name, shards=4)
    resharding = Resharding(emulator, name, every=0.3, seed=1)
    resharding.start()
    yield resharding
    resharding.halt.set()
    resharding.join()


def test_a_reader_that_checks_ranges_sees_every_record_in_order(emulator, kinesis, resharding, run, name, tmp_path):
    with open(tmp_path / "input.jsonl", "w") as file:
        for n in range(RECORDS):
            file.write(json.dumps({"k": f"key-{n * 7919 % KEYS}", "n": n, "text": "x" * 150}) + "\n")
    ended = run(PIPELINE.format(name=name, url=emulator), within=100)
    assert ended.code == 0, ended.stderr
    resharding.halt.set()
    resharding.join()
    assert resharding.splits and resharding.merges

    found, skipped = visible(kinesis, name)
    print(f"{resharding.splits} splits, {resharding.merges} merges; {len(found)} visible, {skipped} skipped")
    missing = set(range(RECORDS)) - {record["n"] for record in found}
    assert not missing, f"{len(missing)} records are visible nowhere: {sorted(missing)[:10]}"
    latest, seen = {}, set()
    for record in found:
        if record["n"] not in seen:
            assert record["n"] > latest.get(record["k"], -1), f"{record} came after {latest[record['k']]}"
            latest[record["k"]] = record["n"]
            seen.add(record["n"])
