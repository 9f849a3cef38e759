"""Enhanced fan-out: records are pushed over HTTP/1.1 and, through TLS, HTTP/2; what breaks is taken up where it was left."""

import json
import subprocess
import time

import pytest
import streams
from agents import eventually, json_lines

PIPELINE = """
pipeline: {name}
aws: {{endpoint: '{url}', region: us-east-1}}
checkpoints: {{sqlite: {{session_timeout: 5s, heartbeat_frequency: 500ms}}}}
sources:
  orders:
    kinesis: {{stream: {name}, mode: fan_out, consumer: {consumer}{options}}}
sinks:
  archive:
    file: {{path: {file}}}
"""


@pytest.fixture
def with_faults(processes, tmp_path):
    """Starts an emulator on the text of a fault file, and answers its URL."""

    def with_faults(text):
        path = tmp_path / "faults.yaml"
        path.write_text(text)
        process = processes("emulator", "--port", "0", "--memory", "--faults", path, name="faulty")
        return eventually(lambda: process.stdout.partition("\n")[0], lambda: f"no URL from the emulator:\n{process.stderr}")

    return with_faults


@pytest.fixture
def certificate(tmp_path):
    """A certificate of an authority that no system trusts, and its key."""
    cert, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
        + ["-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", cert],
        check=True,
        capture_output=True,
    )
    return cert, key


@pytest.fixture
def tls(processes, certificate):
    """The URL of an emulator that speaks TLS, with HTTP/2 for who wants it."""
    cert, key = certificate
    process = processes("emulator", "--port", "0", "--memory", "--tls-cert", cert, "--tls-key", key, name="secure")
    return eventually(lambda: process.stdout.partition("\n")[0], lambda: f"no URL from the emulator:\n{process.stderr}")


def pipeline(name, url, consumer="relay", options="", file="archive.jsonl"):
    return PIPELINE.format(name=name, url=url, consumer=consumer, options=options, file=file)


def archived(tmp_path, file="archive.jsonl"):
    return json_lines(tmp_path / file)


def wait_for(tmp_path, count, agent, within=30):
    eventually(
        lambda: len({order["n"] for order in archived(tmp_path)}) >= count,
        lambda: f"{len(archived(tmp_path))} of {count} records:\n{agent.stderr[-3000:]}",
        within,
    )


def test_records_are_pushed_and_a_drain_repeats_nothing(emulator, kinesis, start, run, name, tmp_path):
    streams.create(kinesis, name)
    streams.put_orders(kinesis, name, streams.orders(500))
    agent = start(pipeline(name, emulator))
    wait_for(tmp_path, 500, agent)
    assert "enhanced fan-out" in agent.stderr
    for part in range(10):
        streams.put_orders(kinesis, name, streams.orders(10, start=500 + 10 * part))
    wait_for(tmp_path, 600, agent)
    assert agent.terminate().code == 0
    streams.put_orders(kinesis, name, streams.orders(100, start=600))
    ended = run(pipeline(name, emulator), "--until-idle", "1s")
    assert ended.code == 0, ended.stderr
    assert sorted(order["n"] for order in archived(tmp_path)) == list(range(700))
    assert streams.in_order_per_customer(archived(tmp_path))
    # The consumer is the group's: it stays.
    assert [consumer["ConsumerName"] for consumer in consumers(kinesis, name)] == ["relay"]


def consumers(kinesis, stream):
    arn = kinesis.describe_stream_summary(StreamName=stream)["StreamDescriptionSummary"]["StreamARN"]
    return kinesis.list_stream_consumers(StreamARN=arn)["Consumers"]


def test_through_tls_and_http_2_with_an_authority_of_ones_own(tls, certificate, start, name, tmp_path):
    secure = streams.client(tls, verify=str(certificate[0]))
    # More shards than one HTTP/2 connection is given subscriptions.
    streams.create(secure, name, shards=70)
    agent = start(pipeline(name, tls), environment={"AWS_CA_BUNDLE": str(certificate[0])})
    streams.put_orders(secure, name, streams.orders(700, keys=700))
    wait_for(tmp_path, 700, agent)
    assert agent.terminate().code == 0
    assert sorted(order["n"] for order in archived(tmp_path)) == list(range(700))


def test_an_authority_that_nobody_trusts_is_one_clear_error(tls, start, name):
    ended = start(pipeline(name, tls)).wait()
    assert ended.code == 1
    assert "error[kinesis_connection]" in ended.stderr, ended.stderr


@pytest.mark.parametrize("effect", ["{cut: body}", "corrupt"])
def test_a_broken_stream_of_events_is_taken_up_where_it_was_left(effect, with_faults, start, name, tmp_path):
    url = with_faults(f"faults: [{{operation: SubscribeToShard, probability: 0.7, effect: {effect}}}]\nseed: 3")
    kinesis = streams.client(url)
    streams.create(kinesis, name, shards=2)
    streams.put_orders(kinesis, name, streams.orders(300))
    agent = start(pipeline(name, url), environment={"KINESIS_AGENT_LOG": "debug"})
    wait_for(tmp_path, 300, agent, within=60)
    streams.put_orders(kinesis, name, streams.orders(300, start=300))
    wait_for(tmp_path, 600, agent, within=60)
    assert agent.terminate().code == 0
    assert "reading failed, trying again" in agent.stderr
    assert sorted(order["n"] for order in archived(tmp_path)) == list(range(600)), "what was whole is not repeated"
    assert streams.in_order_per_customer(archived(tmp_path))


def test_splits_and_merges_during_subscriptions(emulator, kinesis, start, name, tmp_path):
    streams.create(kinesis, name, shards=2)
    agent = start(pipeline(name, emulator))
    sent = streams.orders(2_000)

    def put(part):
        streams.put_orders(kinesis, name, sent[part * 500 : (part + 1) * 500])

    put(0)
    wait_for(tmp_path, 500, agent)
    kinesis.split_shard(StreamName=name, ShardToSplit="shardId-000000000000", NewStartingHashKey=str(2**126))
    put(1)
    kinesis.merge_shards(StreamName=name, ShardToMerge="shardId-000000000003", AdjacentShardToMerge="shardId-000000000001")
    put(2)
    put(3)
    wait_for(tmp_path, 2_000, agent)
    assert agent.terminate().code == 0
    assert sorted(order["n"] for order in archived(tmp_path)) == list(range(2_000))
    assert streams.in_order_per_customer(archived(tmp_path))


def test_children_that_an_event_does_not_name_are_found(with_faults, start, name, tmp_path):
    url = with_faults("faults: [{operation: SubscribeToShard, effect: omit_children}]")
    kinesis = streams.client(url)
    streams.create(kinesis, name, shards=1)
    agent = start(pipeline(name, url))
    streams.put_orders(kinesis, name, streams.orders(100))
    kinesis.split_shard(StreamName=name, ShardToSplit="shardId-000000000000", NewStartingHashKey=str(2**127))
    streams.put_orders(kinesis, name, streams.orders(100, start=100))
    wait_for(tmp_path, 200, agent)
    assert agent.terminate().code == 0
    assert streams.in_order_per_customer(archived(tmp_path))


def test_a_killed_agents_subscriptions_are_taken_over(emulator, kinesis, start, name, tmp_path):
    streams.create(kinesis, name, shards=2)
    streams.put_orders(kinesis, name, streams.orders(200))
    first = start(pipeline(name, emulator))
    wait_for(tmp_path, 200, first)
    first.kill()
    streams.put_orders(kinesis, name, streams.orders(200, start=200))
    second = start(pipeline(name, emulator))
    wait_for(tmp_path, 400, second)
    assert second.terminate().code == 0
    assert {order["n"] for order in archived(tmp_path)} == set(range(400))


def test_a_reader_of_the_same_name_is_told_of_and_does_not_lose_a_record(emulator, kinesis, start, name, tmp_path):
    streams.create(kinesis, name, shards=1)
    agent = start(pipeline(name, emulator))
    streams.put_orders(kinesis, name, streams.orders(10))
    wait_for(tmp_path, 10, agent)
    # Within five seconds of a call the service refuses the next one.
    time.sleep(5.5)
    thief = kinesis.subscribe_to_shard(
        ConsumerARN=consumers(kinesis, name)[0]["ConsumerARN"],
        ShardId="shardId-000000000000",
        StartingPosition={"Type": "LATEST"},
    )["EventStream"]
    streams.put_orders(kinesis, name, streams.orders(10, start=10))
    agent.says("another reader is subscribed to the shard as the same consumer")
    wait_for(tmp_path, 20, agent)
    thief.close()
    assert agent.terminate().code == 0
    assert sorted(order["n"] for order in archived(tmp_path)) == list(range(20))


def test_slow_sinks_end_a_subscription_and_nothing_is_lost(emulator, kinesis, start, name):
    streams.create(kinesis, name, shards=1)
    streams.create(kinesis, f"{name}-out", shards=1)
    blob = "x" * 20_000
    sent = [{"n": n, "customer": f"c{n % 5}", "blob": blob} for n in range(800)]
    streams.put_orders(kinesis, name, sent)
    slow = pipeline(name, emulator).replace(
        "file: {path: archive.jsonl}", f"kinesis: {{stream: {name}-out, put_bandwidth_limit_per_shard: 300, max_queue_size: 20}}"
    )
    agent = start(slow, environment={"KINESIS_AGENT_LOG": "debug"})
    agent.says("the sinks are slower than the subscription", within=60)
    deadline = time.monotonic() + 120
    while len(streams.records(kinesis, f"{name}-out")) < len(sent):
        assert time.monotonic() < deadline, agent.stderr[-3000:]
        time.sleep(2)
    assert agent.terminate().code == 0
    arrived = [json.loads(record["Data"]) for record in streams.records(kinesis, f"{name}-out")]
    assert sorted(order["n"] for order in arrived) == list(range(len(sent)))
    assert streams.in_order_per_customer(arrived)


@pytest.mark.parametrize("operation", ["RegisterStreamConsumer", "SubscribeToShard"])
def test_what_refuses_fan_out_is_one_error(operation, with_faults, run, name):
    url = with_faults(f"faults: [{{operation: {operation}, effect: {{error: AccessDeniedException}}}}]")
    streams.create(streams.client(url), name)
    run(pipeline(name, url)).failed_once_with("kinesis_access_denied", operation)


@pytest.mark.parametrize("operation", ["RegisterStreamConsumer", "SubscribeToShard"])
def test_polling_takes_over_where_the_file_says_so_and_says_why(operation, with_faults, run, name, tmp_path):
    url = with_faults(f"faults: [{{operation: {operation}, effect: {{error: AccessDeniedException}}}}]")
    kinesis = streams.client(url)
    streams.create(kinesis, name)
    streams.put_orders(kinesis, name, streams.orders(50))
    ended = run(pipeline(name, url, options=", on_fan_out_failure: poll"), "--until-idle", "1s")
    assert ended.code == 0, ended.stderr
    assert "by polling" in ended.stderr and "AccessDeniedException" in ended.stderr
    assert sorted(order["n"] for order in archived(tmp_path)) == list(range(50))


def test_the_file_is_checked(processes, tmp_path, name):
    for options, text in [(", mode: fan_out", "needs `consumer`"), (", consumer: x", "goes with `mode: fan_out`")]:
        path = tmp_path / "p.yaml"
        path.write_text(f"pipeline: p\nsources: {{a: {{kinesis: {{stream: s{options}}}}}}}\nsinks: {{b: {{discard: {{}}}}}}\n")
        ended = processes("check", path).wait()
        assert ended.code == 78 and text in ended.stderr + ended.stdout
