"""SIGTERM under load: everything that was read is delivered, and another start repeats nothing."""

import streams
from agents import count_lines, eventually, json_lines

PIPELINE = """
pipeline: {name}
aws: {{endpoint: '{url}', region: us-east-1}}
checkpoints: {checkpoints}
sources:
  orders:
    kinesis: {{stream: {name}-in, shard_fetch_rate: 5, sleep_time_no_records: 100ms, record_limit: 100}}
sinks:
  relay:
    kinesis: {{stream: {name}-out, buffer_time: 20ms, put_rate_limit_per_shard: 250}}
  archive:
    from: orders
    file: {{path: archive.jsonl}}
"""
COUNT = 3_000


def test_a_drain_loses_and_repeats_nothing(checkpoints, emulator, kinesis, start, run, name, tmp_path):
    streams.create(kinesis, f"{name}-in")
    streams.create(kinesis, f"{name}-out")
    sent = streams.orders(COUNT)
    streams.put_orders(kinesis, f"{name}-in", sent)
    pipeline = PIPELINE.format(name=name, url=emulator, checkpoints=checkpoints)
    archive = tmp_path / "archive.jsonl"

    agent = start(pipeline)
    eventually(lambda: count_lines(archive) > COUNT / 10, lambda: f"too few records:\n{agent.stderr}")
    ended = agent.terminate(within=10)
    assert ended.code == 0, ended.stderr
    assert count_lines(archive) < COUNT, "all was through before it could be interrupted"

    ended = run(pipeline, "--until-idle", "1s")

    assert ended.code == 0, ended.stderr
    archived = json_lines(archive)
    assert sorted(order["n"] for order in archived) == list(range(COUNT))
    assert streams.in_order_per_customer(archived)
    assert len(streams.records(kinesis, f"{name}-out")) == COUNT


def test_a_second_signal_aborts(emulator, kinesis, start, name):
    streams.create(kinesis, f"{name}-in")
    streams.create(kinesis, f"{name}-out", shards=1)
    streams.put_orders(kinesis, f"{name}-in", streams.orders(COUNT))
    pipeline = PIPELINE.format(name=name, url=emulator, checkpoints="{memory: {}}")
    # So slow that the drain cannot end by itself within the test's patience.
    agent = start(pipeline.replace("put_rate_limit_per_shard: 250", "put_rate_limit_per_shard: 2"))
    eventually(lambda: streams.records(kinesis, f"{name}-out"), lambda: f"nothing arrived:\n{agent.stderr}")
    agent.process.terminate()
    agent.says("draining")
    agent.process.terminate()
    assert agent.wait(within=10).code == 130
