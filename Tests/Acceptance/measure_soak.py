"""A relay under steady load for a long time, its source resharded again and again: memory and open files must not grow.

    KINESIS_AGENT_BINARY=.build/release/kinesis-agent python3 Tests/Acceptance/measure_soak.py [--seconds 600] [--every 20]
"""

import argparse
import tempfile
import time
from pathlib import Path

from chaos.fleet import Fleet
from chaos.troubles import reshard, series
from chaos.verdict import judge
from machine import cpu_seconds, machine, open_files, resident_mebibytes


def soak(folder, seconds, every, rate, lines):
    with Fleet(folder, seed="soak", agents=1, rate=rate, session=10, heartbeat=2, processor="raw") as fleet:
        pid = fleet.agents[0].process.process.pid
        steps = series("soak", seconds, ["split", "merge"], pause=(every, every), lasting=(0, 0))
        began, cpu = time.monotonic(), cpu_seconds(pid)
        print(f"{'s':>6} {'MiB':>6} {'files':>6} {'% of a core':>12} {'delivered':>10} {'reshards':>9}")
        samples, done, last = [], 0, 0
        for line in range(lines + 1):
            while time.monotonic() < began + seconds * line / lines:
                if done < len(steps) and time.monotonic() > began + steps[done].at:
                    reshard(fleet, steps[done])
                    done += 1
                time.sleep(0.1)
            elapsed, used = time.monotonic() - began, cpu_seconds(pid)
            samples.append((resident_mebibytes(pid), open_files(pid)))
            share = (used - cpu) / (elapsed - last) * 100 if line else 0
            cpu, last = used, elapsed
            resident, files = samples[-1]
            print(f"{elapsed:6.0f} {resident:6.1f} {files:6} {share:12.1f} {len(fleet.deliveries.found):10,} {done:9}", flush=True)
        counts, deliveries = fleet.settle()
        verdict = judge(counts, deliveries)
        print(verdict)
        assert not verdict.lost and not verdict.disordered and not verdict.repeated, verdict.explain()
        # The first part is the warming up.
        early, late = samples[len(samples) // 4], samples[-1]
        print(f"from a quarter of the time to its end: {late[0] - early[0]:+.1f} MiB, {late[1] - early[1]:+} files")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=150)
    parser.add_argument("--every", type=float, default=20, help="seconds between two reshards")
    parser.add_argument("--rate", type=int, default=1_000, help="records a second")
    options = parser.parse_args()
    print(machine(), flush=True)
    with tempfile.TemporaryDirectory() as folder:
        soak(Path(folder), options.seconds, options.every, options.rate, lines=15)
