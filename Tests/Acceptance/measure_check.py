"""Times `check` on a pipeline file of 1,000 lines, warm: median and worst of many runs, and the CPU they take, process start included.

    KINESIS_AGENT_BINARY=.build/release/kinesis-agent python Tests/Acceptance/measure_check.py
"""

import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from agents import BINARY

RUNS = 50


def pipeline(lines):
    text = ["pipeline: large", "sources:"]
    text += [f"  s{n}: {{kinesis: {{stream: stream-{n}, iterator_type: TRIM_HORIZON, record_limit: 500}}}}" for n in range(50)]
    text.append("transforms:")
    sinks = ["sinks:"]
    n = 0
    while len(text) + len(sinks) < lines:
        text += [
            f"  t{n}:",
            f"    from: s{n % 50}",
            "    steps:",
            f'      - filter: record.status == "paid" && record.items.exists(i, i.price > {n}.0)',
            "      - set:",
            "          total: record.net + record.vat",
            "          day: timestamp(record.at).getFullYear()",
            "      - remove: [debug, internal.trace]",
        ]
        sinks += [f"  k{n}:", f"    from: t{n}", f"    kinesis: {{stream: out-{n}, partition_key: record.customer_id, buffer_time: 250ms}}"]
        n += 1
    return "\n".join(text + sinks) + "\n"


def main():
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "large.yaml"
        path.write_text(pipeline(1000))
        lines = len(path.read_text().splitlines())
        times = []
        cpu = []
        for run in range(RUNS + 3):
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            start = time.perf_counter()
            ended = subprocess.run([BINARY, "check", path], capture_output=True, text=True)
            elapsed = (time.perf_counter() - start) * 1000
            if ended.returncode != 0:
                sys.exit(ended.stderr)
            if run >= 3:
                after = resource.getrusage(resource.RUSAGE_CHILDREN)
                times.append(elapsed)
                cpu.append((after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) * 1000)
        print(
            f"check, {lines} lines: median {statistics.median(times):.1f} ms, best {min(times):.1f} ms, worst {max(times):.1f} ms;"
            f" CPU median {statistics.median(cpu):.1f} ms, of {RUNS} runs"
        )


if __name__ == "__main__":
    main()
