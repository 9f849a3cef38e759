"""AWS's limits, as a flood by boto3 meets them."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from botocore.exceptions import ClientError

RATE = "ProvisionedThroughputExceededException"


def flood(kinesis, stream, seconds, record, batch):
    """Puts for so long; the records that were taken, those that were not, and the time it took."""
    taken, refused, start = 0, [], time.monotonic()
    while time.monotonic() - start < seconds:
        reply = kinesis.put_records(StreamName=stream, Records=[record] * batch)
        failed = [entry for entry in reply["Records"] if "ErrorCode" in entry]
        assert reply["FailedRecordCount"] == len(failed)
        taken += batch - len(failed)
        refused += failed
    return taken, refused, time.monotonic() - start


def test_a_flood_of_one_shard_gets_a_thousand_records_a_second(start, stream):
    kinesis = start("--quotas").client()
    name = stream(kinesis)
    taken, refused, seconds = flood(kinesis, name, 10, {"Data": b"x", "PartitionKey": "k"}, 500)
    print(f"{taken / seconds:.0f} records a second were taken, {len(refused)} refused")
    assert taken / seconds == pytest.approx(1_000, rel=0.05)
    assert {entry["ErrorCode"] for entry in refused} == {RATE}
    message = f"Rate exceeded for shard shardId-000000000000 in stream {name} under account 000000000000."
    assert refused[0]["ErrorMessage"] == message


def test_two_shards_get_twice_as_much(start, stream):
    kinesis = start("--quotas").client()
    name = stream(kinesis, 2)

    def one(hash_key):
        return flood(kinesis, name, 3, {"Data": b"x", "PartitionKey": "k", "ExplicitHashKey": hash_key}, 500)[0]

    with ThreadPoolExecutor(2) as pool:
        for taken in pool.map(one, ["0", str(2**128 - 1)]):
            assert 2_700 <= taken <= 3_300


def test_bytes_are_limited_to_a_mebibyte_a_second(start, stream):
    kinesis = start("--quotas").client()
    name = stream(kinesis)
    taken, refused, seconds = flood(kinesis, name, 4, {"Data": b"x" * 50_000, "PartitionKey": "k"}, 20)
    assert refused
    # One second's worth is there from the start.
    assert taken * 50_001 == pytest.approx((seconds + 1) * 2**20, rel=0.1)


def test_a_single_put_over_the_limit_is_an_error(start, stream):
    kinesis = start("--quotas").client()
    name = stream(kinesis)
    kinesis.put_records(StreamName=name, Records=[{"Data": b"", "PartitionKey": "k"}] * 500)
    with pytest.raises(ClientError) as failure:
        for _ in range(1_000):
            kinesis.put_record(StreamName=name, Data=b"x" * 1_000_000, PartitionKey="k")
    assert failure.value.response["Error"]["Code"] == RATE
    assert failure.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400


def test_reads_are_limited_to_five_a_second(start, stream):
    kinesis = start("--quotas").client()
    name = stream(kinesis)
    shard = kinesis.list_shards(StreamName=name)["Shards"][0]["ShardId"]
    place = kinesis.get_shard_iterator(StreamName=name, ShardId=shard, ShardIteratorType="LATEST")["ShardIterator"]
    answered = refused = 0
    begin = time.monotonic()
    while time.monotonic() - begin < 3:
        try:
            kinesis.get_records(ShardIterator=place)
            answered += 1
        except ClientError as failure:
            assert failure.response["Error"]["Code"] == RATE
            refused += 1
    assert refused
    # Five are there from the start.
    assert answered == pytest.approx(5 + 5 * 3, abs=2)


def test_descriptions_are_limited(start, stream):
    kinesis = start("--quotas").client()
    name = stream(kinesis)
    with pytest.raises(ClientError) as failure:
        for _ in range(100):
            kinesis.describe_stream(StreamName=name)
    assert failure.value.response["Error"]["Code"] == "LimitExceededException"
