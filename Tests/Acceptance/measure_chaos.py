"""Three agents with Redis on a stream of 16 shards, under load, through everything that can go wrong: what was lost, and what repeated.

    KINESIS_AGENT_BINARY=.build/release/kinesis-agent python3 Tests/Acceptance/measure_chaos.py [--seconds 60] [--seed 1] [--graceful]
"""

import argparse
import random
import shutil
import sys
import tempfile
from pathlib import Path

from chaos.scenarios import chaos, comings_and_goings
from machine import machine


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", default=str(random.randrange(10**6)))
    parser.add_argument("--rate", type=int, default=1_000, help="records a second")
    parser.add_argument("--outage", type=float, default=20, help="seconds without Redis")
    parser.add_argument("--graceful", action="store_true", help="agents only join and leave")
    parser.add_argument("--keep", action="store_true", help="keep the logs")
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="chaos-"))
    print(f"seed {options.seed}, {options.seconds:.0f} s, {options.rate} records/s; {machine()}; logs in {folder}", flush=True)
    if options.graceful:
        report = comings_and_goings(folder, options.seed, options.seconds, rate=options.rate)
    else:
        report = chaos(folder, options.seed, options.seconds, options.outage, rate=options.rate)
    print(report)
    try:
        report.check()
        assert not options.graceful or not report.verdict.repeated, report.explain()
    except AssertionError as failure:
        print(failure)
        sys.exit(1)
    if not options.keep:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
