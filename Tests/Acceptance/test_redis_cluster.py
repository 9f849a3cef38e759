"""Leases in a Redis Cluster: a primary that is killed, and a slot that moves, while agents relay."""

import json
import threading
import time

import pytest
import streams
from agents import eventually
from redis_cluster import RedisCluster

PIPELINE = """
pipeline: {name}
aws: {{endpoint: '{url}', region: us-east-1}}
checkpoints:
  redis: {{url: {urls}, cluster: true, session_timeout: 15s, heartbeat_frequency: 1s}}
sources:
  orders:
    kinesis: {{stream: {name}, shard_fetch_rate: 5, sleep_time_no_records: 100ms}}
sinks:
  relay:
    kinesis: {{stream: {name}-copy}}
"""


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    cluster = RedisCluster(tmp_path_factory.mktemp("cluster"))
    yield cluster
    cluster.end()


@pytest.fixture
def agents(cluster, emulator, kinesis, start, name):
    """Two that share the four shards of a stream, and relay it into another."""
    streams.create(kinesis, name, shards=4)
    streams.create(kinesis, f"{name}-copy", shards=4)
    # One node is enough to find the others.
    text = PIPELINE.format(name=name, url=emulator, urls=cluster.urls[-1])
    return [start(text, state=f"state-{number}", name=f"agent-{number}") for number in (1, 2)]


@pytest.fixture
def load(kinesis, name):
    """Puts orders for as long as a test is at work; `stop` answers how many."""

    class Load:
        count = 0
        ended = threading.Event()

        def run(self):
            while not self.ended.is_set():
                streams.put_orders(kinesis, name, streams.orders(100, start=self.count))
                self.count += 100
                time.sleep(0.1)

        def stop(self):
            self.ended.set()
            self.thread.join()
            return self.count

    load = Load()
    load.ended = threading.Event()
    load.thread = threading.Thread(target=load.run)
    load.thread.start()
    yield load
    load.stop()


def relayed(kinesis, name):
    return [json.loads(record["Data"]) for record in streams.records(kinesis, f"{name}-copy")]


def all_arrive(kinesis, name, count, agents):
    def arrived():
        return {order["n"] for order in relayed(kinesis, name)}

    def told():
        return f"{len(arrived())} of {count} records:\n" + "\n".join(agent.stderr[-2000:] for agent in agents)

    eventually(lambda: arrived() == set(range(count)), told, within=40)
    orders = streams.first_arrivals(relayed(kinesis, name))
    assert len(orders) == count


def hash_tag(name):
    return f"{{kinesis-agent:{name}:{name}}}"


def test_nothing_is_lost_when_a_primary_is_killed(cluster, agents, load, kinesis, name):
    slot = cluster.slot(hash_tag(name))
    primary = cluster.primary(slot)
    eventually(lambda: primary.client.hget(f"{hash_tag(name)}:lease:shardId-000000000000", "owner"), "no lease is held")
    eventually(lambda: load.count >= 500, "no load")
    # The agents are at work on leases that this one holds.
    primary.kill()
    successor = eventually(lambda: cluster.primary(slot), "no replica takes over", 30)
    before = load.count
    eventually(lambda: load.count >= before + 1_000, "no load")
    key = f"{hash_tag(name)}:lease:shardId-000000000000"
    position = successor.client.hget(key, "position")
    eventually(lambda: successor.client.hget(key, "position") != position, "no position is stored after the failover", 30)
    count = load.stop()
    all_arrive(kinesis, name, count, agents)
    for agent in agents:
        assert agent.terminate(20).code == 0
        assert "Fatal" not in agent.stderr
    assert successor.client.hget(key, "owner") is None, "a drain gives the shards back"


def test_a_slot_that_moves_is_followed(cluster, agents, load, kinesis, name):
    tag = hash_tag(name)
    slot = cluster.slot(tag)
    source = cluster.primary(slot)
    eventually(lambda: source.client.hget(f"{tag}:lease:shardId-000000000003", "owner"), "no lease is held")
    target = next(node for node in cluster.living if node is not source and node.command("ROLE")[0] == "master")
    source_id, target_id = (node.command("CLUSTER", "MYID") for node in (source, target))

    target.command("CLUSTER", "SETSLOT", slot, "IMPORTING", source_id)
    source.command("CLUSTER", "SETSLOT", slot, "MIGRATING", target_id)
    keys = source.command("CLUSTER", "GETKEYSINSLOT", slot, 1000)
    assert len(keys) >= 5
    for key in keys[: len(keys) // 2]:
        source.command("MIGRATE", "127.0.0.1", target.port, key, 0, 5000)
    # In between: some keys are here, others there, and scripts that need both have to wait.
    time.sleep(3)
    while keys := source.command("CLUSTER", "GETKEYSINSLOT", slot, 1000):
        for key in keys:
            source.command("MIGRATE", "127.0.0.1", target.port, key, 0, 5000)
    for node in (target, source):
        node.command("CLUSTER", "SETSLOT", slot, "NODE", target_id)

    key = f"{tag}:lease:shardId-000000000000"
    before = load.count
    eventually(lambda: load.count >= before + 500, "no load")
    position = target.client.hget(key, "position")
    eventually(lambda: target.client.hget(key, "position") != position, "no position is stored in the slot's new place", 30)
    count = load.stop()
    all_arrive(kinesis, name, count, agents)
    for agent in agents:
        assert agent.terminate(20).code == 0


def test_a_server_that_is_no_cluster_is_told(redis_url, run, tmp_path):
    text = "pipeline: p\ncheckpoints: {redis: {url: '%s', cluster: true}}\nsources: {in: {stdin: {}}}\nsinks: {out: {discard: {}}}\n"
    run(text % redis_url).failed_once_with("redis_not_cluster", "cluster: true")


def test_a_cluster_that_is_taken_for_a_server_is_told(cluster, run):
    text = "pipeline: p\ncheckpoints: {redis: {url: '%s'}}\nsources: {in: {file: {include: [x], follow: false}}}\nsinks: {out: {discard: {}}}\n"
    ended = [run(text % f"redis://127.0.0.1:{node.port}") for node in cluster.living[:4]]
    # One of the nodes may have the slot by chance.
    refused = [one for one in ended if one.code != 0]
    assert refused
    for one in refused:
        one.failed_once_with("redis_cluster", "cluster: true")
