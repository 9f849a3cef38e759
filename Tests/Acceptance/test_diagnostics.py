"""Everything that is wrong with a pipeline file is told at once, with its place, before anything is touched."""

import re
from pathlib import Path

import pytest

FIVE_MISTAKES = """\
pipeline: mistakes
aws: {endpoint: embedded}
sources:
  orders:
    kinesis: {strem: orders}
transforms:
  paid:
    from: order
    steps:
      - filter: record.status = "paid"
sinks:
  archive:
    from: paid
    file: {path: out.jsonl, processor: jsonlines}
  relay:
    from: paid
    kinesis: {stream: out, buffer_time: soon}
"""


@pytest.mark.parametrize("command", ["check", "run"])
def test_five_mistakes_get_five_located_diagnostics(command, processes, tmp_path):
    path = tmp_path / "mistakes.yaml"
    path.write_text(FIVE_MISTAKES)
    ended = processes(command, path, environment={"AWS_REGION": "", "AWS_ACCESS_KEY_ID": ""}).wait(10)
    assert ended.code == 78
    assert ended.stdout == ""
    places = {int(line) for line in re.findall(rf"{re.escape(str(path))}:(\d+):\d+", ended.stderr)}
    assert {5, 8, 10, 14, 17} <= places, ended.stderr
    assert not (tmp_path / ".local").exists(), "nothing is made before the file is understood"


def test_a_diagnostic_shows_the_line_and_what_was_meant(processes, tmp_path):
    path = tmp_path / "mistakes.yaml"
    path.write_text(FIVE_MISTAKES)
    ended = processes("check", path).wait(10)
    assert "kinesis: {strem: orders}" in ended.stderr
    assert "^" in ended.stderr
    assert re.search(r"did you mean `?stream`?", ended.stderr, re.IGNORECASE), ended.stderr


def test_a_good_file_passes(processes, tmp_path):
    path = tmp_path / "good.yaml"
    path.write_text("pipeline: good\nsources: {in: {stdin: {}}}\nsinks: {out: {stdout: {}}}\n")
    ended = processes("check", path).wait(10)
    assert ended.code == 0, ended.stderr
    assert "good" in ended.stdout


def test_a_secret_is_never_repeated(processes, tmp_path):
    path = tmp_path / "secret.yaml"
    path.write_text(
        "pipeline: secret\ncheckpoints: {redis: {url: '${REDIS_URL}'}}\nsources: {in: {stdin: {}}}\nsinks: {out: {stdout: {}}}\n"
    )
    ended = processes("check", path, environment={"REDIS_URL": "http://user:hunter2@localhost"}).wait(10)
    assert ended.code == 78
    assert "secret.yaml:2:" in ended.stderr
    assert "hunter2" not in ended.stderr


@pytest.mark.parametrize("arguments", [["run"], ["run", "--until-idle", "soon", "x.yaml"], ["fly"]])
def test_wrong_usage_is_64(arguments, processes):
    assert processes(*arguments).wait(10).code == 64


@pytest.mark.parametrize("name", ["quickstart", "relay", "ship-logs"])
def test_the_pipelines_that_come_along_are_sound(name, processes):
    path = Path(__file__).parents[2] / "pipelines" / f"{name}.yaml"
    ended = processes("check", path).wait(10)
    assert ended.code == 0, ended.stderr
    assert ended.stderr == ""
