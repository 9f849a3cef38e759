"""Streams take their time when they are told to, and keep what they are across a restart."""

import time

import pytest
import servers
import wire
from botocore.exceptions import ClientError

DELAY = 0.4


@pytest.fixture(scope="module")
def slow():
    with servers.emulator("--state-change-delay", f"{int(DELAY * 1000)}ms") as server:
        yield wire.client(server.url)


def status(kinesis, name):
    return kinesis.describe_stream_summary(StreamName=name)["StreamDescriptionSummary"]["StreamStatus"]


def until_active(kinesis, name):
    deadline = time.monotonic() + 10
    while status(kinesis, name) != "ACTIVE":
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_a_stream_is_made_changed_and_deleted_in_its_time(slow):
    slow.create_stream(StreamName="a", ShardCount=1)
    assert status(slow, "a") == "CREATING"
    assert slow.list_shards(StreamName="a")["Shards"] == []
    with pytest.raises(slow.exceptions.ResourceNotFoundException):
        slow.put_record(StreamName="a", Data=b"", PartitionKey="k")
    until_active(slow, "a")
    slow.update_shard_count(StreamName="a", TargetShardCount=2, ScalingType="UNIFORM_SCALING")
    assert status(slow, "a") == "UPDATING"
    assert slow.put_record(StreamName="a", Data=b"", PartitionKey="k")["ShardId"] != "shardId-000000000000"
    until_active(slow, "a")
    slow.delete_stream(StreamName="a")
    assert status(slow, "a") == "DELETING"
    slow.get_waiter("stream_not_exists").wait(StreamName="a", WaiterConfig={"Delay": 1, "MaxAttempts": 5})


@pytest.mark.parametrize(
    ("operation", "members"),
    [
        ("split_shard", {"ShardToSplit": "shardId-000000000000", "NewStartingHashKey": "9"}),
        ("merge_shards", {"ShardToMerge": "shardId-000000000000", "AdjacentShardToMerge": "shardId-000000000001"}),
        ("update_shard_count", {"TargetShardCount": 2, "ScalingType": "UNIFORM_SCALING"}),
        ("increase_stream_retention_period", {"RetentionPeriodHours": 48}),
        ("start_stream_encryption", {"EncryptionType": "KMS", "KeyId": "k"}),
        ("stop_stream_encryption", {"EncryptionType": "KMS", "KeyId": "k"}),
        ("enable_enhanced_monitoring", {"ShardLevelMetrics": ["ALL"]}),
        ("disable_enhanced_monitoring", {"ShardLevelMetrics": ["ALL"]}),
    ],
)
def test_a_stream_that_changes_is_not_changed_again(slow, operation, members):
    name = f"b-{operation}".replace("_", "-")
    slow.create_stream(StreamName=name, ShardCount=2)
    until_active(slow, name)
    slow.increase_stream_retention_period(StreamName=name, RetentionPeriodHours=30)
    with pytest.raises(ClientError) as failure:
        getattr(slow, operation)(StreamName=name, **members)
    assert failure.value.response["Error"]["Code"] == "ResourceInUseException"
    assert failure.value.response["Error"]["Message"] == f"Stream {name} under account 000000000000 not ACTIVE, instead in state UPDATING"


def test_five_streams_are_made_at_once(slow):
    for n in range(5):
        slow.create_stream(StreamName=f"made-{n}", ShardCount=1)
    with pytest.raises(slow.exceptions.LimitExceededException):
        slow.create_stream(StreamName="made-5", ShardCount=1)
    until_active(slow, "made-4")
    slow.create_stream(StreamName="made-5", ShardCount=1)
    until_active(slow, "made-5")


def test_a_consumer_is_made_and_deleted_in_its_time(slow):
    slow.create_stream(StreamName="c", ShardCount=1)
    until_active(slow, "c")
    arn = slow.describe_stream_summary(StreamName="c")["StreamDescriptionSummary"]["StreamARN"]
    consumer = slow.register_stream_consumer(StreamARN=arn, ConsumerName="r")["Consumer"]["ConsumerARN"]

    def state():
        return slow.describe_stream_consumer(ConsumerARN=consumer)["ConsumerDescription"]["ConsumerStatus"]

    assert state() == "CREATING"
    for n in range(4):
        slow.register_stream_consumer(StreamARN=arn, ConsumerName=f"r{n}")
    with pytest.raises(slow.exceptions.LimitExceededException):
        slow.register_stream_consumer(StreamARN=arn, ConsumerName="sixth")
    with pytest.raises(slow.exceptions.ResourceInUseException):
        slow.deregister_stream_consumer(ConsumerARN=consumer)
    time.sleep(DELAY)
    assert state() == "ACTIVE"
    slow.deregister_stream_consumer(ConsumerARN=consumer)
    assert state() == "DELETING"
    time.sleep(DELAY)
    with pytest.raises(slow.exceptions.ResourceNotFoundException):
        state()


def test_everything_about_a_stream_survives_a_restart(tmp_path):
    storage = ("--data", str(tmp_path))
    with servers.emulator(storage=storage) as server:
        kinesis = wire.client(server.url)
        kinesis.create_stream(StreamName="s", ShardCount=3, Tags={"team": "é"})
        arn = kinesis.describe_stream_summary(StreamName="s")["StreamDescriptionSummary"]["StreamARN"]
        kinesis.increase_stream_retention_period(StreamName="s", RetentionPeriodHours=48)
        kinesis.update_max_record_size(StreamARN=arn, MaxRecordSizeInKiB=2048)
        kinesis.start_stream_encryption(StreamName="s", EncryptionType="KMS", KeyId="alias/x")
        kinesis.enable_enhanced_monitoring(StreamName="s", ShardLevelMetrics=["IncomingBytes"])
        kinesis.put_resource_policy(ResourceARN=arn, Policy='{"a": 1}')
        kinesis.register_stream_consumer(StreamARN=arn, ConsumerName="reader", Tags={"x": "y"})
        kinesis.update_shard_count(StreamName="s", TargetShardCount=5, ScalingType="UNIFORM_SCALING")
        kinesis.put_record(StreamName="s", Data=b"kept", PartitionKey="k")
        before = everything(kinesis, arn)
    with servers.emulator(storage=storage) as server:
        kinesis = wire.client(server.url)
        assert everything(kinesis, arn) == before


def everything(kinesis, arn):
    def body(reply):
        return {key: value for key, value in reply.items() if key != "ResponseMetadata"}

    records = []
    shards = kinesis.list_shards(StreamARN=arn)["Shards"]
    for shard in shards:
        place = kinesis.get_shard_iterator(StreamARN=arn, ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON")["ShardIterator"]
        records += kinesis.get_records(ShardIterator=place)["Records"]
    consumers = kinesis.list_stream_consumers(StreamARN=arn)["Consumers"]
    assert len(records) == len(consumers) == 1
    return [
        body(kinesis.describe_stream_summary(StreamARN=arn)),
        body(kinesis.list_tags_for_stream(StreamARN=arn)),
        body(kinesis.get_resource_policy(ResourceARN=arn)),
        [body(kinesis.list_tags_for_resource(ResourceARN=consumer["ConsumerARN"])) for consumer in consumers],
        shards, records, consumers,
    ]
