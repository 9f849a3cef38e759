"""Two agents with Redis on an idle stream of 1,000 shards: how long until they share them, and what it costs to do nothing.

    KINESIS_AGENT_BINARY=.build/release/kinesis-agent python3 Tests/Acceptance/measure_scale.py [--shards 1000] [--idle 30]
"""

import argparse
import tempfile
import time
from collections import Counter
from pathlib import Path

import streams
from agents import Process, eventually
from counting_proxy import TurnProxy
from machine import cpu_seconds, machine, resident_mebibytes
from redis_server import RedisServer

PIPELINE = """
pipeline: scale
aws: {{endpoint: '{url}', region: us-east-1}}
checkpoints: {{redis: {{url: 'redis://127.0.0.1:{port}'}}}}
sources:
  source: {{kinesis: {{stream: scale}}}}
sinks:
  nowhere: {{discard: {{}}}}
"""
HEARTBEAT = 15  # seconds: the default


def owners(redis):
    """How many shards each owner holds."""
    found = Counter()
    keys = list(redis.scan_iter("{kinesis-agent:scale:*}:lease:*", count=5_000))
    with redis.pipeline(transaction=False) as pipeline:
        for key in keys:
            pipeline.hget(key, "owner")
        found.update(owner for owner in pipeline.execute() if owner)
    return found


def until(condition, what, within):
    began = time.monotonic()
    eventually(condition, what, within)
    return time.monotonic() - began


def measure(folder, shards, idle):
    emulator = Process(["emulator", "--port", "0", "--memory"], folder, name="emulator")
    redis = RedisServer(folder)
    agents = []
    try:
        url = eventually(lambda: emulator.stdout.partition("\n")[0], lambda: emulator.stderr)
        streams.create(streams.client(url), "scale", shards)
        with TurnProxy(redis.port) as one, TurnProxy(redis.port) as two:

            def start(proxy):
                number = len(agents) + 1
                path = folder / f"scale-{number}.yaml"
                path.write_text(PIPELINE.format(url=url, port=proxy.port))
                agents.append(Process(["run", path, "--state", folder / f"state-{number}"], folder, name=f"agent-{number}"))

            def held():
                return sorted(owners(redis.client).values())

            def state():
                return f"held: {held()}\n" + "\n".join(agent.stderr[-1500:] for agent in agents)

            start(one)
            alone = until(lambda: held() == [shards], state, 120)
            print(f"one agent has all {shards} shards after {alone:.1f} s", flush=True)
            start(two)
            shared = until(lambda: held() == [shards // 2, shards - shards // 2], state, 180)
            print(f"the second one has its half {shared:.1f} s after its start", flush=True)
            # What follows a change of owners is not idleness.
            time.sleep(2 * HEARTBEAT)
            processes = [("agent 1", agents[0], one), ("agent 2", agents[1], two), ("emulator", emulator, None), ("redis", redis, None)]

            def used(process, proxy):
                return cpu_seconds(process.process.pid), proxy and proxy.turns.value, proxy and proxy.bytes.value

            before = [used(process, proxy) for _, process, proxy in processes]
            time.sleep(idle)
            after = [used(process, proxy) for _, process, proxy in processes]
            print(f"{f'idle {idle} s':12} {'% of a core':>12} {'MiB':>6} {'round trips':>12} {'a heartbeat':>12} {'bytes a heartbeat':>18}")
            beats = idle / HEARTBEAT
            for (name, process, proxy), (cpu, turns, size), (later_cpu, later_turns, later_size) in zip(processes, before, after):
                line = f"{name:12} {(later_cpu - cpu) / idle * 100:12.1f} {resident_mebibytes(process.process.pid):6.0f}"
                if proxy:
                    line += f" {later_turns - turns:12} {(later_turns - turns) / beats:12.1f} {(later_size - size) / beats:18,.0f}"
                print(line)
            began = time.monotonic()
            agents[1].terminate(60)
            back = until(lambda: held() == [shards], state, 120)
            print(f"after the second one leaves ({time.monotonic() - began - back:.1f} s), the first has all again in {back:.1f} s")
            agents[0].terminate(60)
    finally:
        for process in [*agents, emulator]:
            if process.process.poll() is None:
                process.kill()
        redis.end()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--shards", type=int, default=1_000)
    parser.add_argument("--idle", type=int, default=30, help="seconds")
    chosen = parser.parse_args()
    print(machine(), flush=True)
    with tempfile.TemporaryDirectory() as folder:
        measure(Path(folder), chosen.shards, chosen.idle)
