"""A relay delivers exactly the expected records, in the order of each key, to a stream and to a file."""

import json

import pytest
import streams
from agents import json_lines

PIPELINE = """
pipeline: {name}
aws: {{endpoint: '{url}', region: us-east-1}}
sources:
  orders:
    kinesis: {{stream: {name}-in, shard_fetch_rate: 5, sleep_time_no_records: 100ms}}
transforms:
  paid:
    steps: [{{filter: record.status == "paid"}}]
sinks:
  relay:
    kinesis: {{stream: {name}-out, max_in_flight: 1, buffer_time: 50ms}}
  archive:
    from: paid
    file: {{path: archive.jsonl}}
"""


@pytest.mark.parametrize("server", ["moto", "emulator"])
def test_ten_thousand_records_pass_a_filter(server, request, run, name, tmp_path):
    url = request.getfixturevalue(server)
    kinesis = streams.client(url)
    streams.create(kinesis, f"{name}-in")
    streams.create(kinesis, f"{name}-out")
    sent = streams.orders(10_000)
    streams.put_orders(kinesis, f"{name}-in", sent)

    ended = run(PIPELINE.format(name=name, url=url), "--until-idle", "2s", within=120)

    assert ended.code == 0, ended.stderr
    expected = [order for order in sent if order["status"] == "paid"]
    relayed = streams.records(kinesis, f"{name}-out")
    for arrived in ([json.loads(r["Data"]) for r in relayed], json_lines(tmp_path / "archive.jsonl")):
        assert sorted(arrived, key=lambda order: order["n"]) == expected
        assert streams.in_order_per_customer(arrived)
    assert all(r["PartitionKey"] == json.loads(r["Data"])["customer"] for r in relayed)
