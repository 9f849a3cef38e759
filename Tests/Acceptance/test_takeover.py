"""Two agents share the shards of a stream by Redis, and one takes over what the other leaves."""

import json
import re
import time

import pytest
import streams
from agents import eventually, json_lines

PIPELINE = """
pipeline: {name}
aws: {{endpoint: '{url}', region: us-east-1}}
checkpoints:
  redis: {{url: '{redis}', session_timeout: 4s, heartbeat_frequency: 1s}}
sources:
  orders:
    kinesis: {{stream: {name}, shard_fetch_rate: 5, sleep_time_no_records: 100ms}}
sinks:
  archive:
    file: {{path: {file}}}
"""
SESSION_TIMEOUT = 4


@pytest.fixture
def two_agents(emulator, redis_url, kinesis, start, name):
    streams.create(kinesis, name, shards=4)

    def agent(number):
        text = PIPELINE.format(name=name, url=emulator, redis=redis_url, file=f"archive-{number}.jsonl")
        return start(text, state=f"state-{number}", name=f"agent-{number}")

    first = agent(1)
    eventually(lambda: len(shards_of(first)) == 4, lambda: f"the first agent has {shards_of(first)}:\n{first.stderr}")
    second = agent(2)
    eventually(lambda: len(shards_of(second)) == 2, lambda: f"the second agent has {shards_of(second)}:\n{second.stderr}")
    return first, second


def shards_of(agent):
    """Every shard that an agent says it began to read."""
    return set(re.findall(r"reading shard .*shard=(shardId-\d+)", agent.stderr))


def archived(tmp_path):
    return json_lines(tmp_path / "archive-1.jsonl") + json_lines(tmp_path / "archive-2.jsonl")


def numbers(orders):
    return {order["n"] for order in orders}


def test_the_shards_divide_and_survive_a_kill(two_agents, kinesis, name, tmp_path):
    first, second = two_agents
    streams.put_orders(kinesis, name, streams.orders(400))
    eventually(lambda: len(numbers(archived(tmp_path))) == 400, "not all records arrived while both agents ran")
    assert json_lines(tmp_path / "archive-1.jsonl") and json_lines(tmp_path / "archive-2.jsonl")

    second.kill()
    killed = time.monotonic()
    streams.put_orders(kinesis, name, streams.orders(400, start=400))
    eventually(
        lambda: len(numbers(archived(tmp_path))) == 800,
        lambda: f"{len(numbers(archived(tmp_path)))} of 800 records:\n{first.stderr[-3000:]}",
        within=SESSION_TIMEOUT + 5,
    )
    assert time.monotonic() - killed < SESSION_TIMEOUT + 5
    assert first.terminate().code == 0


def test_an_agent_that_leaves_hands_its_shards_over_at_once(two_agents, kinesis, name, tmp_path):
    first, second = two_agents
    streams.put_orders(kinesis, name, streams.orders(400))
    eventually(lambda: len(numbers(archived(tmp_path))) == 400, "not all records arrived while both agents ran")
    assert second.terminate().code == 0
    streams.put_orders(kinesis, name, streams.orders(400, start=400))
    eventually(lambda: len(archived(tmp_path)) >= 800, lambda: f"too few records:\n{first.stderr[-3000:]}")
    assert first.terminate().code == 0
    assert sorted(order["n"] for order in archived(tmp_path)) == list(range(800)), "a drain must not repeat a record"
