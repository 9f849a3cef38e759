"""boto3 against a running embedded stream, whose URL KINESIS_AGENT_TEST_EMULATOR holds.

    kinesis-agent emulator --memory --port 4567 &
    KINESIS_AGENT_TEST_EMULATOR=http://127.0.0.1:4567 python3 -m pytest Tests/Acceptance/emulator_boto3.py
"""

import os
import uuid

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

URL = os.environ.get("KINESIS_AGENT_TEST_EMULATOR")
pytestmark = pytest.mark.skipif(not URL, reason="KINESIS_AGENT_TEST_EMULATOR names no server")
LARGEST_HASH_KEY = 2**128 - 1


@pytest.fixture(scope="module")
def kinesis():
    return boto3.client(
        "kinesis",
        endpoint_url=URL,
        region_name="us-east-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=Config(retries={"max_attempts": 1}, parameter_validation=False),
    )


@pytest.fixture
def stream(kinesis):
    name = f"acceptance-{uuid.uuid4()}"
    kinesis.create_stream(StreamName=name, ShardCount=2)
    yield name
    kinesis.delete_stream(StreamName=name)


def shards(kinesis, stream, **options):
    return kinesis.list_shards(StreamName=stream, **options)["Shards"]


def iterator(kinesis, stream, shard, kind="TRIM_HORIZON", **options):
    return kinesis.get_shard_iterator(StreamName=stream, ShardId=shard, ShardIteratorType=kind, **options)["ShardIterator"]


def read(kinesis, stream, shard, kind="TRIM_HORIZON", **options):
    """All records from a place to the tip or the end, and the last reply."""
    place, records = iterator(kinesis, stream, shard, kind, **options), []
    while True:
        reply = kinesis.get_records(ShardIterator=place, Limit=7)
        records += reply["Records"]
        place = reply.get("NextShardIterator")
        if place is None or reply["MillisBehindLatest"] == 0:
            return records, reply


def code(failure):
    return failure.value.response["Error"]["Code"]


def test_a_stream_describes_itself_by_name_and_by_arn(kinesis, stream):
    arn = f"arn:aws:kinesis:us-east-1:000000000000:stream/{stream}"
    by_name = kinesis.describe_stream(StreamName=stream)["StreamDescription"]
    by_arn = kinesis.describe_stream(StreamARN=arn)["StreamDescription"]
    assert by_name == by_arn
    assert by_name["StreamARN"] == arn
    assert by_name["StreamStatus"] == "ACTIVE"
    assert [s["ShardId"] for s in by_name["Shards"]] == ["shardId-000000000000", "shardId-000000000001"]
    summary = kinesis.describe_stream_summary(StreamARN=arn)["StreamDescriptionSummary"]
    assert summary["OpenShardCount"] == 2
    assert summary["RetentionPeriodHours"] == 24
    assert stream in kinesis.list_streams(Limit=10_000)["StreamNames"]
    kinesis.get_waiter("stream_exists").wait(StreamName=stream)


def test_records_come_back_in_order_with_their_bytes(kinesis, stream):
    sent = [{"Data": bytes([n % 256]) * n, "PartitionKey": f"kéy-{n}"} for n in range(100)]
    reply = kinesis.put_records(StreamName=stream, Records=sent)
    assert reply["FailedRecordCount"] == 0
    got = {}
    for shard in shards(kinesis, stream):
        records, _ = read(kinesis, stream, shard["ShardId"])
        numbers = [int(r["SequenceNumber"]) for r in records]
        assert numbers == sorted(set(numbers))
        got |= {r["SequenceNumber"]: (r["PartitionKey"], r["Data"]) for r in records}
    expected = {r["SequenceNumber"]: (s["PartitionKey"], s["Data"]) for r, s in zip(reply["Records"], sent)}
    assert got == expected


def test_every_iterator_type_finds_its_place(kinesis, stream):
    def put(n):
        return kinesis.put_record(StreamName=stream, Data=b"%d" % n, PartitionKey="k", ExplicitHashKey="0")

    replies = [put(n) for n in range(5)]
    shard, number = replies[2]["ShardId"], replies[2]["SequenceNumber"]
    everything, _ = read(kinesis, stream, shard)
    latest = iterator(kinesis, stream, shard, "LATEST")
    put(5)

    def data(records):
        return [int(r["Data"]) for r in records]

    assert data(read(kinesis, stream, shard, "AT_SEQUENCE_NUMBER", StartingSequenceNumber=number)[0]) == [2, 3, 4, 5]
    assert data(read(kinesis, stream, shard, "AFTER_SEQUENCE_NUMBER", StartingSequenceNumber=number)[0]) == [3, 4, 5]
    arrived = everything[2]["ApproximateArrivalTimestamp"]
    # botocore sends whole seconds.
    first = next(int(r["Data"]) for r in everything if r["ApproximateArrivalTimestamp"] >= arrived.replace(microsecond=0))
    assert data(read(kinesis, stream, shard, "AT_TIMESTAMP", Timestamp=arrived)[0]) == list(range(first, 6))
    assert data(kinesis.get_records(ShardIterator=latest)["Records"]) == [5]


def test_resharding_loses_and_doubles_nothing(kinesis, stream):
    sent = []

    def put(count):
        for n in range(count):
            key = f"{len(sent)}"
            sent.append(key)
            kinesis.put_record(StreamName=stream, Data=key.encode(), PartitionKey=key)

    put(20)
    kinesis.split_shard(StreamName=stream, ShardToSplit="shardId-000000000000", NewStartingHashKey=str(2**125))
    put(20)
    kinesis.merge_shards(StreamName=stream, ShardToMerge="shardId-000000000003", AdjacentShardToMerge="shardId-000000000001")
    put(20)
    got, ends = [], {}
    for shard in shards(kinesis, stream):
        records, last = read(kinesis, stream, shard["ShardId"])
        got += [r["PartitionKey"] for r in records]
        ends[int(shard["ShardId"][-1])] = [c["ShardId"][-1] for c in last.get("ChildShards", [])]
        assert ("NextShardIterator" in last) == ("EndingSequenceNumber" not in shard["SequenceNumberRange"])
    assert sorted(got) == sorted(sent)
    assert ends == {0: ["2", "3"], 1: ["4"], 2: [], 3: ["4"], 4: []}
    child = next(s for s in shards(kinesis, stream) if s["ShardId"].endswith("4"))
    assert child["HashKeyRange"] == {"StartingHashKey": str(2**125), "EndingHashKey": str(LARGEST_HASH_KEY)}


def test_listing_pages(kinesis, stream):
    pages = [kinesis.list_shards(StreamName=stream, MaxResults=1)]
    while "NextToken" in pages[-1]:
        pages.append(kinesis.list_shards(NextToken=pages[-1]["NextToken"], MaxResults=1))
    assert [[s["ShardId"][-1] for s in p["Shards"]] for p in pages] == [["0"], ["1"]]
    with pytest.raises(ClientError) as failure:
        kinesis.list_shards(StreamName=stream, NextToken=kinesis.list_shards(StreamName=stream, MaxResults=1)["NextToken"])
    assert code(failure) == "InvalidArgumentException"


@pytest.mark.parametrize(
    "call, arguments, expected",
    [
        ("describe_stream", {"StreamName": "missing"}, "ResourceNotFoundException"),
        ("describe_stream", {"StreamName": "a b"}, "ValidationException"),
        ("put_record", {"StreamName": "missing", "Data": b"", "PartitionKey": ""}, "ValidationException"),
        ("put_record", {"StreamName": "missing", "Data": b"", "PartitionKey": "k"}, "ResourceNotFoundException"),
        ("put_records", {"StreamName": "missing", "Records": []}, "ValidationException"),
        ("get_records", {"ShardIterator": "garbage"}, "InvalidArgumentException"),
        ("get_records", {"ShardIterator": "garbage", "Limit": 10_001}, "ValidationException"),
    ],
)
def test_errors_have_the_codes_of_aws(kinesis, call, arguments, expected):
    with pytest.raises(ClientError) as failure:
        getattr(kinesis, call)(**arguments)
    assert code(failure) == expected


def test_a_stream_is_made_once(kinesis, stream):
    with pytest.raises(ClientError) as failure:
        kinesis.create_stream(StreamName=stream, ShardCount=1)
    assert code(failure) == "ResourceInUseException"
