"""How far an agent goes: its limit of shards, and the records inside an aggregate."""

import json
import time
from collections import Counter

import pytest
import redis
import streams
from agents import eventually
from aws_kinesis_agg.aggregator import RecordAggregator

LIMITED = """
pipeline: {name}
aws: {{endpoint: '{url}', region: us-east-1}}
checkpoints: {{redis: {{url: '{redis}', session_timeout: 3s, heartbeat_frequency: 500ms}}}}
sources: {{orders: {{kinesis: {{stream: {name}, max_shard_consumers: 3, shard_fetch_rate: 5, sleep_time_no_records: 100ms}}}}}}
sinks: {{nowhere: {{discard: {{}}}}}}
"""


def test_no_agent_takes_more_shards_than_it_may(emulator, kinesis, start, redis_url, name):
    streams.create(kinesis, name, shards=8)
    rows = redis.Redis.from_url(redis_url, decode_responses=True)
    agents = []

    def another():
        text = LIMITED.format(name=name, url=emulator, redis=redis_url)
        agents.append(start(text, state=f"state-{len(agents)}", name=f"agent-{len(agents)}"))

    def held():
        owners = Counter()
        for key in rows.scan_iter(f"{{kinesis-agent:{name}:*}}:lease:*", count=1_000):
            owner, expiry = rows.hmget(key, "owner", "expiry")
            if owner and int(expiry) > time.time() * 1_000:
                owners[owner] += 1
        assert max(owners.values(), default=0) <= 3, owners
        return sorted(owners.values())

    def state():
        return f"held: {held()}"

    another()
    eventually(lambda: held() == [3], state)
    another()
    eventually(lambda: held() == [3, 3], state)
    # Those that nobody may take are no loss, and the third agent is there for them.
    another()
    eventually(lambda: sum(held()) == 8 and len(held()) == 3, state)
    agents[0].kill()
    eventually(lambda: held() == [3, 3], state)


OPENED = """
pipeline: {name}
aws: {{region: us-east-1}}
checkpoints: {{sqlite: {{session_timeout: 3s, heartbeat_frequency: 500ms}}}}
sources: {{in: {{kinesis: {{stream: {name}, endpoint: '{url}', processor: json, shard_fetch_rate: 5, sleep_time_no_records: 100ms}}}}}}
sinks: {{out: {{kinesis: {{stream: {name}, endpoint: '{destination}', processor: json, buffer_time: 20ms, max_queue_size: 100}}}}}}
"""
AGGREGATES, TOGETHER = 4, 1_000


@pytest.mark.parametrize("ending", ["kill", "terminate"])
def test_an_aggregate_is_resumed_in_its_middle(ending, emulator, kinesis, processes, start, name):
    """The destination takes 1,000 records a second, an aggregate holds as many: each ending falls into the middle of one."""
    slow = processes("emulator", "--port", "0", "--memory", "--quotas", name="slow")
    destination = eventually(lambda: slow.stdout.partition("\n")[0], lambda: slow.stderr)
    out = streams.client(destination)
    streams.create(kinesis, name, shards=1)
    streams.create(out, name, shards=1)
    for aggregate in range(AGGREGATES):
        aggregator = RecordAggregator()
        for n in range(aggregate * TOGETHER, (aggregate + 1) * TOGETHER):
            assert aggregator.add_user_record(f"key-{n % 50}", json.dumps({"n": n}).encode()) is None
        key, _, data = aggregator.clear_and_get().get_contents()
        kinesis.put_record(StreamName=name, PartitionKey=key, Data=data)
    text = OPENED.format(name=name, url=emulator, destination=destination)

    place = out.get_shard_iterator(StreamName=name, ShardId="shardId-000000000000", ShardIteratorType="TRIM_HORIZON")["ShardIterator"]
    found = []

    def arrived():
        nonlocal place
        time.sleep(0.25)  # Five reads a second are allowed.
        reply = out.get_records(ShardIterator=place)
        place = reply["NextShardIterator"]
        found.extend((record["PartitionKey"], json.loads(record["Data"])["n"]) for record in reply["Records"])
        return len({n for _, n in found})

    for part in range(3):
        agent = start(text)
        before = arrived()
        eventually(lambda: arrived() >= min(before + TOGETHER // 2, AGGREGATES * TOGETHER), lambda: f"{arrived()}:\n{agent.stderr[-3000:]}")
        getattr(agent, ending)()
    agent = start(text)
    eventually(lambda: arrived() == AGGREGATES * TOGETHER, lambda: f"{arrived()} have arrived:\n{agent.stderr[-3000:]}", 40)
    assert agent.terminate().code == 0
    arrived()

    repeated = len(found) - AGGREGATES * TOGETHER
    print(f"{ending}: {repeated} repeated")
    assert all(key == f"key-{n % 50}" for key, n in found)
    first = list(dict.fromkeys(n for _, n in found))
    for key in range(50):
        assert [n for n in first if n % 50 == key] == list(range(key, AGGREGATES * TOGETHER, 50))
    if ending == "terminate":
        assert not repeated
