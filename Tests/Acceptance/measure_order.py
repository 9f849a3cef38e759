"""Relays records of many keys into a stream that refuses a fifth of them, loses replies, answers 500, cuts connections, and is split
and merged meanwhile. A reader that shares nothing with the agent checks that no record is missing and each key's are in order.

    KINESIS_AGENT_BINARY=.build/release/kinesis-agent python3 Tests/Acceptance/measure_order.py [--records 1000000] [--keys 10000]
"""

import argparse
import json
import random
import tempfile
import threading
import time
import urllib.request
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import streams
from agents import Process, eventually
from bulk import Bulk, by_lineage, fill, numbered_batches, read_numbered
from machine import cpu_seconds, machine, most_resident_mebibytes

FAULTS = """
seed: {seed}
faults:
  - {{operation: PutRecords, stream: out, probability: 0.5, effect: {{fail_records: {{fraction: 0.4}}}}}}
  - {{operation: PutRecords, stream: out, probability: 0.05, effect: {{fail_records: {{fraction: 0.2, code: InternalFailure}}}}}}
  - {{operation: PutRecords, stream: out, probability: 0.01, effect: {{error: {{code: InternalFailure, status: 500}}}}}}
  - {{operation: PutRecords, stream: out, probability: 0.005, effect: {{error: {{code: ServiceUnavailable, status: 503}}}}}}
  - {{operation: PutRecords, stream: out, probability: 0.005, effect: {{cut: before}}}}
  - {{operation: PutRecords, stream: out, probability: 0.005, effect: {{cut: after}}}}
  - {{operation: PutRecords, stream: out, probability: 0.005, effect: {{cut: body}}}}
  - {{operation: PutRecords, stream: out, every: {every}, until: {until}s, effect: {{timeout: applied}}}}
  - {{operation: PutRecords, stream: out, every: {nevers}, until: {until}s, effect: {{timeout: not_applied}}}}
  - {{operation: PutRecords, stream: out, probability: 0.02, effect: {{latency: 50ms}}}}
  - {{operation: ListShards, stream: out, probability: 0.3, effect: stale}}
"""
PIPELINE = """
pipeline: order
aws: {{endpoint: '{url}', region: us-east-1}}
checkpoints: {{memory: {{}}}}
sources:
  in: {{kinesis: {{stream: in, processor: raw, shard_fetch_rate: 5, sleep_time_no_records: 100ms}}}}
sinks:
  out: {{kinesis: {{stream: out, processor: raw, buffer_time: 20ms,
    put_rate_limit_per_shard: 1000000, put_bandwidth_limit_per_shard: 1 GiB}}}}
"""
SHARDS = 8


@dataclass
class Outcome:
    records: int
    delivered: int = 0
    missing: int = 0
    repeated: int = 0
    # (shard, key, number, the number that was due).
    disordered: list = field(default_factory=list)
    seconds: float = 0
    cpu_seconds: float = 0
    resident_mebibytes: float = 0
    checked_in: float = 0
    splits: int = 0
    merges: int = 0

    def __str__(self):
        return (
            f"{self.records:,} records in {self.seconds:.1f} s ({self.records / self.seconds:,.0f}/s, {self.cpu_seconds:.1f} CPU s, "
            f"{self.resident_mebibytes:.0f} MiB), {self.splits} splits, {self.merges} merges: {self.missing} missing, "
            f"{len(self.disordered)} out of order, {self.repeated:,} repeated; checked in {self.checked_in:.1f} s"
        )

    def check(self):
        assert not self.missing and not self.disordered, f"{self}\n{self.disordered[:10]}"


class Resharding(threading.Thread):
    """Splits and merges a stream in turn, until it is told to stop."""

    def __init__(self, url, stream, every, seed):
        super().__init__(daemon=True)
        self.kinesis, self.stream, self.every, self.random = streams.client(url), stream, every, random.Random(seed)
        self.halt = threading.Event()
        self.splits = self.merges = 0

    def run(self):
        while not self.halt.wait(self.every):
            in_order = sorted(self._open(), key=lambda shard: int(shard["HashKeyRange"]["StartingHashKey"]))
            place = self.random.randrange(len(in_order) - 1)
            if self.splits == self.merges:
                self._split(in_order[place])
            else:
                self._merge(in_order[place], in_order[place + 1])
            # Only one change at a time is allowed.
            while self.kinesis.describe_stream_summary(StreamName=self.stream)["StreamDescriptionSummary"]["StreamStatus"] != "ACTIVE":
                time.sleep(0.05)

    def _open(self):
        """By DescribeStream: ListShards is among what fails."""
        pages = self.kinesis.get_paginator("describe_stream").paginate(StreamName=self.stream)
        shards = [shard for page in pages for shard in page["StreamDescription"]["Shards"]]
        return [shard for shard in shards if "EndingSequenceNumber" not in shard["SequenceNumberRange"]]

    def _split(self, shard):
        low, high = (int(shard["HashKeyRange"][side]) for side in ("StartingHashKey", "EndingHashKey"))
        self.kinesis.split_shard(StreamName=self.stream, ShardToSplit=shard["ShardId"], NewStartingHashKey=str((low + high + 1) // 2))
        self.splits += 1

    def _merge(self, shard, neighbour):
        self.kinesis.merge_shards(StreamName=self.stream, ShardToMerge=shard["ShardId"], AdjacentShardToMerge=neighbour["ShardId"])
        self.merges += 1


def examine(url, keys, per_key):
    """Reads the destination by plain requests, parents before children. A key's record must be the next one due, or one that was here."""
    outcome = Outcome(records=keys * per_key)
    began = time.monotonic()
    bulk = Bulk(url)
    listing = json.loads(bulk.call("ListShards", b'{"StreamName":"out"}'))
    assert "NextToken" not in listing
    due = [0] * keys
    seen_beyond = set()
    for shard in by_lineage(listing["Shards"]):
        for reply in bulk.pages("out", shard):
            for key, number in read_numbered(reply):
                outcome.delivered += 1
                if number == due[key]:
                    due[key] = number + 1
                    while seen_beyond and (key, due[key]) in seen_beyond:
                        due[key] += 1
                elif number < due[key]:
                    outcome.repeated += 1
                else:
                    outcome.disordered.append((shard, key, number, due[key]))
                    seen_beyond.add((key, number))
    outcome.missing = sum(per_key - number for number in due)
    outcome.checked_in = time.monotonic() - began
    return outcome


def relay(folder, records, keys, reshard_every, seed, within, timeouts):
    """Fills a stream, relays it into another one that fails, and examines that.

    `timeouts`: one in so many requests is never answered, for so many seconds.
    """
    per_key = records // keys
    emulator = Process(["emulator", "--port", "0", "--memory"], folder, name="emulator")
    try:
        url = eventually(lambda: emulator.stdout.partition("\n")[0], lambda: emulator.stderr)
        kinesis = streams.client(url)
        streams.create(kinesis, "in", SHARDS)
        streams.create(kinesis, "out", SHARDS)
        fill(url, "in", [partial(numbered_batches, range(half, keys, 2), per_key) for half in (0, 1)])
        faults(url, "PUT", FAULTS.format(seed=seed, every=timeouts[0], nevers=timeouts[0] * 2 + 1, until=timeouts[1]))
        (folder / "order.yaml").write_text(PIPELINE.format(url=url))
        began = time.monotonic()
        agent = Process(["run", folder / "order.yaml", "--state", folder / "state", "--until-idle", "1s"], folder)
        resharding = Resharding(url, "out", reshard_every, seed)
        resharding.start()
        resident = cpu = 0
        while agent.process.poll() is None and time.monotonic() < began + within:
            resident, cpu = max(resident, most_resident_mebibytes(agent.process.pid)), cpu_seconds(agent.process.pid)
            time.sleep(0.2)
        seconds = time.monotonic() - began
        assert agent.process.poll() == 0, f"{agent.process.poll()} after {seconds:.0f} s:\n{agent.stderr[-4000:]}"
        resharding.halt.set()
        resharding.join()
        faults(url, "DELETE")
        outcome = examine(url, keys, per_key)
        outcome.seconds, outcome.resident_mebibytes, outcome.cpu_seconds = seconds, resident, cpu
        outcome.splits, outcome.merges = resharding.splits, resharding.merges
        return outcome
    finally:
        emulator.kill()
        if agent.process.poll() is None:
            agent.kill()


def faults(url, method, body=None):
    """Exchanges (PUT) or ends (DELETE) the faults of a running emulator."""
    request = urllib.request.Request(f"{url}/_kinesis-agent/faults", data=body and body.encode(), method=method)
    urllib.request.urlopen(request).close()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--records", type=int, default=1_000_000)
    parser.add_argument("--keys", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--timeouts-every", type=int, default=2_000, help="requests")
    parser.add_argument("--within", type=float, default=150, help="seconds that the relay may take")
    options = parser.parse_args()
    print(machine(), flush=True)
    with tempfile.TemporaryDirectory() as folder:
        timeouts = options.timeouts_every, options.within
        outcome = relay(Path(folder), options.records, options.keys, 5, options.seed, options.within, timeouts)
    print(outcome)
    outcome.check()


if __name__ == "__main__":
    main()
