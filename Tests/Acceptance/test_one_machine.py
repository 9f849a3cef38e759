"""Several agents of one pipeline on one machine, which share its SQLite file."""

import json

import pytest
import streams
from agents import eventually, json_lines

PIPELINE = """
pipeline: {name}
aws: {{endpoint: '{url}', region: us-east-1}}
checkpoints: {{sqlite: {{session_timeout: 10m, heartbeat_frequency: 500ms}}}}
sources:
  orders:
    kinesis: {{stream: {name}, shard_fetch_rate: 5, sleep_time_no_records: 100ms}}
sinks:
  archive:
    file: {{path: '{file}'}}
"""
SHARDS = 6


@pytest.fixture
def fleet(emulator, kinesis, start, processes, name, tmp_path):
    """Starts agents on one state folder. `owners` tells how many shards each of them reads."""
    streams.create(kinesis, name, shards=SHARDS)

    class Fleet:
        agents = []

        def add(self):
            number = len(self.agents)
            text = PIPELINE.format(name=name, url=emulator, file=tmp_path / f"archive-{number}.jsonl")
            (tmp_path / "pipeline.yaml").write_text(text)
            self.agents.append(start(text, name=f"agent-{number}"))
            return self.agents[-1]

        def shares(self):
            command = processes("checkpoints", "list", tmp_path / "pipeline.yaml", "--state", tmp_path / "state", "--format", "json", name="list")
            ended = command.wait(20)
            assert ended.code == 0, ended.stderr
            owners = [json.loads(line).get("owner") for line in ended.stdout.splitlines()]
            return sorted(owners.count(owner) for owner in set(owners) if owner)

        def divide_as(self, *shares):
            told = lambda: f"{self.shares()}:\n" + "\n".join(agent.stderr[-2000:] for agent in self.agents)  # noqa: E731
            eventually(lambda: self.shares() == sorted(shares), told, within=30)

        def received(self):
            return [order["n"] for number in range(len(self.agents)) for order in json_lines(tmp_path / f"archive-{number}.jsonl")]

    fleet = Fleet()
    fleet.agents = []
    return fleet


def test_they_divide_the_shards_and_the_dead_hold_nothing(fleet, kinesis, name):
    fleet.add()
    fleet.divide_as(6)
    second = fleet.add()
    fleet.divide_as(3, 3)
    fleet.add()
    fleet.divide_as(2, 2, 2)
    streams.put_orders(kinesis, name, streams.orders(300))
    eventually(lambda: sorted(fleet.received()) == list(range(300)), "a move of shards lost or repeated something")

    # Its session would last for ten minutes; its process is gone.
    second.kill()
    fleet.divide_as(3, 3)
    streams.put_orders(kinesis, name, streams.orders(300, start=300))
    eventually(lambda: set(fleet.received()) == set(range(600)), "not all records arrived after the kill")
    for agent in fleet.agents:
        if agent is not second:
            assert agent.terminate(20).code == 0
    assert fleet.shares() == []
