"""`kill -9` in the middle of a relay, and another start: nothing is missing."""

import json

import streams
from agents import eventually

PIPELINE = """
pipeline: {name}
aws: {{endpoint: '{url}', region: us-east-1}}
checkpoints: {checkpoints}
sources:
  orders:
    kinesis: {{stream: {name}-in, shard_fetch_rate: 5, sleep_time_no_records: 100ms, record_limit: 200}}
transforms:
  marked:
    steps: [{{set: {{relayed: "true"}}}}]
sinks:
  relay:
    kinesis: {{stream: {name}-out, buffer_time: 20ms, put_rate_limit_per_shard: 250}}
"""
COUNT = 4_000


def test_nothing_is_missing_after_kill_minus_nine(checkpoints, emulator, kinesis, start, run, name):
    streams.create(kinesis, f"{name}-in")
    streams.create(kinesis, f"{name}-out")
    sent = streams.orders(COUNT)
    streams.put_orders(kinesis, f"{name}-in", sent)
    pipeline = PIPELINE.format(name=name, url=emulator, checkpoints=checkpoints)

    def arrived():
        return [json.loads(record["Data"]) for record in streams.records(kinesis, f"{name}-out")]

    agent = start(pipeline)
    # The burst that a token bucket allows and then a thousand a second: by then positions have been stored.
    eventually(lambda: len(arrived()) > 2_500, lambda: f"too few records:\n{agent.stderr}")
    agent.kill()
    before = len(arrived())
    assert before < COUNT, "the relay was through before it could be killed"

    ended = run(pipeline, "--until-idle", "1s")

    assert ended.code == 0, ended.stderr
    after = arrived()
    assert sorted(order["n"] for order in streams.first_arrivals(after)) == list(range(COUNT))
    assert streams.in_order_per_customer(streams.first_arrivals(after))
    # It went on from its checkpoint, rather than from the beginning.
    assert len(after) < COUNT + before
