"""A processor's compression: other programs read what the agent writes, and it reads what they write."""

import gzip
import json
import subprocess

import pytest
import streams
from agents import json_lines

PROCESSORS = "processors: {{compact: {{aggregator: newline, serializer: json, compression: {compression}}}}}"
WRITE = (
    """
pipeline: {name}-write
aws: {{endpoint: '{url}', region: us-east-1}}
"""
    + PROCESSORS
    + """
sources:
  orders: {{file: {{include: [input.jsonl], follow: false, processor: json_lines}}}}
sinks:
  stream: {{kinesis: {{stream: {name}, processor: compact, buffer_time: 50ms}}}}
"""
)
READ = (
    """
pipeline: {name}-read
aws: {{endpoint: '{url}', region: us-east-1}}
"""
    + PROCESSORS
    + """
sources:
  stream: {{kinesis: {{stream: {name}, processor: compact, shard_fetch_rate: 5, sleep_time_no_records: 100ms}}}}
sinks:
  archive: {{file: {{path: archive.jsonl}}}}
dead_letter: {{file: {{path: dead.jsonl}}}}
"""
)


def zstd(data, *options):
    return subprocess.run(["zstd", "-q", *options], input=data, capture_output=True, check=True).stdout


OTHERS = {"gzip": (gzip.compress, gzip.decompress), "zstd": (zstd, lambda data: zstd(data, "-d"))}


@pytest.mark.parametrize("compression", OTHERS)
def test_round_trip_with_other_programs(compression, emulator, kinesis, run, name, tmp_path):
    compress, decompress = OTHERS[compression]
    streams.create(kinesis, name, shards=1)
    orders = streams.orders(1_000)
    (tmp_path / "input.jsonl").write_text("".join(json.dumps(order) + "\n" for order in orders))
    settings = {"name": name, "url": emulator, "compression": compression}

    assert run(WRITE.format(**settings)).code == 0
    stored = [record["Data"] for record in streams.records(kinesis, name)]
    lines = b"".join(decompress(data) for data in stored).splitlines()
    assert [json.loads(line) for line in lines] == orders
    assert sum(map(len, stored)) < 0.3 * sum(map(len, lines))

    others = streams.orders(10, start=1_000)
    streams.put(kinesis, name, [("k", compress(b"".join(json.dumps(order).encode() + b"\n" for order in others)))])
    bomb = compress(b"0" * (40 << 20))
    streams.put(kinesis, name, [("k", bomb), ("k", b"plain")])
    ended = run(READ.format(**settings), "--until-idle", "1s")

    assert ended.code == 0, ended.stderr
    assert sorted(order["n"] for order in json_lines(tmp_path / "archive.jsonl")) == list(range(1_010))
    letters = {letter["code"] for letter in json_lines(tmp_path / "dead.jsonl")}
    assert letters == {"decompressed_too_large", "invalid_compression"}
