"""Positions as people see and set them, in each store."""

import json

import pytest
import redis
import streams
from agents import eventually, json_lines
from redis_server import free_port

PIPELINE = """
pipeline: {name}
aws: {{endpoint: '{url}', region: us-east-1}}
checkpoints: {checkpoints}
sources:
  orders:
    kinesis: {{stream: {name}, shard_fetch_rate: 5, sleep_time_no_records: 100ms}}
sinks:
  archive:
    file: {{path: archive.jsonl}}
"""


@pytest.fixture
def checkpoints_command(processes, tmp_path):
    """Runs `kinesis-agent checkpoints …` to its end."""

    def command(*arguments, stdin="", **options):
        (tmp_path / "stdin").write_text(stdin)
        with open(tmp_path / "stdin", "rb") as file:
            return processes("checkpoints", *arguments, "--state", tmp_path / "state", stdin=file, **options).wait(20)

    return command


@pytest.fixture
def pipeline(tmp_path, emulator, kinesis, checkpoints, name):
    """The file of a pipeline that has read 100 orders from two shards."""
    streams.create(kinesis, name, shards=2)
    streams.put_orders(kinesis, name, streams.orders(100))
    path = tmp_path / "pipeline.yaml"
    path.write_text(PIPELINE.format(name=name, url=emulator, checkpoints=checkpoints))
    return path


@pytest.fixture
def agent(processes, pipeline, tmp_path):
    return lambda *arguments: processes("run", pipeline, "--state", tmp_path / "state", *arguments)


@pytest.fixture
def has_read(agent):
    assert agent("--until-idle", "500ms").wait(30).code == 0


def rows(command, pipeline):
    ended = command("list", pipeline, "--format", "json")
    assert ended.code == 0, ended.stderr
    return [json.loads(line) for line in ended.stdout.splitlines()]


def test_positions_are_listed_and_shown(has_read, checkpoints_command, pipeline, name):
    found = rows(checkpoints_command, pipeline)
    assert [row["shard"] for row in found] == ["shardId-000000000000", "shardId-000000000001"]
    assert all(row["pipeline"] == row["source"] == name and row["position"].isdigit() and "owner" not in row for row in found)
    table = checkpoints_command("list", pipeline).stdout.splitlines()
    assert table[0].split() == ["PIPELINE", "SOURCE", "SHARD", "POSITION", "OWNER", "LEFT"]
    assert table[1].split() == [name, name, found[0]["shard"], found[0]["position"], "-", "-"]
    shown = checkpoints_command("show", pipeline, "shardId-000000000001", "--format", "json")
    assert json.loads(shown.stdout) == found[1]
    assert f"position        {found[1]['position']}" in checkpoints_command("show", pipeline, "shardId-000000000001").stdout
    checkpoints_command("show", pipeline, "shardId-9").failed_once_with("no_such_checkpoint", "shardId-9")


def test_a_position_that_was_set_is_where_the_next_run_begins(has_read, checkpoints_command, pipeline, agent, tmp_path):
    ended = checkpoints_command("set", pipeline, "shardId-000000000000", "TRIM_HORIZON")
    assert ended.code == 0 and "-> TRIM_HORIZON" in ended.stdout
    before = len(json_lines(tmp_path / "archive.jsonl"))
    assert agent("--until-idle", "500ms").wait(30).code == 0
    again = json_lines(tmp_path / "archive.jsonl")[before:]
    assert 0 < len(again) < 100, "one of the two shards is read again"
    assert len({order["n"] for order in again}) == len(again)
    assert checkpoints_command("set", pipeline, "shardId-000000000000", "LATEST").code == 64
    checkpoints_command("set", pipeline, "shardId-7", "TRIM_HORIZON").failed_once_with("no_such_checkpoint", "shardId-7")


def test_a_shard_that_an_agent_reads_is_left_alone_without_force(checkpoints_command, pipeline, agent, tmp_path, name):
    running = agent()
    eventually(lambda: len({order["n"] for order in json_lines(tmp_path / "archive.jsonl")}) == 100, lambda: running.stderr)
    owned = eventually(lambda: (r := rows(checkpoints_command, pipeline)) and all("owner" in row for row in r) and r, "nobody reads")
    refused = checkpoints_command("set", pipeline, "shardId-000000000000", "TRIM_HORIZON")
    refused.failed_once_with("checkpoint_in_use", owned[0]["owner"])
    assert "for another" in refused.stderr and "--force" in refused.stderr
    exported = checkpoints_command("export", pipeline).stdout
    checkpoints_command("import", pipeline, stdin=exported).failed_once_with("checkpoint_in_use", "is held by")
    assert rows(checkpoints_command, pipeline)[0]["token"] == owned[0]["token"]

    assert checkpoints_command("set", pipeline, "shardId-000000000000", "TRIM_HORIZON", "--force").code == 0
    running.says("lost a lease")
    # The agent takes the shard again, where it was set to.
    eventually(lambda: len(json_lines(tmp_path / "archive.jsonl")) > 100, lambda: running.stderr)
    assert running.terminate().code == 0


def test_an_export_moves_a_pipeline_into_another_store(has_read, checkpoints_command, pipeline, processes, tmp_path, name):
    exported = checkpoints_command("export", pipeline)
    assert exported.code == 0
    lines = [json.loads(line) for line in exported.stdout.splitlines()]
    assert [line.get("shard") for line in lines] == [None, "shardId-000000000000", "shardId-000000000001"]
    assert lines[0]["start"] == "TRIM_HORIZON" and all(line["source"] == name for line in lines)

    moved = tmp_path / "moved.yaml"
    sqlite = "{sqlite: {path: '%s'}}" % (tmp_path / "moved.sqlite")
    moved.write_text("\n".join(f"checkpoints: {sqlite}" if "checkpoints:" in line else line for line in pipeline.read_text().splitlines()))
    imported = checkpoints_command("import", moved, stdin=exported.stdout)
    assert imported.stdout == "2 positions set\n", imported.stderr
    assert checkpoints_command("export", moved).stdout == exported.stdout
    before = len(json_lines(tmp_path / "archive.jsonl"))
    ended = processes("run", moved, "--state", tmp_path / "state", "--until-idle", "500ms").wait(30)
    assert ended.code == 0, ended.stderr
    assert len(json_lines(tmp_path / "archive.jsonl")) == before, "nothing is read again"


def test_a_line_that_is_wrong_sets_nothing(has_read, checkpoints_command, pipeline, name):
    before = rows(checkpoints_command, pipeline)
    lines = json.dumps({"source": name, "shard": "shardId-000000000000", "position": "TRIM_HORIZON"}) + '\n{"source": 5}\n'
    checkpoints_command("import", pipeline, stdin=lines).failed_once_with("checkpoint_line_invalid", "line 2")
    assert rows(checkpoints_command, pipeline) == before


def test_positions_of_async_kinesis_are_taken_over(checkpoints_command, pipeline, kinesis, agent, redis_url, tmp_path, name):
    client = redis.Redis.from_url(redis_url, decode_responses=True)
    shards = records_by_shard(kinesis, name)
    expected = 0
    for shard, records in shards.items():
        # Half of each shard is done.
        done = records[len(records) // 2 - 1]
        expected += len(records) - len(records) // 2
        client.set(f"pyredis-{name}-py-{shard}", json.dumps({"ref": None, "ts": None, "sequence": done["SequenceNumber"]}))
    client.set(f"pyredis-{name}-py-shardId-000000000099", json.dumps({"ref": None, "ts": None, "sequence": "5"}))
    live = f"pyredis-{name}-py-shardId-000000000001"
    free = client.get(live)
    client.set(live, json.dumps(json.loads(free) | {"ref": f"{name}-py/1", "ts": int(client.time()[0])}))

    arguments = ["import", pipeline, "--from-async-kinesis", f"{name}-py", "--redis", redis_url]
    checkpoints_command(*arguments).failed_once_with("checkpoint_in_use", f"{name}-py/1")
    client.set(live, free)
    ended = checkpoints_command(*arguments)
    assert ended.stdout == "2 positions set\n", ended.stderr
    found = rows(checkpoints_command, pipeline)
    assert all(row["last_hash_key"] for row in found) and len(found) == 2
    assert agent("--until-idle", "500ms").wait(30).code == 0
    assert len(json_lines(tmp_path / "archive.jsonl")) == expected


def records_by_shard(kinesis, name):
    found = {}
    for shard in streams.shard_ids(kinesis, name):
        place = kinesis.get_shard_iterator(StreamName=name, ShardId=shard, ShardIteratorType="TRIM_HORIZON")["ShardIterator"]
        found[shard] = kinesis.get_records(ShardIterator=place)["Records"]
    return found


def test_the_variables_of_async_kinesis_name_the_redis(checkpoints_command, tmp_path, redis_url, name):
    path = tmp_path / "p.yaml"
    path.write_text(f"pipeline: {name}\ncheckpoints: {{redis: {{}}}}\nsources: {{in: {{stdin: {{}}}}}}\nsinks: {{out: {{discard: {{}}}}}}\n")
    port = redis_url.rpartition(":")[2].partition("/")[0]
    ended = checkpoints_command("list", path, environment={"REDIS_HOST": "127.0.0.1", "REDIS_PORT": port, "REDIS_DB": "3"})
    assert ended.code == 0, ended.stderr
    nobody = free_port()
    ended = checkpoints_command("list", path, environment={"REDIS_HOST": "127.0.0.1", "REDIS_PORT": str(nobody)})
    ended.failed_once_with("redis_unreachable", f"127.0.0.1:{nobody}")


def test_memory_keeps_nothing_to_be_shown(checkpoints_command, tmp_path):
    path = tmp_path / "p.yaml"
    path.write_text("pipeline: p\ncheckpoints: {memory: {}}\nsources: {in: {stdin: {}}}\nsinks: {out: {discard: {}}}\n")
    checkpoints_command("list", path).failed_once_with("nothing_kept", "memory")
