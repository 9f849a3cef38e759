"""What the agent writes others read, and the reverse: async-kinesis, and AWS's own aggregation in Python."""

import asyncio
import base64
import json

import msgpack
import pytest
import streams
from agents import json_lines
from aws_kinesis_agg.aggregator import RecordAggregator
from aws_kinesis_agg.deaggregator import deaggregate_records
from aiobotocore.session import AioSession
from kinesis import Consumer, MemoryCheckPointer, Producer
from kinesis.processors import (
    JsonLineProcessor,
    JsonListProcessor,
    JsonProcessor,
    KPLJsonProcessor,
    MsgpackProcessor,
    StringProcessor,
)

PROCESSORS = {
    "string": StringProcessor,
    "json": JsonProcessor,
    "json_lines": JsonLineProcessor,
    "json_list": JsonListProcessor,
    "msgpack": MsgpackProcessor,
    "kpl_json": KPLJsonProcessor,
}
COUNT = 300


def items(processor):
    if processor == "string":
        return [f"line {n}: é € 𝄞 \\ \"quoted\"" for n in range(COUNT)]
    return [{"n": n, "ratio": n / 8, "text": "é/€ 𝄞", "none": None, "list": [True, -(2**53), {"deep": []}]} for n in range(COUNT)]


@pytest.fixture
def credentials(monkeypatch):
    for key, value in {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": "us-east-1"}.items():
        monkeypatch.setenv(key, value)


def flattened(processor, found):
    """json_list reads as one record, the list."""
    return [item for items in found for item in items] if processor == "json_list" else found


def in_any_order(found):
    return sorted(json.dumps(item, sort_keys=True) for item in found)


async def consume(url, stream, processor):
    found = []
    async with Consumer(
        stream_name=stream,
        endpoint_url=url,
        region_name="us-east-1",
        session=AioSession(),
        processor=PROCESSORS[processor](),
        checkpointer=MemoryCheckPointer(),
        iterator_type="TRIM_HORIZON",
        sleep_time_no_records=0.1,
        idle_timeout=1.0,
    ) as consumer:
        # An async for ends with every pause of the stream.
        for _ in range(10):
            async for item in consumer:
                found.append(item)
            if len(flattened(processor, found)) >= COUNT:
                return found
    return found


async def produce(url, stream, processor, these):
    async with Producer(
        stream_name=stream,
        endpoint_url=url,
        region_name="us-east-1",
        session=AioSession(),
        processor=PROCESSORS[processor](),
        buffer_time=0.1,
    ) as producer:
        for item in these:
            await producer.put(item)


@pytest.mark.parametrize("processor", PROCESSORS)
def test_async_kinesis_reads_what_the_agent_wrote(processor, emulator, kinesis, run, name, credentials, tmp_path):
    streams.create(kinesis, name, shards=2)
    source = "string" if processor == "string" else "json_lines"
    lines = [item if processor == "string" else json.dumps(item) for item in items(processor)]
    (tmp_path / "input").write_text("\n".join(lines) + "\n")
    ended = run(
        f"pipeline: {name}\naws: {{endpoint: '{emulator}'}}\n"
        f"sources: {{lines: {{file: {{include: [input], follow: false, processor: {source}}}}}}}\n"
        f"sinks: {{stream: {{kinesis: {{stream: {name}, processor: {processor}, buffer_time: 50ms}}}}}}\n"
    )
    assert ended.code == 0, ended.stderr
    found = asyncio.run(consume(emulator, name, processor))
    assert in_any_order(flattened(processor, found)) == in_any_order(items(processor))


@pytest.mark.parametrize("processor", PROCESSORS)
def test_the_agent_reads_what_async_kinesis_wrote(processor, emulator, kinesis, run, name, credentials, tmp_path):
    streams.create(kinesis, name, shards=2)
    asyncio.run(produce(emulator, name, processor, items(processor)))
    ended = run(
        f"pipeline: {name}\naws: {{endpoint: '{emulator}'}}\n"
        f"sources: {{stream: {{kinesis: {{stream: {name}, processor: {processor}, sleep_time_no_records: 100ms}}}}}}\n"
        f"sinks: {{archive: {{file: {{path: archive.jsonl}}}}}}\n",
        "--until-idle",
        "1s",
    )
    assert ended.code == 0, ended.stderr
    found = json_lines(tmp_path / "archive.jsonl")
    assert in_any_order(flattened(processor, found)) == in_any_order(items(processor))


def aggregated(kinesis, stream):
    """A stream's records in the shape that AWS's library takes."""
    return [
        {
            "kinesis": {
                "kinesisSchemaVersion": "1.0",
                "data": base64.b64encode(record["Data"]).decode(),
                "partitionKey": record["PartitionKey"],
                "sequenceNumber": record["SequenceNumber"],
                "approximateArrivalTimestamp": record["ApproximateArrivalTimestamp"].timestamp(),
            },
            "eventSource": "aws:kinesis",
            "eventID": record["SequenceNumber"],
            "invokeIdentityArn": "",
            "eventName": "aws:kinesis:record",
            "eventVersion": "1.0",
            "eventSourceARN": stream,
            "awsRegion": "us-east-1",
        }
        for record in streams.records(kinesis, stream)
    ]


def test_aws_opens_the_aggregates_that_the_agent_wrote(emulator, kinesis, run, name, tmp_path):
    streams.create(kinesis, name, shards=2)
    (tmp_path / "input").write_text("".join(json.dumps(item) + "\n" for item in items("kpl_json")))
    ended = run(
        f"pipeline: {name}\naws: {{endpoint: '{emulator}'}}\n"
        "sources: {lines: {file: {include: [input], follow: false, processor: json_lines}}}\n"
        f"sinks: {{stream: {{kinesis: {{stream: {name}, processor: kpl_json, partition_key: 'string(record.n)'}}}}}}\n"
    )
    assert ended.code == 0, ended.stderr
    stored = aggregated(kinesis, name)
    assert len(stored) < COUNT / 10, "nothing was aggregated"
    users = [(user["kinesis"]["partitionKey"], json.loads(base64.b64decode(user["kinesis"]["data"]))) for user in deaggregate_records(stored)]
    assert in_any_order(item for _, item in users) == in_any_order(items("kpl_json"))
    assert all(key == str(item["n"]) for key, item in users)


def test_the_agent_opens_the_aggregates_that_aws_wrote(emulator, kinesis, run, name, tmp_path):
    streams.create(kinesis, name, shards=2)
    aggregator = RecordAggregator()
    entries = [
        done
        for n, item in enumerate(items("json"))
        if (done := aggregator.add_user_record(f"key-{n}", json.dumps(item).encode())) is not None
    ]
    entries.append(aggregator.clear_and_get())
    for entry in entries:
        partition_key, hash_key, data = entry.get_contents()
        kinesis.put_record(StreamName=name, Data=data, PartitionKey=partition_key, **({"ExplicitHashKey": hash_key} if hash_key else {}))
    ended = run(
        f"pipeline: {name}\naws: {{endpoint: '{emulator}'}}\n"
        f"sources: {{stream: {{kinesis: {{stream: {name}, processor: json, sleep_time_no_records: 100ms}}}}}}\n"
        "transforms: {keyed: {steps: [{set: {key: meta.partition_key}}]}}\n"
        "sinks: {archive: {file: {path: archive.jsonl}}}\n",
        "--until-idle",
        "1s",
    )
    assert ended.code == 0, ended.stderr
    assert json_lines(tmp_path / "archive.jsonl") == [item | {"key": f"key-{n}"} for n, item in enumerate(items("json"))]


def test_bytes_pass_through_as_they_are(emulator, kinesis, run, name):
    streams.create(kinesis, f"{name}-in", shards=1)
    streams.create(kinesis, f"{name}-out", shards=1)
    sent = [("a", bytes(range(256))), ("b", b"\x00"), ("c", msgpack.packb({"x": b"\xff"})), ("d", b'{ "spaced" :1.0 }')]
    streams.put(kinesis, f"{name}-in", sent)
    ended = run(
        f"pipeline: {name}\naws: {{endpoint: '{emulator}'}}\n"
        f"sources: {{in: {{kinesis: {{stream: {name}-in, processor: raw, sleep_time_no_records: 100ms}}}}}}\n"
        f"sinks: {{out: {{kinesis: {{stream: {name}-out, processor: raw}}}}}}\n",
        "--until-idle",
        "1s",
    )
    assert ended.code == 0, ended.stderr
    assert [(r["PartitionKey"], r["Data"]) for r in streams.records(kinesis, f"{name}-out")] == sent
