"""What an agent needs and does not have is one clear error at its start."""

import json
import socket

import pytest
from agents import eventually

PIPELINE = """
pipeline: {name}
aws: {{endpoint: '{url}'}}
checkpoints: {checkpoints}
sources:
  orders:
    kinesis: {{stream: orders}}
sinks:
  nowhere: {{discard: {{}}}}
"""


@pytest.fixture
def closed_port():
    """A port of this machine on which nobody listens."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield held.getsockname()[1]


def test_redis_that_is_down(closed_port, emulator, run, name):
    ended = run(PIPELINE.format(name=name, url=emulator, checkpoints=f"{{redis: {{url: 'redis://127.0.0.1:{closed_port}/0'}}}}"))
    ended.failed_once_with("redis_unreachable", f"127.0.0.1:{closed_port}")


def test_redis_that_refuses_the_password(redis_url, emulator, run, name):
    url = redis_url.replace("redis://", "redis://nobody:hunter2@")
    ended = run(PIPELINE.format(name=name, url=emulator, checkpoints=f"{{redis: {{url: '{url}'}}}}"))
    ended.failed_once_with("redis_refused", "127.0.0.1")
    assert "hunter2" not in ended.stderr


def test_a_stream_that_is_missing(emulator, run, name):
    ended = run(PIPELINE.format(name=name, url=emulator, checkpoints="{memory: {}}"))
    ended.failed_once_with("kinesis_not_found", "orders")


def test_credentials_that_are_missing(run, name):
    nothing = {"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": "", "AWS_EC2_METADATA_DISABLED": "true"}
    pipeline = PIPELINE.format(name=name, url="", checkpoints="{memory: {}}").replace("aws: {endpoint: ''}\n", "")
    ended = run(pipeline, environment=nothing, within=20)
    ended.failed_once_with("kinesis_no_credentials", "AWS_ACCESS_KEY_ID")


def test_an_endpoint_where_nobody_listens_is_told_while_it_is_tried_again(closed_port, start, name):
    agent = start(PIPELINE.format(name=name, url=f"http://127.0.0.1:{closed_port}", checkpoints="{memory: {}}"))
    eventually(lambda: f"127.0.0.1:{closed_port}" in agent.stderr, lambda: f"not a word about it:\n{agent.stderr}", within=30)


def test_a_state_folder_that_another_agent_uses(start, run, name, tmp_path):
    pipeline = PIPELINE.format(name=name, url="embedded", checkpoints="{memory: {}}")
    first = start(pipeline)
    first.says("reading shard")
    second = run(pipeline, within=20)
    second.failed_once_with("state_in_use", str(first.process.pid))
    assert "kinesis-agent emulator" in second.stderr
    assert first.terminate().code == 0


def test_log_lines_for_machines_are_json(start, name):
    agent = start(PIPELINE.format(name=name, url="embedded", checkpoints="{memory: {}}"), "--log-format", "json")
    agent.says("reading shard")
    ended = agent.terminate()
    lines = [json.loads(line) for line in ended.stderr.splitlines()]
    assert {"time", "level", "message"} <= set.intersection(*(set(line) for line in lines))
    reading = next(line for line in lines if line["message"] == "reading shard")
    assert reading["pipeline"] == name and reading["shard"].startswith("shardId-")
