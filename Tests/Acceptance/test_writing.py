"""What becomes of a pipeline whose destination refuses: each failure is one clear error, or is waited out; nothing is lost."""

import json
import re
import urllib.request

import pytest
import streams
from agents import eventually, json_lines

PIPELINE = """
pipeline: {name}
aws: {{endpoint: '{url}', region: us-east-1}}
sources: {{lines: {{file: {{include: [input.jsonl], follow: false, processor: json_lines}}}}}}
sinks: {{out: {{kinesis: {{stream: {name}, processor: json, partition_key: record.k, buffer_time: 50ms}}}}}}
"""
DEAD_LETTER = "dead_letter: {file: {path: dead.jsonl}}\n"


def faults(url, rules):
    """Exchanges the faults of the emulator; none ends them."""
    body = json.dumps({"faults": rules}).encode() if rules else None
    request = urllib.request.Request(f"{url}/_kinesis-agent/faults", data=body, method="PUT" if rules else "DELETE")
    urllib.request.urlopen(request).close()


@pytest.fixture
def text(emulator, name):
    return PIPELINE.format(name=name, url=emulator)


@pytest.fixture
def lines(tmp_path):
    these = [{"k": f"key-{n % 20}", "n": n} for n in range(300)]
    (tmp_path / "input.jsonl").write_text("".join(json.dumps(each) + "\n" for each in these))
    return these


def stored(kinesis, name):
    return sorted(json.loads(record["Data"])["n"] for record in streams.records(kinesis, name))


HOPELESS = [
    "AccessDeniedException",
    "KMSAccessDeniedException",
    "KMSDisabledException",
    "ResourceNotFoundException",
    "UnrecognizedClientException",
]
PASSING = [
    "ThrottlingException",
    {"code": "ServiceUnavailable", "status": 503},
    "InternalFailure",
    "LimitExceededException",
    "ExpiredTokenException",
]


@pytest.mark.parametrize("code", HOPELESS)
def test_what_no_retry_helps_stops_with_one_error(code, emulator, kinesis, run, text, lines, name):
    streams.create(kinesis, name, shards=2)
    faults(emulator, [{"operation": "PutRecords", "effect": {"error": code}}])
    ended = run(text)
    assert ended.code == 1, ended.stderr
    errors = [line for line in ended.stderr.splitlines() if line.startswith("error[")]
    assert len(errors) == 1, ended.stderr
    assert code in errors[0] and name in errors[0], ended.stderr
    # Nothing counts as delivered: the next start sends all of it.
    faults(emulator, None)
    assert run(text).code == 0
    assert stored(kinesis, name) == list(range(300))


@pytest.mark.parametrize("code", ["InternalFailure", "KMSThrottlingException", "ProvisionedThroughputExceededException", "SomethingNew"])
def test_records_that_fail_are_sent_again(code, emulator, kinesis, run, text, lines, name):
    streams.create(kinesis, name, shards=2)
    faults(emulator, [{"operation": "PutRecords", "probability": 0.5, "effect": {"fail_records": {"fraction": 0.5, "code": code}}}])
    ended = run(text)
    assert ended.code == 0, ended.stderr
    assert stored(kinesis, name) == list(range(300))


@pytest.mark.parametrize("error", PASSING)
def test_requests_that_fail_are_sent_again(error, emulator, kinesis, run, text, lines, name):
    streams.create(kinesis, name, shards=2)
    faults(emulator, [{"operation": "PutRecords", "every": 2, "effect": {"error": error}}])
    ended = run(text)
    assert ended.code == 0, ended.stderr
    assert stored(kinesis, name) == list(range(300))


def test_a_stream_that_is_not_there_is_named(run, text, lines, name):
    ended = run(text)
    assert ended.code == 1, ended.stderr
    assert ended.stderr.count("error[") == 1 and name in ended.stderr, ended.stderr


def test_a_record_that_can_never_fit_is_a_dead_letter(emulator, kinesis, run, text, lines, name, tmp_path):
    streams.create(kinesis, name, shards=2)
    with open(tmp_path / "input.jsonl", "a") as file:
        file.write(json.dumps({"k": "key-1", "n": 300, "text": "x" * 1_048_576}) + "\n" + json.dumps({"k": "key-1", "n": 301}) + "\n")
    # A line may be longer than a record.
    ended = run(text.replace("follow: false", "follow: false, max_line: 4 MiB") + DEAD_LETTER)
    assert ended.code == 0, ended.stderr
    assert stored(kinesis, name) == [*range(300), 301]
    (letter,) = json_lines(tmp_path / "dead.jsonl")
    size, limit = (int(number) for number in re.findall(r"\d+", letter["reason"].replace(",", "")))
    assert 1_048_576 < size < 1_048_700 and limit <= 1_048_576, letter["reason"]


def test_a_stream_is_created_and_waited_for(emulator, kinesis, run, text, lines, name):
    ended = run(text.replace("buffer_time", "create_stream: true, create_stream_shards: 3, buffer_time"))
    assert ended.code == 0, ended.stderr
    assert len(streams.shard_ids(kinesis, name)) == 3
    assert stored(kinesis, name) == list(range(300))


def test_endless_throttling_warns_with_numbers_and_loses_nothing(emulator, kinesis, start, text, lines, name):
    streams.create(kinesis, name, shards=2)
    faults(emulator, [{"operation": "PutRecords", "effect": {"fail_records": {"fraction": 1.0}}}])
    agent = start(text)
    agent.says(r"warning .*refuses records.*throttled_records=\d+")
    assert agent.process.poll() is None
    faults(emulator, None)
    assert agent.wait().code == 0
    assert stored(kinesis, name) == list(range(300))


def test_a_destination_that_is_deleted_under_the_relay_stops_it(emulator, kinesis, start, name, tmp_path):
    streams.create(kinesis, name, shards=1)
    text = PIPELINE.format(name=name, url=emulator).replace("follow: false", "follow: true")
    (tmp_path / "input.jsonl").write_text('{"k": "a", "n": 0}\n')
    agent = start(text)
    eventually(lambda: stored(kinesis, name) == [0], agent.stderr)
    kinesis.delete_stream(StreamName=name)
    with open(tmp_path / "input.jsonl", "a") as file:
        file.write('{"k": "a", "n": 1}\n')
    ended = agent.wait()
    assert ended.code == 1, ended.stderr
    assert ended.stderr.count("error[") == 1 and name in ended.stderr, ended.stderr
