"""Enhanced fan-out by boto3, which speaks HTTP/1.1."""

import socket
import ssl
import subprocess
import time

import pytest
from botocore.eventstream import ChecksumMismatch
from botocore.exceptions import ClientError
from emulators import eventually


def register(kinesis, stream, name="c"):
    arn = kinesis.describe_stream_summary(StreamName=stream)["StreamDescriptionSummary"]["StreamARN"]
    consumer = kinesis.register_stream_consumer(StreamARN=arn, ConsumerName=name)["Consumer"]["ConsumerARN"]
    eventually(
        lambda: kinesis.describe_stream_consumer(ConsumerARN=consumer)["ConsumerDescription"]["ConsumerStatus"] == "ACTIVE",
        "the consumer is not active",
    )
    return consumer


def subscribe(kinesis, consumer, shard="shardId-000000000000", **position):
    position = position or {"Type": "TRIM_HORIZON"}
    return kinesis.subscribe_to_shard(ConsumerARN=consumer, ShardId=shard, StartingPosition=position)["EventStream"]


def put(kinesis, stream, *keys):
    kinesis.put_records(StreamName=stream, Records=[{"Data": key.encode(), "PartitionKey": key} for key in keys])


def test_records_are_pushed(start, stream):
    kinesis = start().client()
    name = stream(kinesis)
    consumer = register(kinesis, name)
    put(kinesis, name, "a", "b")
    found, latencies, sent = [], [], time.monotonic()
    for event in subscribe(kinesis, consumer):
        event = event["SubscribeToShardEvent"]
        if not event["Records"]:
            continue
        latencies.append(time.monotonic() - sent)
        found += [record["Data"].decode() for record in event["Records"]]
        assert event["ContinuationSequenceNumber"] == event["Records"][-1]["SequenceNumber"]
        if len(found) >= 22:
            break
        sent = time.monotonic()
        put(kinesis, name, f"k{len(found)}")
    assert found == ["a", "b"] + [f"k{n}" for n in range(2, 22)]
    print(f"from put to event: {sorted(latencies)[len(latencies) // 2] * 1000:.1f} ms")
    assert sorted(latencies)[len(latencies) // 2] < 0.5


def test_a_shards_end_leads_to_its_children(start, stream):
    kinesis = start().client()
    name = stream(kinesis)
    consumer = register(kinesis, name)
    put(kinesis, name, "a")
    kinesis.split_shard(StreamName=name, ShardToSplit="shardId-000000000000", NewStartingHashKey=str(2**127))
    events = [event["SubscribeToShardEvent"] for event in subscribe(kinesis, consumer)]
    assert [record["PartitionKey"] for event in events for record in event["Records"]] == ["a"]
    assert events[-1].get("ContinuationSequenceNumber") is None
    assert [child["ParentShards"] for child in events[-1]["ChildShards"]] == [["shardId-000000000000"]] * 2


def test_a_second_subscription_has_to_wait(start, stream):
    kinesis = start().client()
    consumer = register(kinesis, stream(kinesis))
    first = subscribe(kinesis, consumer, Type="LATEST")
    with pytest.raises(ClientError) as failure:
        subscribe(kinesis, consumer, Type="LATEST")
    assert failure.value.response["Error"]["Code"] == "ResourceInUseException"
    first.close()


def test_a_spoiled_frame_is_noticed(with_faults, stream):
    kinesis = with_faults("faults: [{operation: SubscribeToShard, effect: corrupt}]").client()
    name = stream(kinesis)
    put(kinesis, name, "a")
    with pytest.raises(ChecksumMismatch):
        list(subscribe(kinesis, register(kinesis, name)))


def test_a_slow_subscriber_costs_no_memory(start, stream, tmp_path):
    emulator = start("--data", tmp_path / "data", storage=())
    kinesis = emulator.client()
    name = stream(kinesis)
    idle = [subscribe(kinesis, register(kinesis, name, f"c{n}")) for n in range(5)]

    def resident():
        with open(f"/proc/{emulator.process.pid}/status") as status:
            return next(int(line.split()[1]) for line in status if line.startswith("VmRSS"))

    def fill(mebibytes):
        for _ in range(mebibytes):
            kinesis.put_records(StreamName=name, Records=[{"Data": b"x" * 262_000, "PartitionKey": "k"}] * 4)

    fill(32)
    before = resident()
    fill(128)
    grown = (resident() - before) / 1024
    print(f"128 MiB put before 5 subscribers that do not read: {grown:.0f} MiB more")
    assert grown < 48
    for events in idle:
        events.close()


def test_over_tls(start, stream, tmp_path):
    cert, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
        + ["-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", cert],
        check=True,
        capture_output=True,
    )
    emulator = start("--tls-cert", cert, "--tls-key", key)
    assert emulator.url.startswith("https://")
    kinesis = emulator.client(verify=str(cert))
    name = stream(kinesis)
    put(kinesis, name, "a")
    for event in subscribe(kinesis, register(kinesis, name)):
        if event["SubscribeToShardEvent"]["Records"]:
            break
    context = ssl.create_default_context(cafile=str(cert))
    context.set_alpn_protocols(["h2"])
    host, port = emulator.url.removeprefix("https://").split(":")
    with socket.create_connection((host, int(port))) as plain, context.wrap_socket(plain, server_hostname=host) as secure:
        assert secure.selected_alpn_protocol() == "h2"
