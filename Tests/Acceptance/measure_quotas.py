"""Relays a backlog into a stream that enforces AWS's limits: how near the relay comes to them, and how much of what it sends is refused.

    KINESIS_AGENT_BINARY=.build/release/kinesis-agent python3 Tests/Acceptance/measure_quotas.py [--seconds 20] [--only 'plain 200 B']

The source is a stream of another emulator without limits. What the destination answers is counted by a proxy before it, so that the
agent's own opinion does not matter.
"""

import argparse
import base64
import hashlib
import json
import multiprocessing
import random
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import streams
from agents import Process, eventually
from bulk import BATCH, Bulk, fill
from counting_proxy import CountingProxy
from machine import cpu_seconds, machine, resident_mebibytes

SHARDS = 16
KEYS = 20_000
PIPELINE = """
pipeline: quotas
aws: {{region: us-east-1}}
checkpoints: {{memory: {{}}}}
sources:
  in: {{kinesis: {{stream: in, endpoint: '{source}', processor: {reading}, shard_fetch_rate: 5, sleep_time_no_records: 100ms}}}}
sinks:
  out: {{kinesis: {{stream: out, endpoint: '{destination}', processor: {writing}}}}}
"""


@dataclass(frozen=True)
class Case:
    name: str
    # Bytes of a user record.
    size: int
    reading: str = "raw"
    writing: str = "raw"
    # User records in a record of the source.
    together: int = 1
    # Records a second that somebody else writes into the first shard.
    rival: int = 0
    # Bytes of a partition key; a UUID has 36.
    key_size: int = 9

    @property
    def limit(self):
        """User records a second that the quotas let through: the nearer of both limits. Keys count as bytes."""
        if self.writing == "kpl_json":
            return SHARDS * 6_000  # six times the plain rate: what is asked for
        return SHARDS * min(1_000, 1_048_576 / (self.size + self.key_size))


CASES = [
    Case("plain 200 B", 200),
    Case("plain 1,000 B", 1_000),
    Case("1,000 B, UUIDs", 1_000, key_size=36),
    Case("plain 1,200 B", 1_200),
    Case("kpl_json 100 B", 100, "json_lines", "kpl_json", together=100),
    Case("200 B, a rival", 200, rival=500),
]


def plain(half, count, case):
    chosen = random.Random(half)
    data = base64.b64encode(chosen.randbytes(case.size))
    for _ in range(count // 2 // BATCH):
        yield [((b"key-%05d" % chosen.randrange(KEYS)).ljust(case.key_size, b"-"), data) for _ in range(BATCH)]


def lines(half, count, case):
    """Records of JSON lines."""
    chosen = random.Random(half)
    done = 0
    while done < count // 2:
        batch = []
        for _ in range(20):
            key = chosen.randrange(KEYS)
            head = f'{{"k":"key-{key:05}","n":{done},"note":"'
            line = head + "x" * (case.size - len(head) - 2) + '"}\n'
            batch.append((b"key-%05d" % key, base64.b64encode(line.encode() * case.together)))
            done += case.together
        yield batch


def rival(url, rate, ends, counts):
    """Writes small records into the first shard, and counts what was taken and what was refused."""
    width = 2**128 // SHARDS
    key = next(key for key in map(str, range(10**6)) if int(hashlib.md5(key.encode()).hexdigest(), 16) < width)
    entry = b'{"PartitionKey":"%b","Data":"%b"}' % (key.encode(), base64.b64encode(b"r" * 200))
    bulk, per_request = Bulk(url), max(1, rate // 20)
    body = b'{"StreamName":"out","Records":[%b]}' % b",".join([entry] * per_request)
    due = time.monotonic()
    while not ends.is_set():
        refused = json.loads(bulk.call("PutRecords", body))["FailedRecordCount"]
        counts[0] += per_request - refused
        counts[1] += refused
        due += per_request / rate
        time.sleep(max(0, due - time.monotonic()))


@contextmanager
def beside(url, rate):
    """The rival's process, where there is one."""
    context = multiprocessing.get_context("fork")
    ends, counts = context.Event(), context.Array("Q", 2)
    process = context.Process(target=rival, args=(url, rate, ends, counts)) if rate else None
    if process:
        process.start()
    yield counts
    if process:
        ends.set()
        process.join()


@contextmanager
def emulator(folder, name, *options):
    process = Process(["emulator", "--port", "0", "--memory", *options], folder, name=name)
    try:
        yield process, eventually(lambda: process.stdout.partition("\n")[0], lambda: process.stderr)
    finally:
        process.kill()


def user_records(aggregate):
    """How many records an aggregate holds: the fields of number 3 between its magic and its checksum."""
    at, end, count = 4, len(aggregate) - 16, 0
    while at < end:
        tag, at = aggregate[at], at + 1
        length = shift = 0
        while True:
            byte, at = aggregate[at], at + 1
            length |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                break
        at += length
        count += tag == 0x1A
    return count


def users_in_a_record(kinesis):
    """How many user records a record of the destination holds, by the first of some of its shards."""
    found = []
    for shard in streams.shard_ids(kinesis, "out")[:4]:
        place = kinesis.get_shard_iterator(StreamName="out", ShardId=shard, ShardIteratorType="TRIM_HORIZON")["ShardIterator"]
        found += kinesis.get_records(ShardIterator=place, Limit=200)["Records"]
    return sum(user_records(record["Data"]) for record in found) / len(found)


def measure(folder, case, seconds):
    # Some shards get a tenth less than others: theirs has to last, too.
    backlog = int(case.limit * (seconds + 6) * (1.8 if case.writing == "kpl_json" else 1.2))
    with emulator(folder, "source") as (_, source), emulator(folder, "destination", "--quotas") as (destination, url):
        streams.create(streams.client(source), "in", SHARDS)
        kinesis = streams.client(url)
        streams.create(kinesis, "out", SHARDS)
        fill(source, "in", [partial(lines if case.together > 1 else plain, half, backlog, case) for half in (0, 1)])
        with CountingProxy(url, by_shard=bool(case.rival)) as proxy, beside(url, case.rival) as rival_counts:
            text = PIPELINE.format(source=source, destination=proxy.url, reading=case.reading, writing=case.writing)
            (folder / "quotas.yaml").write_text(text)
            agent = Process(["run", folder / "quotas.yaml", "--state", folder / "state"], folder)
            eventually(lambda: sum(proxy.taken), lambda: agent.stderr)
            cpu, began = cpu_seconds(agent.process.pid), time.monotonic()
            time.sleep(seconds + 4)
            cpu = (cpu_seconds(agent.process.pid) - cpu) / (time.monotonic() - began)
            resident = resident_mebibytes(agent.process.pid)
            agent.kill()
            taken, throttled = proxy.taken[:], proxy.throttled[:]
            of_shard = [counts[:] for counts in proxy.of_shard[:SHARDS]]
        users = users_in_a_record(kinesis) if case.writing == "kpl_json" else 1
        rate = CountingProxy.steady(taken, seconds, taken) * users
        refused = CountingProxy.steady(throttled, seconds, taken)
        print(
            f"{case.name:16} {rate:10,.0f} {rate * case.size / 2**20:8.2f} {rate / case.limit:10.1%} "
            f"{refused * users / (rate + refused * users):10.3%} {cpu:8.0%} {resident:6.0f}",
            flush=True,
        )
        if case.rival:
            shares = [CountingProxy.steady(counts, seconds, taken) for counts in of_shard]
            print(
                f"{'':16} the rival's shard: {shares[0]:,.0f}/s beside {rival_counts[0] / (seconds + 4):,.0f}/s of the rival's "
                f"({rival_counts[1]} of its refused); the others: {min(shares[1:]):,.0f} to {max(shares[1:]):,.0f}/s",
                flush=True,
            )


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=int, default=20, help="of each case")
    parser.add_argument("--only", help="one of the cases: " + ", ".join(case.name for case in CASES))
    options = parser.parse_args()
    print(machine(), flush=True)
    print(f"{'':16} {'records/s':>10} {'MiB/s':>8} {'of limit':>10} {'throttled':>10} {'CPU':>8} {'MiB':>6}")
    for case in CASES:
        if options.only in (None, case.name):
            with tempfile.TemporaryDirectory() as folder:
                measure(Path(folder), case, options.seconds)
