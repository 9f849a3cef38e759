"""Steps from outside: what goes in at one end and comes out at the others."""

import hashlib
import hmac
import json
import os
import subprocess

from agents import count_lines, eventually, json_lines


def feed(processes, tmp_path, pipeline, lines, environment=None):
    (tmp_path / "p.yaml").write_text(pipeline)
    process = processes("run", "p.yaml", "--state", tmp_path / "state", stdin=subprocess.PIPE, environment=environment)
    process.process.stdin.write("".join(line + "\n" for line in lines).encode())
    process.process.stdin.close()
    ended = process.wait(60)
    assert ended.code == 0, ended.stderr
    return ended


def test_logs_are_parsed_redacted_and_split(processes, name, tmp_path):
    pipeline = f"""
pipeline: {name}
sources: {{in: {{stdin: {{processor: string}}}}}}
transforms:
  requests:
    steps:
      - parse: {{format: clf}}
      - drop: record.path == "/health"
      - redact: {{fields: [host], with: sha256, key: '${{REDACT_KEY}}'}}
      - route: {{errors: record.status >= 500, rest: default}}
sinks:
  errors: {{from: requests.errors, file: {{path: errors.jsonl}}}}
  rest: {{from: requests.rest, file: {{path: rest.jsonl}}}}
dead_letter: {{file: {{path: dead.jsonl}}}}
"""
    line = '10.0.0.{} - - [10/Oct/2000:13:55:36 +0000] "GET {} HTTP/1.1" {} 12'
    lines = [line.format(1, "/a", 200), line.format(2, "/b", 503), line.format(1, "/health", 200), "what is this?"]
    feed(processes, tmp_path, pipeline, lines, {"REDACT_KEY": "secret"})

    (rest,), (error,), (dead,) = (json_lines(tmp_path / file) for file in ("rest.jsonl", "errors.jsonl", "dead.jsonl"))
    assert (rest["path"], rest["timestamp"]) == ("/a", "2000-10-10T13:55:36+00:00")
    assert rest["host"] == hmac.new(b"secret", b"10.0.0.1", hashlib.sha256).hexdigest()
    assert (error["path"], error["status"]) == ("/b", 503)
    assert (dead["code"], dead["node"]) == ("not_parsable", "requests")


def test_lists_are_opened_and_repetitions_dropped(processes, name, tmp_path):
    pipeline = f"""
pipeline: {name}
sources: {{in: {{stdin: {{}}}}}}
transforms:
  items:
    steps:
      - unnest: {{field: items}}
      - dedupe: {{key: record.items.id}}
      - flatten: {{separator: _}}
sinks: {{out: {{file: {{path: out.jsonl}}}}}}
"""
    orders = [{"order": 1, "items": [{"id": "a"}, {"id": "b"}]}, {"order": 2, "items": [{"id": "b"}, {"id": "c"}]}, {"order": 3, "items": []}]
    feed(processes, tmp_path, pipeline, map(json.dumps, orders))
    assert json_lines(tmp_path / "out.jsonl") == [
        {"order": 1, "items_id": "a"},
        {"order": 1, "items_id": "b"},
        {"order": 2, "items_id": "c"},
    ]


def test_a_file_to_enrich_with_is_read_anew_while_the_agent_runs(start, name, tmp_path):
    pipeline = f"""
pipeline: {name}
sources: {{in: {{file: {{include: [in.jsonl], processor: json_lines}}}}}}
transforms:
  known:
    steps:
      - enrich: {{file: names.csv, column: id, key: record.id, into: who, reload: 1s}}
sinks: {{out: {{file: {{path: out.jsonl}}}}}}
"""
    source, out, names = tmp_path / "in.jsonl", tmp_path / "out.jsonl", tmp_path / "names.csv"

    def arrives(record):
        count = count_lines(out)
        with open(source, "a") as file:
            file.write(json.dumps(record) + "\n")
        eventually(lambda: count_lines(out) > count, lambda: agent.stderr)
        return json_lines(out)[-1].get("who", {}).get("name")

    names.write_text("id,name\n1,Anna\n")
    agent = start(pipeline)
    assert arrives({"id": 1}) == "Anna"
    (tmp_path / "new.csv").write_text("id,name\n1,Zoe\n")
    os.rename(tmp_path / "new.csv", names)
    eventually(lambda: arrives({"id": 1}) == "Zoe", "the new name")
    names.write_text("id,name\n1\n")
    eventually(lambda: arrives({"id": 1}) == "Zoe" and "stays in use" in agent.stderr, lambda: agent.stderr)
    assert agent.terminate().code == 0


def test_a_pipeline_does_not_start_without_the_file_to_enrich_with(run, name):
    ended = run(
        f"""
pipeline: {name}
sources: {{in: {{stdin: {{}}}}}}
transforms: {{t: {{steps: [{{enrich: {{file: nothing.csv, column: id, key: record.id, into: who}}}}]}}}}
sinks: {{out: {{stdout: {{}}}}}}
"""
    )
    ended.failed_once_with("file_not_readable", "nothing.csv cannot be read")
