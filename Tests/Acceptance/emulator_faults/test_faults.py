"""Fault files, as boto3 meets them."""

import subprocess
import urllib.error
import urllib.request

import pytest
from botocore.exceptions import ClientError, ConnectionClosedError, ReadTimeoutError
from emulators import BINARY


def put(kinesis, stream, key="k"):
    return kinesis.put_record(StreamName=stream, Data=b"", PartitionKey=key)


def keys(kinesis, stream):
    """The keys of all records of the first shard."""
    shard = kinesis.list_shards(StreamName=stream)["Shards"][0]["ShardId"]
    place = kinesis.get_shard_iterator(StreamName=stream, ShardId=shard, ShardIteratorType="TRIM_HORIZON")["ShardIterator"]
    return [record["PartitionKey"] for record in kinesis.get_records(ShardIterator=place)["Records"]]


def test_the_same_seed_fails_the_same_records(with_faults, stream):
    rule = "{seed: 7, faults: [{operation: PutRecords, effect: {fail_records: {fraction: 0.3}}}]}"

    def outcome():
        kinesis = with_faults(rule).client()
        name = stream(kinesis)
        replies = [
            kinesis.put_records(StreamName=name, Records=[{"Data": b"", "PartitionKey": str(n)} for n in range(100)])
            for _ in range(5)
        ]
        return [[entry.get("ErrorCode") for entry in reply["Records"]] for reply in replies]

    first = outcome()
    assert 90 <= sum(code is not None for codes in first for code in codes) <= 210
    assert outcome() == first


def test_retries_of_boto3_get_over_errors(with_faults, stream):
    emulator = with_faults("faults: [{operation: PutRecord, every: 2, effect: {error: InternalFailure}}]")
    kinesis = emulator.client(config={"retries": {"max_attempts": 5, "mode": "standard"}})
    name = stream(kinesis)
    for n in range(6):
        put(kinesis, name, str(n))
    assert keys(kinesis, name) == [str(n) for n in range(6)]


@pytest.mark.parametrize(("effect", "applied"), [("{cut: before}", False), ("{cut: after}", True)])
def test_a_cut_connection(with_faults, stream, effect, applied):
    emulator = with_faults(f"faults: [{{operation: PutRecord, effect: {effect}}}]")
    kinesis = emulator.client()
    name = stream(kinesis)
    with pytest.raises(ConnectionClosedError):
        put(kinesis, name)
    assert keys(kinesis, name) == (["k"] if applied else [])


@pytest.mark.parametrize(("effect", "applied"), [("{timeout: not_applied}", False), ("{timeout: applied}", True)])
def test_a_reply_that_never_comes(with_faults, stream, effect, applied):
    emulator = with_faults(f"faults: [{{operation: PutRecord, effect: {effect}}}]")
    kinesis = emulator.client(config={"read_timeout": 1})
    name = stream(kinesis)
    with pytest.raises(ReadTimeoutError):
        put(kinesis, name)
    assert keys(kinesis, name) == (["k"] if applied else [])


def test_faults_are_exchanged_while_it_runs(start, stream):
    emulator = start()
    kinesis = emulator.client()
    name = stream(kinesis)
    address = f"{emulator.url}/_kinesis-agent/faults"

    def admin(method, text=None):
        request = urllib.request.Request(address, method=method, data=text and text.encode())
        return urllib.request.urlopen(request).read().decode()

    put(kinesis, name)
    rule = "faults: [{operation: PutRecord, effect: {error: {code: ServiceUnavailable, status: 503}}}]"
    admin("PUT", rule)
    assert admin("GET") == rule
    with pytest.raises(ClientError) as failure:
        put(kinesis, name)
    assert failure.value.response["ResponseMetadata"]["HTTPStatusCode"] == 503
    with pytest.raises(urllib.error.HTTPError) as mistake:
        admin("PUT", "faults: [{operation: PutRecrd, effect: empty}]")
    assert mistake.value.code == 400
    assert "did you mean `PutRecord`?" in mistake.value.read().decode()
    admin("DELETE")
    put(kinesis, name)


def test_a_fault_file_with_mistakes_ends_the_command(tmp_path):
    path = tmp_path / "faults.yaml"
    path.write_text("faults:\n  - {operation: GetRecords, effect: {latncy: 5s}}\n")
    ended = subprocess.run([BINARY, "emulator", "--memory", "--port", "0", "--faults", path], capture_output=True, text=True, timeout=20)
    assert ended.returncode == 78
    assert ended.stdout == ""
    assert f"{path}:2:38" in ended.stderr
    assert "did you mean `latency`?" in ended.stderr


def test_the_help_tells_of_the_admin_endpoint():
    text = subprocess.run([BINARY, "emulator", "--help"], capture_output=True, text=True, timeout=20).stdout
    for word in ["--quotas", "--faults", "--tls-cert", "--tls-key", "/_kinesis-agent/faults"]:
        assert word in text
