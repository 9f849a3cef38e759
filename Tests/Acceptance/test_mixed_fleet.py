"""Consumers of async-kinesis and agents share the shards of one group, and each takes over what the other leaves."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
import redis
import streams
from agents import eventually, json_lines

PIPELINE = """
pipeline: {name}
aws: {{endpoint: '{url}', region: us-east-1}}
checkpoints:
  redis: {{url: '{redis}', layout: async-kinesis, session_timeout: 5s, heartbeat_frequency: 1s}}
sources:
  orders:
    kinesis: {{stream: {name}, shard_fetch_rate: 5, sleep_time_no_records: 100ms{more}}}
sinks:
  archive:
    file: {{path: {path}}}
"""
SHARDS = [f"shardId-{number:012}" for number in range(4)]


class PythonConsumer:
    def __init__(self, folder, number, url, redis_url, name, most):
        self.path = folder / f"python-{number}.jsonl"
        self.err = folder / f"python-{number}.stderr"
        host, _, port = redis_url.removeprefix("redis://").partition("/")[0].rpartition(":")
        settings = {"REDIS_HOST": host, "REDIS_PORT": port, "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}
        program = Path(__file__).parent / "async_kinesis_consumer.py"
        with open(self.err, "wb") as err:
            self.process = subprocess.Popen(
                [sys.executable, program, url, name, name, f"python-{number}", str(most), self.path],
                stdout=err,
                stderr=err,
                env=os.environ | settings,
            )

    @property
    def stderr(self):
        return self.err.read_text()[-3000:]

    def kill(self):
        self.process.kill()
        self.process.wait()

    def close(self):
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(20) == 0, self.stderr


class Checkpoints(threading.Thread):
    """Watches the values of the group. `went_back` holds what should never be."""

    def __init__(self, redis_url, name):
        super().__init__(daemon=True)
        self.client = redis.Redis.from_url(redis_url, decode_responses=True)
        self.name = name
        self.highest = {}
        self.went_back = []
        self.ended = threading.Event()
        self.start()

    def value(self, shard):
        text = self.client.get(f"pyredis-{self.name}-{shard}")
        return json.loads(text) if text else {"ref": None, "ts": None, "sequence": None}

    def run(self):
        while not self.ended.wait(0.01):
            for shard in SHARDS:
                value = self.value(shard)
                assert set(value) == {"ref", "ts", "sequence"} and (value["ts"] is None or isinstance(value["ts"], int))
                sequence = int(value["sequence"] or 0)
                if sequence < self.highest.get(shard, 0):
                    self.went_back.append((shard, self.highest[shard], value))
                self.highest[shard] = max(sequence, self.highest.get(shard, 0))

    def owned_by(self, name):
        """The shards whose value names a worker so."""
        return [shard for shard in SHARDS if name in (self.value(shard)["ref"] or "")]

    @property
    def free(self):
        return [shard for shard in SHARDS if self.value(shard)["ref"] is None]

    def stop(self):
        self.ended.set()
        self.join()


class Fleet:
    def __init__(self, start, folder, emulator, redis_url, kinesis, name):
        self.start, self.folder, self.emulator, self.redis_url, self.kinesis, self.name = start, folder, emulator, redis_url, kinesis, name
        self.checkpoints = Checkpoints(redis_url, name)
        self.started = []
        self.paths = []
        self.count = 0

    def python(self, most=0):
        number = len(self.started)
        consumer = PythonConsumer(self.folder, number, self.emulator, self.redis_url, self.name, most)
        self.started.append(consumer)
        self.paths.append(consumer.path)
        return consumer

    def agent(self, most=0):
        number = len(self.started)
        path = self.folder / f"agent-{number}.jsonl"
        more = f", max_shard_consumers: {most}" if most else ""
        text = PIPELINE.format(name=self.name, url=self.emulator, redis=self.redis_url, path=path, more=more)
        agent = self.start(text, name=f"agent-{number}", state=self.folder / f"state-{number}")
        self.started.append(agent)
        self.paths.append(path)
        return agent

    def received(self):
        return [order for path in self.paths for order in json_lines(path)]

    def put(self, count=200):
        streams.put_orders(self.kinesis, self.name, streams.orders(count, start=self.count))
        self.count += count

    def all_arrive(self, within=40):
        def missing():
            return set(range(self.count)) - {order["n"] for order in self.received()}

        eventually(lambda: not missing(), lambda: f"{len(missing())} of {self.count} are missing:\n{self.told()}", within)

    def told(self):
        values = {shard: self.checkpoints.value(shard) for shard in SHARDS}
        return f"{values}\n" + "\n".join(one.stderr[-1500:] for one in self.started)

    def owns(self, name, count, within=40):
        eventually(lambda: len(self.checkpoints.owned_by(name)) == count, lambda: f"{name} has not {count}:\n{self.told()}", within)


@pytest.fixture
def fleet(start, tmp_path, emulator, redis_url, kinesis, name):
    streams.create(kinesis, name, shards=len(SHARDS))
    fleet = Fleet(start, tmp_path, emulator, redis_url, kinesis, name)
    yield fleet
    fleet.checkpoints.stop()
    for one in fleet.started:
        if isinstance(one, PythonConsumer) and one.process.poll() is None:
            one.kill()


def test_each_takes_over_what_the_other_leaves(fleet):
    python = fleet.python(most=2)
    fleet.owns("python", 2)
    agent = fleet.agent()
    fleet.put()
    fleet.all_arrive()
    eventually(lambda: not fleet.checkpoints.free, lambda: f"a shard is free:\n{fleet.told()}")
    assert len(fleet.checkpoints.owned_by("python")) == 2
    assert json_lines(python.path) and len(json_lines(python.path)) < fleet.count, "both have read"

    # Python dies without a word, ours goes on where it was.
    python.kill()
    fleet.put()
    fleet.all_arrive()
    assert len(fleet.checkpoints.owned_by("python")) == 0

    # Ours dies in the same way.
    python = fleet.python()
    agent.kill()
    fleet.put()
    fleet.all_arrive()
    fleet.owns("python", 4)

    # Python closes, and ours takes its shards at once.
    agent = fleet.agent()
    time.sleep(2)
    python.close()
    fleet.owns("python", 0)
    fleet.put()
    fleet.all_arrive()
    eventually(lambda: not fleet.checkpoints.free, lambda: f"a shard is free:\n{fleet.told()}")
    before = len(fleet.received())

    # Ours drains, and Python goes on right behind its last record.
    python = fleet.python()
    assert agent.terminate(20).code == 0
    fleet.owns("python", 4)
    fleet.put()
    fleet.all_arrive()
    repeated = len(fleet.received()) - before - 200
    assert repeated == 0, f"{repeated} records were read twice across a drain"
    python.close()
    assert not fleet.checkpoints.went_back
    assert fleet.checkpoints.free == SHARDS


def test_an_agent_lets_a_python_consumer_that_came_back_to_life_have_nothing(fleet):
    python = fleet.python()
    fleet.owns("python", 4)
    fleet.put()
    fleet.all_arrive()
    agent = fleet.agent()
    # A zombie: it is stopped past its session, and then writes its heartbeats and checkpoints over those of the new owner.
    python.process.send_signal(signal.SIGSTOP)
    fleet.put()
    fleet.all_arrive()
    before = dict(fleet.checkpoints.highest)
    python.process.send_signal(signal.SIGCONT)
    time.sleep(3)
    python.kill()
    fleet.put()
    fleet.all_arrive()
    fleet.owns("python", 0)
    # Whatever it has written over them for a moment: the positions are back, and further.
    for shard in SHARDS:
        assert int(fleet.checkpoints.value(shard)["sequence"]) >= before[shard]
    assert agent.terminate(20).code == 0
    for shard in SHARDS:
        last = int(fleet.checkpoints.value(shard)["sequence"])
        # The watcher looks now and then: it may have yet to see the last one.
        eventually(lambda shard=shard, last=last: fleet.checkpoints.highest[shard] >= last, "the watcher to see the last position")
        assert last == fleet.checkpoints.highest[shard]
