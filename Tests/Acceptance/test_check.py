"""`check` for programs, `test`, `explain`, and `run --dry-run`."""

import json
import subprocess
import xml.etree.ElementTree

import jsonschema

from agents import BINARY

WRONG = """\
pipeline: wrong
sources: {in: {stdin: {}}}
transforms: {t: {steps: [{filter: record.a = 1}]}}
sinks:
  out: {from: q, stdout: {}}
"""

GOOD = """\
pipeline: good
aws: {region: eu-west-1}
sources: {orders: {kinesis: {stream: orders}}}
transforms: {paid: {steps: [{filter: record.paid}]}}
sinks: {out: {kinesis: {stream: paid, create_stream: true}}}
tests:
  - name: passes
    send: {orders: [{paid: true}, {paid: false}]}
    expect: {out: [{paid: true}]}
"""

# The part of the SARIF 2.1.0 schema that code scanning relies on.
PLACE = {
    "type": "object",
    "required": ["artifactLocation", "region"],
    "properties": {
        "artifactLocation": {"required": ["uri"]},
        "region": {"required": ["startLine", "startColumn", "endColumn"], "additionalProperties": {"type": "integer", "minimum": 1}},
    },
}


def agent(*arguments, **options):
    return subprocess.run([BINARY, *map(str, arguments)], capture_output=True, text=True, **options)


def write(folder, text, name="p.yaml"):
    (folder / name).write_text(text)
    return name


def test_json_has_a_place_for_each_diagnostic(tmp_path):
    ended = agent("check", write(tmp_path, WRONG), "--format", "json", cwd=tmp_path)
    assert ended.returncode == 78
    assert ended.stderr == ""
    report = json.loads(ended.stdout)
    assert (report["errors"], report["warnings"]) == (2, 0)
    assert [(d["file"], d["line"]) for d in report["diagnostics"]] == [("p.yaml", 3), ("p.yaml", 5)]
    sound = json.loads(agent("check", write(tmp_path, GOOD), "--format", "json", cwd=tmp_path).stdout)
    assert sound["pipelines"][0]["name"] == "good" and sound["diagnostics"] == []


def test_sarif_names_rules_and_places(tmp_path):
    ended = agent("check", write(tmp_path, WRONG, "a file.yaml"), "--format", "sarif", cwd=tmp_path)
    assert ended.returncode == 78
    log = json.loads(ended.stdout)
    assert log["version"] == "2.1.0"
    run = log["runs"][0]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert len(run["results"]) == 2
    for result in run["results"]:
        assert rules[result["ruleIndex"]] == result["ruleId"]
        assert result["level"] == "error" and result["message"]["text"]
        place = result["locations"][0]["physicalLocation"]
        jsonschema.validate(place, PLACE)
        assert place["artifactLocation"]["uri"] == "a%20file.yaml"


def test_github_gets_a_workflow_command_for_each(tmp_path):
    lines = agent("check", write(tmp_path, WRONG), "--format", "github", cwd=tmp_path).stdout.splitlines()
    assert len(lines) == 2
    assert lines[0].startswith("::error file=p.yaml,line=3,endLine=3,col=")
    assert "title=invalid_expression::" in lines[0]
    assert "title=unknown_node::there is no node `q`%0Ahelp: " in lines[1]


def test_online_tells_what_cannot_be_reached_once_and_where(tmp_path, emulator, processes):
    text = f"pipeline: p\naws: {{endpoint: '{emulator}', region: us-east-1}}\n" + (
        "sources: {in: {kinesis: {stream: missing}}}\nsinks: {out: {kinesis: {stream: made, create_stream: true}}}\n"
        "checkpoints: {redis: {url: 'redis://127.0.0.1:1/0'}}\n"
    )
    path = tmp_path / "p.yaml"
    path.write_text(text)
    assert processes("check", path).wait(20).code == 0
    ended = processes("check", "--online", path).wait(60)
    assert ended.code == 78
    errors = [line for line in ended.stderr.splitlines() if line.startswith("error[")]
    assert len(errors) == 2, ended.stderr
    assert f"{path}:3:" in ended.stderr and f"{path}:5:" in ended.stderr
    assert "kinesis_not_found" in ended.stderr


def test_tests_pass_with_0_fail_with_1_and_are_wrong_with_78(tmp_path):
    passed = agent("test", write(tmp_path, GOOD), cwd=tmp_path)
    assert (passed.returncode, passed.stdout) == (0, "ok     good: passes\n1 passed\n")
    failed = agent("test", write(tmp_path, GOOD.replace("[{paid: true}]}\n", "[{paid: 7}]}\n")), cwd=tmp_path)
    assert failed.returncode == 1
    assert "p.yaml:7:5" in failed.stdout and "- paid: 7" in failed.stdout and "+ paid: true" in failed.stdout
    report = xml.etree.ElementTree.fromstring(agent("test", "--format", "junit", "p.yaml", cwd=tmp_path).stdout)
    assert report.attrib == {"tests": "1", "failures": "1"}
    wrong = agent("test", write(tmp_path, GOOD.replace("{out: [{paid: true}]}", "{uot: []}")), cwd=tmp_path)
    assert wrong.returncode == 78
    assert "unknown_sink" in wrong.stderr


def test_explain_says_what_is_promised_and_what_it_takes(tmp_path):
    path = write(tmp_path, GOOD)
    text = agent("explain", path, cwd=tmp_path).stdout
    for part in ["└─ ", "stream orders", "at least once", "kept per partition key", "records and 1 MiB a second into each shard", "SQLite"]:
        assert part in text, text
    assert all(len(line) <= 100 for line in text.splitlines())
    value = json.loads(agent("explain", path, "--format", "json", cwd=tmp_path).stdout)
    assert {(edge["from"], edge["to"]) for edge in value["edges"]} == {("orders", "paid"), ("paid", "out")}
    assert agent("explain", path, "--format", "dot", cwd=tmp_path).stdout.startswith('digraph "good" {')
    assert agent("explain", path, "--format", "mermaid", cwd=tmp_path).stdout.startswith("flowchart LR\n")
    dry = agent("run", "--dry-run", path, cwd=tmp_path)
    assert (dry.returncode, dry.stdout) == (0, text)
    assert not (tmp_path / ".local").exists()


def test_the_policy_allows_what_the_pipeline_calls_and_no_more(tmp_path):
    path = write(tmp_path, GOOD)
    policy = json.loads(agent("explain", path, "--format", "iam", "--account", "123456789012", cwd=tmp_path).stdout)
    allowed = {resource: set(s["Action"]) for s in policy["Statement"] for resource in s["Resource"]}
    assert allowed == {
        "arn:aws:kinesis:eu-west-1:123456789012:stream/orders": {
            "kinesis:DescribeStreamSummary",
            "kinesis:ListShards",
            "kinesis:GetShardIterator",
            "kinesis:GetRecords",
        },
        "arn:aws:kinesis:eu-west-1:123456789012:stream/paid": {
            "kinesis:DescribeStreamSummary",
            "kinesis:ListShards",
            "kinesis:PutRecords",
            "kinesis:CreateStream",
        },
    }
    unknown = agent("explain", path, "--format", "iam", cwd=tmp_path)
    assert "arn:aws:kinesis:eu-west-1:ACCOUNT:stream/orders" in unknown.stdout
    assert "--account" in unknown.stderr
