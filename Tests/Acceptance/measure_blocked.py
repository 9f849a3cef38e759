"""A relay at full input whose destination takes nothing for a while: memory meanwhile, and how fast it drains afterwards.

    KINESIS_AGENT_BINARY=.build/release/kinesis-agent python3 Tests/Acceptance/measure_blocked.py [--seconds 300] [--how suspended]
"""

import argparse
import tempfile
from pathlib import Path

from blocked import relay
from machine import machine

if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--records", type=int, default=300_000)
    parser.add_argument("--size", type=int, default=1_000, help="bytes of a record")
    parser.add_argument("--processor", default="raw")
    parser.add_argument("--together", type=int, default=1, help="lines in a record of the source, for json_lines")
    parser.add_argument("--how", choices=["suspended", "refuse", "fail"], help="all by default")
    options = parser.parse_args()
    print(machine(), flush=True)
    for how in [options.how] if options.how else ["suspended", "refuse", "fail"]:
        with tempfile.TemporaryDirectory() as folder:
            outcome = relay(
                Path(folder), options.records, options.size, options.seconds, how, options.processor, together=options.together
            )
            print(f"{how:10}", outcome, flush=True)
