"""async-kinesis, the library that the agent descends from, against the embedded stream: its producer, its consumer and its command."""

import asyncio
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import servers
import wire

kinesis = pytest.importorskip("kinesis", reason="async-kinesis is not installed")
from aiobotocore.session import AioSession  # noqa: E402
from kinesis import Consumer, MemoryCheckPointer, Producer  # noqa: E402

COUNT = 2_000


@pytest.fixture
def server(monkeypatch):
    for key, value in {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": "us-east-1"}.items():
        monkeypatch.setenv(key, value)
    with servers.emulator() as server:
        yield server


def producer(url, **options):
    return Producer("s", endpoint_url=url, region_name="us-east-1", session=AioSession(), buffer_time=0.1, **options)


def consumer(url, **options):
    return Consumer(
        "s", endpoint_url=url, region_name="us-east-1", session=AioSession(), checkpointer=MemoryCheckPointer(), sleep_time_no_records=0.1,
        shard_fetch_rate=5, idle_timeout=1.0, **options,
    )


async def produce(url, numbers, **options):
    async with producer(url, **options) as sink:
        for n in numbers:
            await sink.put({"n": n})


async def consume(url, count, within=40):
    found = []
    async with asyncio.timeout(within), consumer(url) as source:
        while len(found) < count:
            async for item in source:
                found.append(item["n"])
    return found


def test_what_is_produced_is_consumed(server):
    asyncio.run(produce(server.url, range(COUNT), create_stream=True, create_stream_shards=2))
    assert sorted(asyncio.run(consume(server.url, COUNT))) == list(range(COUNT))


def test_a_split_while_it_reads(server):
    client = wire.client(server.url)
    client.create_stream(StreamName="s", ShardCount=1)

    async def run():
        reading = asyncio.create_task(consume(server.url, COUNT))
        await produce(server.url, range(COUNT // 2))
        await asyncio.to_thread(
            client.split_shard, StreamName="s", ShardToSplit="shardId-000000000000", NewStartingHashKey=str(2**127)
        )
        await produce(server.url, range(COUNT // 2, COUNT))
        return await reading

    found = asyncio.run(run())
    assert sorted(found) == list(range(COUNT)), "lost or doubled"


def test_the_command(server):
    command = shutil.which("async-kinesis", path=str(Path(sys.executable).parent))
    if command is None:
        pytest.skip("the command is not installed")
    wire.client(server.url).create_stream(StreamName="s", ShardCount=1)
    asyncio.run(produce(server.url, range(3)))

    def run(*arguments):
        ended = subprocess.run(
            [command, "--endpoint-url", server.url, "--region", "us-east-1", *arguments], capture_output=True, text=True, timeout=60
        )
        assert ended.returncode == 0, ended.stderr
        return ended.stdout

    assert "s" in run("list").split()
    assert "shardId-000000000000" in run("describe", "s")
    tail = run("tail", "s", "--iterator-type", "TRIM_HORIZON", "--format", "json", "--processor", "json", "--max-records", "3")
    assert tail.count('"n"') == 3
