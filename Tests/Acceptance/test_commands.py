"""The everyday commands on streams, and what they answer to mistakes."""

import json
import subprocess

import pytest
import streams
from agents import eventually


@pytest.fixture
def stream_command(processes, emulator):
    """Runs `kinesis-agent stream …` against the emulator to its end."""

    def command(*arguments, stdin=b""):
        process = processes("stream", *arguments, "--endpoint", emulator, stdin=subprocess.PIPE)
        process.process.stdin.write(stdin)
        process.process.stdin.close()
        return process.wait(20)

    return command


def test_a_stream_from_its_creation_to_its_end(stream_command, kinesis, name):
    assert stream_command("create", name, "--shards", "3").code == 0
    assert name in stream_command("list").stdout.split()

    described = json.loads(stream_command("describe", name).stdout)
    assert described["name"] == name
    assert described["status"] == "ACTIVE"
    assert described["open_shards"] == len(described["shards"]) == 3
    assert described["shards"][0]["first_hash_key"] == "0"
    assert described["shards"][2]["last_hash_key"] == str(2**128 - 1)

    lines = [json.dumps({"n": n}) for n in range(20)]
    put = stream_command("put", name, "--key", "k", stdin="\n".join(lines).encode())
    assert put.code == 0
    assert "20 records put" in put.stderr
    assert [record["Data"].decode() for record in streams.records(kinesis, name)] == lines

    tail = stream_command("tail", name, "-n", "20", "-i", "TRIM_HORIZON")
    assert tail.code == 0
    assert tail.stdout.splitlines() == lines

    assert stream_command("delete", name).code == 0
    assert name not in kinesis.list_streams()["StreamNames"]


def test_shards_are_split_and_merged(stream_command, name):
    assert stream_command("create", name).code == 0
    split = stream_command("split", name)
    assert split.code == 0, split.stderr
    lower, upper = split.stdout.split()
    shards = {shard["id"]: shard for shard in json.loads(stream_command("describe", name).stdout)["shards"]}
    assert shards[lower]["status"] == shards[upper]["status"] == "OPEN"
    assert shards[lower]["last_hash_key"] == str(2**127 - 1)
    assert shards[upper]["first_hash_key"] == str(2**127)

    merged = stream_command("merge", name, lower)
    assert merged.code == 0, merged.stderr
    described = json.loads(stream_command("describe", name).stdout)
    assert [shard["id"] for shard in described["shards"] if shard["status"] == "OPEN"] == merged.stdout.split()
    assert described["open_shards"] == 1

    at = stream_command("split", name, "--at", "1000")
    assert at.code == 0, at.stderr
    shards = {shard["id"]: shard for shard in json.loads(stream_command("describe", name).stdout)["shards"]}
    assert shards[at.stdout.split()[1]]["first_hash_key"] == "1000"


def test_tail_waits_for_what_comes(processes, emulator, kinesis, name):
    streams.create(kinesis, name, shards=2)
    tail = processes("stream", "tail", name, "-n", "2", "--endpoint", emulator)

    def printed():
        # LATEST begins when the tail has asked for its iterators, which nothing tells: put until it prints.
        kinesis.put_record(StreamName=name, Data=b"hello", PartitionKey="a")
        return tail.process.poll() is not None

    eventually(printed, lambda: f"nothing printed:\n{tail.stderr}")
    assert tail.wait().stdout == "hello\nhello\n"


@pytest.mark.parametrize(
    "arguments, code",
    [
        (["describe", "missing"], "ResourceNotFoundException"),
        (["tail", "missing", "-n", "1"], "ResourceNotFoundException"),
        (["put", "missing"], "ResourceNotFoundException"),
        (["delete", "missing"], "ResourceNotFoundException"),
    ],
)
def test_a_missing_stream_is_one_clear_error(arguments, code, stream_command):
    ended = stream_command(*arguments, stdin=b"{}\n")
    assert ended.code == 1
    errors = [line for line in ended.stderr.splitlines() if line.startswith("error[")]
    assert len(errors) == 1, ended.stderr
    assert "missing" in errors[0]


def test_a_stream_is_created_once(stream_command, name):
    assert stream_command("create", name).code == 0
    again = stream_command("create", name)
    assert again.code == 1
    assert name in again.stderr


def test_a_name_that_cannot_be_is_wrong_usage(stream_command):
    assert stream_command("describe", "a b").code == 64
