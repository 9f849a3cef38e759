"""Streams by boto3: an opinion that is not the agent's own."""

import json
from collections import defaultdict

import boto3
from botocore.config import Config


def client(url, verify=None, **config):
    return boto3.client(
        "kinesis",
        endpoint_url=url,
        region_name="us-east-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=Config(retries={"max_attempts": 3}, **config),
        verify=verify,
    )


def create(kinesis, name, shards=4):
    kinesis.create_stream(StreamName=name, ShardCount=shards)
    kinesis.get_waiter("stream_exists").wait(StreamName=name)


def shard_ids(kinesis, stream):
    pages = kinesis.get_paginator("list_shards").paginate(StreamName=stream)
    return [shard["ShardId"] for page in pages for shard in page["Shards"]]


def shard_records(kinesis, stream, shard):
    """Everything in a shard, up to its tip, in order."""
    found = []
    place = kinesis.get_shard_iterator(StreamName=stream, ShardId=shard, ShardIteratorType="TRIM_HORIZON")["ShardIterator"]
    while place is not None:
        reply = kinesis.get_records(ShardIterator=place, Limit=10_000)
        found += reply["Records"]
        place = reply.get("NextShardIterator") if reply["Records"] or reply["MillisBehindLatest"] else None
    return found


def records(kinesis, stream):
    """Everything in a stream, up to the tips: shard by shard, in order."""
    return [record for shard in shard_ids(kinesis, stream) for record in shard_records(kinesis, stream, shard)]


def put(kinesis, stream, entries):
    """Puts (partition key, bytes) pairs, one request after the other, until all are stored."""
    for start in range(0, len(entries), 500):
        batch = [{"Data": data, "PartitionKey": key} for key, data in entries[start : start + 500]]
        reply = kinesis.put_records(StreamName=stream, Records=batch)
        assert reply["FailedRecordCount"] == 0


def orders(count, keys=50, start=0):
    """Orders of many customers, each with a number of its own and a number within its customer's."""
    counters = defaultdict(int)
    found = []
    for n in range(start, start + count):
        customer = f"customer-{n * 7919 % keys}"
        order = {"n": n, "customer": customer, "of_customer": counters[customer], "status": "open" if n % 3 == 0 else "paid"}
        counters[customer] += 1
        found.append(order)
    return found


def put_orders(kinesis, stream, these):
    put(kinesis, stream, [(order["customer"], json.dumps(order).encode()) for order in these])


def in_order_per_customer(these):
    """True where each customer's orders came one after the other, each once."""
    last = defaultdict(lambda: -1)
    for order in these:
        if order["n"] <= last[order["customer"]]:
            return False
        last[order["customer"]] = order["n"]
    return True


def first_arrivals(these):
    """Without repetitions, which at-least-once delivery allows."""
    found = {}
    for order in these:
        found.setdefault(order["n"], order)
    return list(found.values())
