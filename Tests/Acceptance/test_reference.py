"""What the program says of itself: its reference tables, lists, the starter file, and completions."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from agents import BINARY

ROOT = Path(__file__).parents[2]


def agent(*arguments, **options):
    return subprocess.run([BINARY, *map(str, arguments)], capture_output=True, text=True, **options)


def test_the_reference_tables_of_the_readme_are_up_to_date():
    ended = agent("reference", "--check", ROOT / "README.md")
    assert ended.returncode == 0, ended.stderr


def test_stale_tables_are_found_and_brought_up_to_date(tmp_path):
    path = tmp_path / "R.md"
    path.write_text("# Title\n<!-- generated: stores -->\nOUTDATED\n<!-- end -->\nthe end\n")
    stale = agent("reference", "--check", path)
    assert stale.returncode == 1
    assert "stale" in stale.stderr
    assert "OUTDATED" in path.read_text()
    assert agent("reference", path).returncode == 0
    text = path.read_text()
    assert "OUTDATED" not in text and "**`sqlite`**" in text and text.endswith("<!-- end -->\nthe end\n")
    assert agent("reference", "--check", path).returncode == 0
    path.write_text("<!-- generated: nonsense -->\n<!-- end -->\n")
    assert "nothing is called `nonsense`" in agent("reference", path).stderr


def test_lists_name_every_kind_and_its_options():
    overview = agent("list").stdout
    for word in ["sources", "kinesis", "stdin", "sinks", "discard", "steps", "filter", "processors", "kpl_json", "stores", "redis"]:
        assert word in overview
    assert all(len(line) <= 100 for line in overview.splitlines())
    one = agent("list", "sinks", "kinesis").stdout
    assert "partition_key" in one and "file" not in one.split()
    groups = json.loads(agent("list", "--format", "json").stdout)
    assert {"sources", "sinks", "steps", "processors", "stores"} == set(groups)
    wrong = agent("list", "steps", "fliter")
    assert wrong.returncode == 64
    assert "did you mean `filter`?" in wrong.stderr


def test_the_starter_file_checks_tests_and_runs_and_is_never_overwritten(tmp_path):
    environment = {**os.environ, "KINESIS_AGENT_STATE": str(tmp_path / "state")}
    written = agent("init", cwd=tmp_path)
    assert written.returncode == 0, written.stderr
    checked = agent("check", "pipeline.yaml", cwd=tmp_path)
    assert (checked.returncode, checked.stderr) == (0, "")
    tested = agent("test", "pipeline.yaml", cwd=tmp_path)
    assert (tested.returncode, tested.stdout.splitlines()[-1]) == (0, "1 passed")
    order = '{"status": "paid", "net": 10.0, "vat": 2.0}\n'
    ran = agent("run", "pipeline.yaml", cwd=tmp_path, input=order, env=environment)
    assert json.loads(ran.stdout)["total"] == 12.0, ran.stderr
    again = agent("init", cwd=tmp_path)
    assert again.returncode == 1
    assert "is there already" in again.stderr


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completions_know_the_commands(shell):
    script = agent("completions", shell).stdout
    for command in ("run", "check", "explain", "emulator"):
        assert command in script
    if shell == "bash":
        assert subprocess.run(["bash", "-n"], input=script, text=True).returncode == 0
