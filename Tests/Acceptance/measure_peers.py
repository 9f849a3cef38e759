"""The agent beside async-kinesis: records of 1 KB a CPU second of the process that moves them, on the same emulator, in one run.

    KINESIS_AGENT_BINARY=.build/release/kinesis-agent python3 Tests/Acceptance/measure_peers.py [--records 200000]

Producing is measured twice of the library: reading the lines of a file and parsing them, as the agent does, and given the records as
objects in memory. Its time counts from the first record to the end of its flush. Of the agent all of the process counts, from its start to
its exit.
"""

import argparse
import asyncio
import base64
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import streams
from agents import BINARY, Process, eventually
from bulk import Bulk
from machine import machine, most_resident_mebibytes

SHARDS = 4
LIMITS = "put_rate_limit_per_shard: 1000000, put_bandwidth_limit_per_shard: 10 GiB"
PRODUCE = """
pipeline: produce
aws: {{endpoint: '{url}', region: us-east-1, wire: {wire}}}
checkpoints: {{memory: {{}}}}
sources: {{lines: {{file: {{include: [input.jsonl], follow: false, processor: json_lines}}}}}}
sinks: {{out: {{kinesis: {{stream: {stream}, processor: {processor}, {limits}}}}}}}
"""
RELAY = """
pipeline: relay
aws: {{endpoint: '{url}', region: us-east-1}}
checkpoints: {{memory: {{}}}}
sources: {{in: {{kinesis: {{stream: {source}, processor: {processor}, shard_fetch_rate: 5, sleep_time_no_records: 100ms}}}}}}
{steps}
sinks: {{out: {{kinesis: {{stream: {stream}, processor: {processor}, {limits}}}}}}}
"""
STEP = "transforms: {marked: {steps: [{filter: record.n >= 0}, {set: {total: record.net + record.vat}}]}}"


def order(n):
    return {"n": n, "customer": f"customer-{n % 997}", "net": n / 4, "vat": 0.5, "note": "x" * 900}


def arrived(url, stream):
    """Each record names its customer once."""
    bulk, count = Bulk(url), 0
    for shard in streams.shard_ids(streams.client(url), stream):
        for reply in bulk.pages(stream, shard):
            count += sum(base64.b64decode(data).count(b"customer-") for data in re.findall(rb'"Data": ?"([^"]+)"', reply))
    return count


def library(url, records, processor, source, stream, lines=None):
    """What the library takes, in a process of its own: CPU seconds, seconds and mebibytes."""
    arguments = [sys.executable, __file__, "--library", json.dumps([url, records, processor, source, stream, lines and str(lines)])]
    environment = os.environ | {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": "us-east-1"}
    ended = subprocess.run(arguments, capture_output=True, text=True, env=environment, timeout=600)
    assert ended.returncode == 0, ended.stderr[-3000:]
    return json.loads(ended.stdout.splitlines()[-1])


def parsed(lines):
    with open(lines, "rb") as file:
        for line in file:
            yield json.loads(line)


async def run_library(url, records, processor, source, stream, lines):
    import resource

    from aiobotocore.session import AioSession
    from kinesis import Consumer, MemoryCheckPointer, Producer
    from kinesis.processors import JsonLineProcessor, MsgpackProcessor

    make = {"json_lines": JsonLineProcessor, "msgpack": MsgpackProcessor}[processor]
    common = {"endpoint_url": url, "region_name": "us-east-1", "session": AioSession()}
    fast = {"put_rate_limit_per_shard": 10**9, "put_bandwidth_limit_per_shard": 10**9}
    orders = [] if source else parsed(lines) if lines else [order(n) for n in range(records)]
    cpu, began = time.process_time(), time.monotonic()
    async with Producer(stream_name=stream, processor=make(), **common, **fast) as producer:
        for item in orders:
            await producer.put(item)
        if source:
            reading = {"checkpointer": MemoryCheckPointer(), "iterator_type": "TRIM_HORIZON"}
            reading |= {"shard_fetch_rate": 5, "sleep_time_no_records": 0.1}
            done = 0
            async with Consumer(stream_name=source, processor=make(), **common, **reading) as consumer:
                while done < records:
                    async for item in consumer:
                        await producer.put(item)
                        done += 1
                        if done == records:
                            break
    resident = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps([time.process_time() - cpu, time.monotonic() - began, resident]))


def agent(folder, text, *arguments):
    """What the agent takes, from its start to its exit."""
    path = folder / "pipeline.yaml"
    path.write_text(text)
    began = time.monotonic()
    process = Process(["run", path, "--state", folder / f"state-{time.monotonic_ns()}", *arguments], folder)
    pid, resident = process.process.pid, 0
    while True:
        resident = max(resident, most_resident_mebibytes(pid))
        ended, status, usage = os.wait4(pid, os.WNOHANG)
        if ended:
            break
        time.sleep(0.01)
    process.process.returncode = os.waitstatus_to_exitcode(status)
    assert process.process.returncode == 0, process.stderr[-3000:]
    return usage.ru_utime + usage.ru_stime, time.monotonic() - began, resident


def row(name, records, measured, beside=None):
    cpu, seconds, resident = measured
    ratio = f"{beside[0] / cpu:8.1f} ×" if beside else ""
    print(f"{name:44} {records / cpu:12,.0f} {cpu / records * 1e6:10.2f} {records / seconds:12,.0f} {resident:6.0f} {ratio}", flush=True)


def measure(folder, records):
    emulator = Process(["emulator", "--port", "0", "--memory"], folder, name="emulator")
    try:
        url = eventually(lambda: emulator.stdout.partition("\n")[0], lambda: emulator.stderr)
        kinesis = streams.client(url)
        with open(folder / "input.jsonl", "w") as file:
            for n in range(records):
                file.write(json.dumps(order(n)) + "\n")

        def fresh(name):
            streams.create(kinesis, name, SHARDS)
            return name

        def checked(stream):
            assert (found := arrived(url, stream)) == records, f"{found} of {records} records are in {stream}"
            # Memory is the machine's, not the measurement's.
            if not stream.startswith("source"):
                kinesis.delete_stream(StreamName=stream)

        print(f"{'':44} {'records/CPU s':>12} {'CPU s/million':>10} {'records/s':>12} {'MiB':>6} {'beside':>8}")
        for processor in ("json_lines", "msgpack"):
            source = fresh(f"source-{processor.replace('_', '-')}")
            theirs = library(url, records, processor, None, source)
            checked(source)
            row(f"produce {processor}: async-kinesis, objects", records, theirs)
            stream = fresh("lines")
            of_lines = library(url, records, processor, None, stream, folder / "input.jsonl")
            checked(stream)
            row(f"produce {processor}: async-kinesis, lines", records, of_lines)
            for wire in ("json", "cbor"):
                stream = fresh(f"ours-{wire}")
                ours = agent(folder, PRODUCE.format(url=url, stream=stream, processor=processor, limits=LIMITS, wire=wire))
                checked(stream)
                row(f"produce {processor}: kinesis-agent, lines, {wire}", records, ours, of_lines)
                print(f"{'':44} {theirs[0] / ours[0]:63.1f} × that of objects", flush=True)
            stream = fresh("relayed")
            theirs = library(url, records, processor, source, stream)
            checked(stream)
            row(f"relay {processor}: async-kinesis", records, theirs)
            for name, steps in (("", ""), (", filter and set", STEP)):
                stream = fresh(f"ours{len(steps)}")
                text = RELAY.format(url=url, source=source, stream=stream, processor=processor, limits=LIMITS, steps=steps)
                ours = agent(folder, text, "--until-idle", "500ms")
                checked(stream)
                row(f"relay {processor}{name}: kinesis-agent", records, ours, theirs)
    finally:
        emulator.kill()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--records", type=int, default=200_000)
    parser.add_argument("--library", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.library:
        asyncio.run(run_library(*json.loads(options.library)))
    else:
        print(machine(), BINARY, flush=True)
        with tempfile.TemporaryDirectory() as folder:
            measure(Path(folder), options.records)
