"""Reading through everything that a stream may answer, and from where it was to begin."""

import json
import signal
import time
import urllib.request
import uuid
from collections import Counter

import pytest
import redis
import streams
from agents import eventually, json_lines
from measure_order import Resharding

PIPELINE = """
pipeline: {name}
aws: {{endpoint: '{url}', region: us-east-1}}
checkpoints: {{sqlite: {{session_timeout: 3s, heartbeat_frequency: 500ms}}}}
sources: {{orders: {{kinesis: {{stream: {name}, shard_fetch_rate: 5, sleep_time_no_records: 100ms{options}}}}}}}
sinks: {{archive: {{file: {{path: archive.jsonl}}}}}}
"""
FAULTS = [
    {"operation": "GetRecords", "every": 7, "effect": {"error": "ExpiredIteratorException"}},
    {"operation": "GetRecords", "every": 11, "effect": {"error": "ProvisionedThroughputExceededException"}},
    {"operation": "GetRecords", "every": 13, "effect": {"error": "InternalFailure"}},
    {"operation": "GetRecords", "probability": 0.05, "effect": {"cut": "body"}},
    {"operation": "GetRecords", "probability": 0.3, "effect": "empty"},
    {"operation": "GetRecords", "probability": 0.5, "effect": "omit_children"},
    {"operation": "GetShardIterator", "every": 3, "effect": {"error": "ProvisionedThroughputExceededException"}},
    {"operation": "ListShards", "probability": 0.3, "effect": "stale"},
    {"operation": "ListShards", "every": 4, "effect": {"error": "LimitExceededException"}},
]


def faults(url, rules):
    body = json.dumps({"seed": 1, "faults": rules}).encode()
    urllib.request.urlopen(urllib.request.Request(f"{url}/_kinesis-agent/faults", data=body, method="PUT")).close()


@pytest.fixture
def pipeline(emulator, name):
    def pipeline(options=""):
        return PIPELINE.format(name=name, url=emulator, options=options)

    return pipeline


@pytest.fixture
def archived(tmp_path):
    return lambda: json_lines(tmp_path / "archive.jsonl")


def numbers(these):
    return sorted(order["n"] for order in these)


def test_each_record_comes_once_and_in_order_through_whatever_fails(emulator, kinesis, start, pipeline, archived, name):
    streams.create(kinesis, name, shards=4)
    faults(emulator, FAULTS)
    resharding = Resharding(emulator, name, every=0.5, seed=3)
    resharding.start()
    agent = start(pipeline(", record_limit: 40"))
    for part in range(10):
        streams.put_orders(kinesis, name, streams.orders(300, start=300 * part))
        time.sleep(0.3)
    resharding.halt.set()
    resharding.join()
    assert resharding.splits and resharding.merges
    eventually(lambda: len(archived()) >= 3_000, lambda: f"{len(archived())} of 3000:\n{agent.stderr[-3000:]}", 60)
    assert agent.terminate(30).code == 0
    assert numbers(archived()) == list(range(3_000))
    assert streams.in_order_per_customer(archived())


def test_latest_is_settled_at_the_first_start(kinesis, start, pipeline, archived, name):
    """A crash before the first record was seen forgets nothing that came after the start."""
    streams.create(kinesis, name, shards=2)
    streams.put_orders(kinesis, name, streams.orders(50))
    time.sleep(2)  # LATEST begins up to a second early.
    agent = start(pipeline(", iterator_type: LATEST"))
    agent.says("reading shard.*\n.*reading shard")
    agent.kill()
    streams.put_orders(kinesis, name, streams.orders(50, start=50))
    kinesis.split_shard(StreamName=name, ShardToSplit="shardId-000000000000", NewStartingHashKey=str(2**126))
    streams.put_orders(kinesis, name, streams.orders(50, start=100))
    agent = start(pipeline(", iterator_type: LATEST"))
    eventually(lambda: len(archived()) >= 100, lambda: f"{len(archived())} of 100:\n{agent.stderr[-3000:]}")
    assert agent.terminate().code == 0
    assert numbers(archived()) == list(range(50, 150))


def test_children_born_while_an_agent_reads_the_latest_are_read_from_their_beginnings(kinesis, start, pipeline, archived, name):
    streams.create(kinesis, name, shards=1)
    agent = start(pipeline(", iterator_type: LATEST"))
    agent.says("reading shard")
    kinesis.split_shard(StreamName=name, ShardToSplit="shardId-000000000000", NewStartingHashKey=str(2**127))
    streams.put_orders(kinesis, name, streams.orders(200))
    eventually(lambda: len(archived()) >= 200, lambda: f"{len(archived())} of 200:\n{agent.stderr[-3000:]}")
    assert agent.terminate().code == 0
    assert numbers(archived()) == list(range(200))


def test_a_timestamp_is_where_reading_begins(kinesis, run, pipeline, archived, name):
    streams.create(kinesis, name, shards=2)
    streams.put_orders(kinesis, name, streams.orders(50))
    time.sleep(1.1)
    moment = time.time()
    time.sleep(0.2)
    streams.put_orders(kinesis, name, streams.orders(50, start=50))
    ended = run(pipeline(f", iterator_type: AT_TIMESTAMP, timestamp: {moment:.3f}"), "--until-idle", "1s")
    assert ended.code == 0, ended.stderr
    assert numbers(archived()) == list(range(50, 100))


def test_a_stream_that_was_created_anew_is_not_read_from_the_old_positions(kinesis, run, pipeline, archived, name):
    def create():
        streams.create(kinesis, name, shards=2)
        streams.put_orders(kinesis, name, streams.orders(20))

    create()
    assert run(pipeline(), "--until-idle", "1s").code == 0
    kinesis.delete_stream(StreamName=name)
    kinesis.get_waiter("stream_not_exists").wait(StreamName=name)
    create()
    run(pipeline(), "--until-idle", "1s").failed_once_with("stream_recreated", name)
    assert run(pipeline(", on_recreated: start_over"), "--until-idle", "1s").code == 0
    assert numbers(archived()) == sorted(list(range(20)) * 2)


def test_more_shards_than_one_page_lists_are_all_read(kinesis, run, pipeline, archived, name):
    streams.create(kinesis, name, shards=1_100)
    streams.put_orders(kinesis, name, streams.orders(3_000, keys=3_000))
    patient = pipeline().replace("shard_fetch_rate: 5, sleep_time_no_records: 100ms", "sleep_time_no_records: 2s")
    ended = run(patient.replace("session_timeout: 3s, heartbeat_frequency: 500ms", ""), "--until-idle", "3s", within=100)
    assert ended.code == 0, ended.stderr
    assert numbers(archived()) == list(range(3_000))


RELAY = """
pipeline: {name}
aws: {{region: us-east-1}}
checkpoints: {{redis: {{url: '{redis}', session_timeout: 2s, heartbeat_frequency: 500ms}}}}
sources:
  orders: {{kinesis: {{stream: {name}, endpoint: '{url}', shard_fetch_rate: 5, sleep_time_no_records: 100ms, max_queue_size: 50}}}}
sinks: {{out: {{kinesis: {{stream: {name}, endpoint: '{destination}', max_queue_size: 50}}}}}}
"""


def test_leases_outlive_a_sink_that_takes_nothing(emulator, kinesis, processes, start, redis_url):
    """Renewals wait for no record: three sessions of silence at the sink lose no lease."""
    name = f"t{uuid.uuid4().hex[:12]}"
    other = processes("emulator", "--port", "0", "--memory", name="destination")
    destination = eventually(lambda: other.stdout.partition("\n")[0], lambda: other.stderr)
    out = streams.client(destination)
    streams.create(kinesis, name, shards=4)
    streams.create(out, name, shards=4)
    text = RELAY.format(name=name, redis=redis_url, url=emulator, destination=destination)
    agents = [start(text, state=f"state-{number}", name=f"agent-{number}") for number in (1, 2)]
    for agent in agents:
        agent.says("reading shard")
    # Both have their share before the silence: what is asked for meanwhile is taken by force in the end.
    rows = redis.Redis.from_url(redis_url, decode_responses=True)

    def shares():
        owners = Counter(rows.hget(key, "owner") for key in rows.scan_iter(f"{{kinesis-agent:{name}:*}}:lease:*"))
        return sorted(owners.values()) == [2, 2] and None not in owners

    eventually(shares, "the shards are not shared")
    other.process.send_signal(signal.SIGSTOP)
    streams.put_orders(kinesis, name, streams.orders(1_000))
    time.sleep(6)
    other.process.send_signal(signal.SIGCONT)

    def arrived():
        return [json.loads(record["Data"]) for record in streams.records(out, name)]

    eventually(
        lambda: len(streams.first_arrivals(arrived())) >= 1_000, lambda: f"{len(arrived())} of 1000:\n{agents[0].stderr[-2000:]}", 60
    )
    for agent in agents:
        assert agent.terminate(30).code == 0
        assert "lost leases" not in agent.stderr and "ran out" not in agent.stderr, agent.stderr[-3000:]
    # A request without an answer is sent again after seconds.
    assert numbers(streams.first_arrivals(arrived())) == list(range(1_000))
