"""Agents of one pipeline, on one stream and one Redis, that can be hurt one by one."""

import re
import signal
import time
import urllib.request
import uuid
from dataclasses import dataclass

import streams
from agents import Process, eventually
from redis_server import RedisServer

from chaos.deliveries import Deliveries
from chaos.lease_watch import LeaseWatch
from chaos.load import Load

# Decoded and marked, or as it is: the two ways through the agent.
STEPS = {"json": "transforms: {{marked: {{steps: [{{set: {{by: '\"{agent}\"'}}}}]}}}}\n", "raw": ""}
PIPELINE = """
pipeline: {name}
aws: {{endpoint: '{url}', region: us-east-1}}
checkpoints: {{{store}, session_timeout: {session}s, heartbeat_frequency: {heartbeat}s}}}}
sources:
  source: {{kinesis: {{stream: {name}-in, processor: {processor}, shard_fetch_rate: 5, sleep_time_no_records: 200ms}}}}
sinks:
  destination: {{kinesis: {{stream: {name}-out, processor: {processor}, buffer_time: 50ms,
    put_rate_limit_per_shard: 1000000, put_bandwidth_limit_per_shard: 1 GiB}}}}
"""


@dataclass(frozen=True)
class Event:
    # Seconds since 1970.
    at: float
    what: str
    subject: str = ""


class Agent:
    """A place in the fleet, with a state folder of its own; the process in it comes and goes."""

    def __init__(self, fleet, number):
        self.fleet, self.name, self.starts, self.process = fleet, f"agent-{number}", 0, None

    @property
    def is_running(self):
        return self.process is not None and self.process.process.poll() is None

    def start(self):
        self.starts += 1
        steps = STEPS[self.fleet.processor].format(agent=self.name)
        path = self.fleet.folder / f"{self.name}.yaml"
        path.write_text(PIPELINE.format(**self.fleet.settings) + steps)
        arguments = ["run", path, "--state", self.fleet.folder / f"state-{self.name}"]
        self.process = Process(arguments, self.fleet.folder, name=f"{self.name}.{self.starts}")
        self.fleet.processes.append(self.process)

    def kill(self):
        self.process.kill()

    def suspend(self):
        self.process.process.send_signal(signal.SIGSTOP)

    def resume(self):
        self.process.process.send_signal(signal.SIGCONT)

    def leave(self):
        """As a deployment would end it; it takes the time that it needs."""
        # Before that nothing listens to signals yet.
        self.process.says("pipeline started", within=60)
        ended = self.process.terminate(within=120)
        assert ended.code == 0, f"{self.name} drained with code {ended.code}:\n{ended.stderr[-4000:]}"


class Fleet:
    """Everything that a scenario needs, from the stream to the watchers. Use it as a context."""

    def __init__(
        self, folder, *, seed, agents=3, shards=16, session=4, heartbeat=1, rate=1_000, keys=1_000, processor="json", store="redis"
    ):
        self.folder, self.processor, self.name = folder, processor, f"chaos-{uuid.uuid4().hex[:8]}"
        self.events, self.processes = [], []
        self.emulator = Process(["emulator", "--port", "0", "--memory"], folder, name="emulator")
        self.url = eventually(lambda: self.emulator.stdout.partition("\n")[0], lambda: f"no URL:\n{self.emulator.stderr}")
        self.redis = RedisServer(folder)
        self.session = session
        # Processes of one machine can share a file as well.
        stores = {"redis": f"redis: {{url: '{self.redis.url}'", "sqlite": f"sqlite: {{path: '{folder / 'leases.sqlite'}'"}
        self.settings = {
            "name": self.name,
            "url": self.url,
            "store": stores[store],
            "session": session,
            "heartbeat": heartbeat,
            "processor": processor,
        }
        kinesis = streams.client(self.url)
        self.source, self.destination = f"{self.name}-in", f"{self.name}-out"
        streams.create(kinesis, self.source, shards)
        streams.create(kinesis, self.destination, shards)
        self.load = Load(self.url, self.source, rate, keys, seed)
        self.deliveries = Deliveries(self.url, self.destination)
        self.leases = LeaseWatch(self.redis.port, self.name)
        self.agents = [Agent(self, number) for number in range(1, agents + 1)]

    def __enter__(self):
        for agent in self.agents:
            agent.start()
        for watcher in (self.deliveries, self.leases, self.load):
            watcher.start()
        return self

    def __exit__(self, *_):
        self.load.halt.set()
        self.deliveries.halt.set()
        self.leases.halt.set()
        for process in [*self.processes, self.emulator]:
            if process.process.poll() is None:
                process.kill()
        self.redis.end()

    def note(self, what, subject=""):
        self.events.append(Event(time.time(), what, subject))

    def faults(self, rules):
        """Has the service fail from now on."""
        body = rules.format(name=self.name).encode()
        urllib.request.urlopen(urllib.request.Request(f"{self.url}/_kinesis-agent/faults", data=body, method="PUT")).close()

    def is_shared(self):
        """Every agent that runs has been given shards."""
        return all("reading shard" in agent.process.stderr for agent in self.agents if agent.is_running)

    def settle(self, within=180):
        """Ends the load, and waits until all of it has arrived. Returns what the source has acknowledged, and all deliveries."""
        counts = self.load.finish()
        total = sum(counts.values())

        def arrived():
            assert not self.deliveries.failure, self.deliveries.failure
            return len(self.deliveries.first) >= total

        def state():
            return f"{total - len(self.deliveries.first)} of {total} records have not arrived; held: {self.leases.held()}"

        try:
            eventually(arrived, state, within)
        except AssertionError as failure:
            self.note(str(failure))
        for agent in self.agents:
            if agent.is_running:
                agent.leave()
        self.leases.finish()
        return counts, self.deliveries.finish()

    def crashed(self):
        """What ended otherwise than by a drain or by our hand. An agent that starts while Redis is away says so and ends."""
        ended = [process for process in self.processes if process.process.poll() not in (None, 0, -signal.SIGKILL)]
        return [
            f"{process.err.name} ended with {process.process.returncode}:\n{process.stderr[-2000:]}"
            for process in ended
            if "pipeline started" in process.stderr or "error[redis_unreachable]" not in process.stderr
        ]

    def log_lines(self, pattern):
        """How often the agents have said something."""
        return sum(len(re.findall(pattern, process.stderr)) for process in self.processes)
