"""Files and pipes as sources: rotation, whole files, standard input, and places that are kept."""

import json
import os
import subprocess

import streams
from agents import count_lines, eventually, json_lines

FOLLOW = """
pipeline: {name}
sources:
  log:
    file: {{include: ['logs/app.log*'], processor: json_lines, follow: {follow}}}
sinks:
  archive:
    file: {{path: archive.jsonl}}
"""


def append(path, numbers):
    with open(path, "a") as file:
        for n in numbers:
            file.write(json.dumps({"n": n}) + "\n")


def numbers(path):
    return [line["n"] for line in json_lines(path)]


def test_a_followed_file_is_renamed_and_begun_anew(start, name, tmp_path):
    (tmp_path / "logs").mkdir()
    log, archive = tmp_path / "logs/app.log", tmp_path / "archive.jsonl"
    append(log, range(100))
    agent = start(FOLLOW.format(name=name, follow="true"))
    eventually(lambda: count_lines(archive) == 100, lambda: f"{count_lines(archive)} of 100 lines:\n{agent.stderr}")

    writer = open(log, "a")
    os.rename(log, tmp_path / "logs/app.log.1")
    # The writer keeps the old file for a while, as a server does until it is told to open its log again.
    append(log, range(200, 300))
    for n in range(100, 200):
        writer.write(json.dumps({"n": n}) + "\n")
    writer.close()

    eventually(lambda: count_lines(archive) == 300, lambda: f"{count_lines(archive)} of 300 lines:\n{agent.stderr}")
    assert agent.terminate().code == 0
    assert sorted(numbers(archive)) == list(range(300))


def test_lines_written_between_two_starts_arrive_once(run, name, tmp_path):
    (tmp_path / "logs").mkdir()
    log, archive = tmp_path / "logs/app.log", tmp_path / "archive.jsonl"
    append(log, range(50))
    pipeline = FOLLOW.format(name=name, follow="true")
    assert run(pipeline, "--until-idle", "500ms").code == 0
    append(log, range(50, 80))
    os.rename(log, tmp_path / "logs/app.log.1")
    append(log, range(80, 100))
    assert run(pipeline, "--until-idle", "500ms").code == 0
    assert sorted(numbers(archive)) == list(range(100))


def test_a_file_killed_agent_misses_nothing(start, run, name, tmp_path):
    (tmp_path / "logs").mkdir()
    log, archive = tmp_path / "logs/app.log", tmp_path / "archive.jsonl"
    append(log, range(50_000))
    pipeline = FOLLOW.format(name=name, follow="true")
    agent = start(pipeline)
    eventually(lambda: count_lines(archive) > 0, lambda: f"nothing arrived:\n{agent.stderr}")
    agent.kill()
    ended = run(pipeline, "--until-idle", "500ms")
    assert ended.code == 0, ended.stderr
    # The kill may have cut the last line that was written; what follows begins on a line of its own.
    whole = [line for line in archive.read_text().split("\n") if line.startswith('{"n"') and line.endswith("}")]
    assert {json.loads(line)["n"] for line in whole} == set(range(50_000))


def test_a_file_that_is_not_followed_ends_the_pipeline(run, name, tmp_path):
    (tmp_path / "logs").mkdir()
    append(tmp_path / "logs/app.log", range(10))
    with open(tmp_path / "logs/app.log", "a") as file:
        file.write('{"n": 10}')  # No newline at its end.
    assert run(FOLLOW.format(name=name, follow="false"), within=20).code == 0
    assert numbers(tmp_path / "archive.jsonl") == list(range(11))


def test_standard_input_flows_into_a_stream(processes, emulator, kinesis, name, tmp_path):
    streams.create(kinesis, name, shards=1)
    path = tmp_path / "stdin.yaml"
    path.write_text(
        f"pipeline: {name}\naws: {{endpoint: '{emulator}'}}\nsources: {{lines: {{stdin: {{}}}}}}\n"
        f"sinks: {{stream: {{kinesis: {{stream: {name}, partition_key: record.key}}}}}}\n"
    )
    agent = processes("run", path, "--state", tmp_path / "state", stdin=subprocess.PIPE)
    sent = [{"key": f"k{n}", "n": n} for n in range(1_000)]
    agent.process.stdin.write("".join(json.dumps(line) + "\n" for line in sent).encode())
    agent.process.stdin.close()
    ended = agent.wait(20)
    assert ended.code == 0, ended.stderr
    arrived = streams.records(kinesis, name)
    assert [json.loads(record["Data"]) for record in arrived] == sent
    assert [record["PartitionKey"] for record in arrived] == [line["key"] for line in sent]


def test_data_alone_goes_to_standard_output(processes, tmp_path):
    path = tmp_path / "stdout.yaml"
    path.write_text("pipeline: pipe\nsources: {lines: {stdin: {}}}\nsinks: {out: {stdout: {}}}\n")
    agent = processes("run", path, "--state", tmp_path / "state", stdin=subprocess.PIPE)
    agent.process.stdin.write(b'{"b":1,"a":[1.0,null]}\n{"n": 12345678901234567890123}\n')
    agent.process.stdin.close()
    ended = agent.wait(20)
    assert ended.code == 0, ended.stderr
    assert [line.replace(" ", "") for line in ended.stdout.splitlines()] == ['{"b":1,"a":[1.0,null]}', '{"n":12345678901234567890123}']
