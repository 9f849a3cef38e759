"""The pipeline that the README begins with does what it says, and at once."""

import json
import time
from pathlib import Path

import pytest
from agents import eventually, json_lines

ROOT = Path(__file__).parents[2]


@pytest.fixture
def quickstart(processes, tmp_path):
    (tmp_path / "pipelines").symlink_to(ROOT / "pipelines")

    def quickstart(*arguments, state):
        output = {"QUICKSTART_OUTPUT": str(tmp_path / f"{state}.jsonl")}
        return processes("run", "pipelines/quickstart.yaml", "--state", tmp_path / state, *arguments, environment=output)

    return quickstart


def failed_requests():
    requests = map(json.loads, (ROOT / "pipelines/sample/access.log").read_text().splitlines())
    return [r for r in requests if r["path"].startswith("/api") and r["status"] >= 500]


def test_failed_requests_come_out_of_the_file_and_the_terminal(quickstart, tmp_path):
    ended = quickstart("--until-idle", "500ms", state="fresh").wait(20)
    assert ended.code == 0, ended.stderr
    arrived = json_lines(tmp_path / "fresh.jsonl")
    assert ended.stdout == (tmp_path / "fresh.jsonl").read_text()
    assert sorted(r["time"] for r in arrived) == sorted(r["time"] for r in failed_requests())
    for record in arrived:
        assert set(record) == {"time", "client", "request", "status", "seconds", "is_timeout", "user"}
        assert record["is_timeout"] == (record["status"] == 504)
        assert record["request"]["path"].startswith("/api")


def test_the_first_output_comes_at_once(quickstart):
    """Half a second is the promise of an optimized build on a machine that is not busy: this bound is one for any."""
    quickstart("--until-idle", "100ms", state="warm").wait(20)
    began = time.monotonic()
    agent = quickstart(state="timed")
    eventually(lambda: agent.stdout, lambda: f"no output:\n{agent.stderr}", within=3)
    print(f"first output after {time.monotonic() - began:.3f} s")
    assert agent.terminate().code == 0
