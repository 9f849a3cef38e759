"""Puts every case to moto's server as well, and prints where it differs: the table of MOTO.md says why.

    python3 compare_moto.py            lists the cases that moto answers otherwise
    python3 compare_moto.py --summary  counts them by group
"""

import argparse
import collections
import contextlib
import subprocess
import sys
import time
import urllib.request

import cases
import wire

PORT = 5998
ACCOUNT = "123456789012"


@contextlib.contextmanager
def moto():
    process = subprocess.Popen([sys.executable, "-m", "moto.server", "-p", str(PORT)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{PORT}"
    try:
        for _ in range(200):
            with contextlib.suppress(OSError):
                urllib.request.urlopen(url + "/moto-api/")
                break
            time.sleep(0.1)
        yield url
    finally:
        process.terminate()
        process.wait()


def difference(case, service):
    """None where the server answers as AWS does."""
    run = cases.Run(service.call, ACCOUNT)
    try:
        for step in case.get("setup", []):
            run.step(step)
    except wire.Refused as refusal:
        return f"setup: {refusal.code}"
    except Exception as failure:  # noqa: BLE001
        return f"setup: {type(failure).__name__}"
    try:
        reply = run.step(case)
    except wire.Refused as refusal:
        if "error" not in case:
            return f"{refusal.status} {refusal.code}"
        if refusal.code != case["error"]["code"]:
            return f"{refusal.status} {refusal.code} for {case['error']['code']}"
        return None
    except Exception as failure:  # noqa: BLE001
        return type(failure).__name__
    if "error" in case:
        return f"accepted for {case['error']['code']}"
    return next(iter(run.differences(reply, case.get("expect", {}))), None)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--summary", action="store_true")
    options = parser.parse_args()
    counts = collections.Counter()
    with moto() as url:
        service = wire.Json(url)
        for group, case in cases.load():
            found = difference(case, service)
            counts[group, found is None] += 1
            if found and not options.summary:
                print(f"{group}: {case['name']}: {found[:160]}")
    for group in sorted({group for group, _ in counts}):
        print(f"{group:12} {counts[group, True]:4} as AWS, {counts[group, False]:4} otherwise")


if __name__ == "__main__":
    main()
