"""A relay whose destination stops answering, and takes everything again later."""

import base64
import re
import signal
import time
import urllib.request
from dataclasses import dataclass, field
from functools import partial

import streams
from agents import Process, eventually
from bulk import BATCH, Bulk, fill
from machine import cpu_seconds, most_resident_mebibytes, resident_mebibytes

SHARDS = 16
QUEUE = 10_000
ALLOWED_MEBIBYTES = 64
PIPELINE = """
pipeline: blocked
aws: {{region: us-east-1}}
checkpoints: {{memory: {{}}}}
sources:
  in: {{kinesis: {{stream: in, endpoint: '{source}', processor: {processor}, max_queue_size: {queue},
    shard_fetch_rate: 5, sleep_time_no_records: 100ms}}}}
sinks:
  out: {{kinesis: {{stream: out, endpoint: '{destination}', processor: {processor}, max_queue_size: {queue},
    put_rate_limit_per_shard: 1000000, put_bandwidth_limit_per_shard: 1 GiB}}}}
"""
NUMBERS = re.compile(rb'"k": ?(\d+), ?"n": ?(\d+)')
REFUSE = "faults: [{operation: PutRecords, effect: {fail_records: {fraction: 1.0}}}]"
EVERYTHING_FAILS = "faults: [{operation: PutRecords, effect: {error: ServiceUnavailable}}]"


@dataclass
class Outcome:
    records: int
    size: int
    arrived: int = 0
    repeated: int = 0
    blocked_mebibytes: float = 0
    most_mebibytes: float = 0
    blocked_cpu: float = 0
    drained_in: float = 0
    samples: list = field(default_factory=list)

    @property
    def allowed_mebibytes(self):
        """64 MiB, and the records of both queues."""
        return ALLOWED_MEBIBYTES + QUEUE * self.size / 2**20

    def __str__(self):
        return (
            f"{self.blocked_mebibytes:.0f} MiB resident at most while blocked (allowed: {self.allowed_mebibytes:.0f}), "
            f"{self.most_mebibytes:.0f} MiB ever, {self.blocked_cpu:.1%} of a core while blocked; then {self.arrived:,} of "
            f"{self.records:,} records in {self.drained_in:.1f} s ({self.records / self.drained_in:,.0f}/s, "
            f"{self.records * self.size / 2**20 / self.drained_in:.0f} MiB/s), {self.repeated:,} repeated"
        )


def records_of(size, keys, per_key, together):
    """JSON objects of so many bytes, each key's in order, and so many of them a line each in one record."""
    head = b'{"k": %d, "n": %d, "text": "%b"}'
    filling = b"x" * (size - len(head % (10**6, 10**6, b"")))
    batch = []
    for first in range(0, per_key, together):
        for key in keys:
            lines = [head % (10**6 + key, 10**6 + number, filling) for number in range(first, min(first + together, per_key))]
            batch.append((b"key-%d" % key, base64.b64encode(b"\n".join(lines))))
            if len(batch) * size * together > 4 << 20 or len(batch) == BATCH:
                yield batch
                batch = []
    if batch:
        yield batch


def switch(url, method, body=None):
    urllib.request.urlopen(urllib.request.Request(f"{url}/_kinesis-agent/faults", data=body and body.encode(), method=method)).close()


def relay(folder, records, size, seconds, how, processor="raw", together=1, within=170):
    """`how` the destination is blocked: suspended, refuse or fail."""
    keys = 2_000
    per_key = records // keys
    outcome = Outcome(records=per_key * keys, size=size)
    started = []
    try:

        def emulator(name):
            process = Process(["emulator", "--port", "0", "--memory"], folder, name=name)
            started.append(process)
            return process, eventually(lambda: process.stdout.partition("\n")[0], lambda: process.stderr)

        _, source = emulator("source")
        destination, url = emulator("destination")
        streams.create(streams.client(source), "in", SHARDS)
        streams.create(streams.client(url), "out", SHARDS)
        fill(source, "in", [partial(records_of, size, range(half, keys, 2), per_key, together) for half in (0, 1)])
        (folder / "blocked.yaml").write_text(PIPELINE.format(source=source, destination=url, queue=QUEUE, processor=processor))
        if how == "refuse":
            switch(url, "PUT", REFUSE)
        if how == "fail":
            switch(url, "PUT", EVERYTHING_FAILS)
        agent = Process(["run", folder / "blocked.yaml", "--state", folder / "state", "--until-idle", "2s"], folder)
        started.append(agent)
        if how == "suspended":
            # The stream has to be found before it is silent.
            agent.says("reading shard")
            destination.process.send_signal(signal.SIGSTOP)
        pid = agent.process.pid
        began, cpu = time.monotonic(), cpu_seconds(pid)
        while time.monotonic() < began + seconds:
            assert agent.process.poll() is None, agent.stderr[-3000:]
            outcome.samples.append(resident_mebibytes(pid))
            time.sleep(0.1)
        outcome.blocked_mebibytes = max(outcome.samples)
        outcome.blocked_cpu = (cpu_seconds(pid) - cpu) / seconds
        if how == "suspended":
            destination.process.send_signal(signal.SIGCONT)
        else:
            switch(url, "DELETE")
        released = time.monotonic()
        while agent.process.poll() is None and time.monotonic() < released + within:
            outcome.most_mebibytes = max(outcome.most_mebibytes, most_resident_mebibytes(pid))
            time.sleep(0.05)
        # Less the quiet that it waits for.
        outcome.drained_in = time.monotonic() - released - 2
        assert agent.process.poll() == 0, f"{agent.process.poll()}:\n{agent.stderr[-4000:]}"
        examine(url, outcome)
        return outcome
    finally:
        for process in started:
            process.kill()


def examine(url, outcome):
    seen = set()
    bulk = Bulk(url)
    for shard in streams.shard_ids(streams.client(url), "out"):
        for reply in bulk.pages("out", shard):
            for data in re.findall(rb'"Data": ?"([^"]+)"', reply):
                for pair in NUMBERS.findall(base64.b64decode(data)):
                    outcome.repeated += pair in seen
                    seen.add(pair)
    outcome.arrived = len(seen)
