"""What befalls a fleet: a plan made from a seed, and the threads that carry it out."""

import random
import threading
import time
from dataclasses import dataclass

import streams


@dataclass(frozen=True)
class Step:
    # Seconds since the beginning.
    at: float
    what: str
    # How long it lasts, and which of the possible subjects it takes, from 0 to 1.
    lasting: float
    choice: float


def series(seed, seconds, kinds, pause, lasting):
    """Steps one after the other; each waits for the end of the one before it."""
    chosen = random.Random(seed)
    steps, at = [], chosen.uniform(*pause)
    while at < seconds:
        step = Step(at, chosen.choice(kinds), chosen.uniform(*lasting), chosen.random())
        steps.append(step)
        at += step.lasting + chosen.uniform(*pause)
    return steps


def redis_troubles(seed, seconds, outage):
    """One FLUSHALL and one outage, in either order, of either kind."""
    chosen = random.Random(f"{seed} redis")
    away = Step(0, chosen.choice(["redis stopped", "redis suspended"]), min(outage, seconds / 3), 0)
    flush = Step(0, "redis flushed", 0, 0)
    if chosen.random() < 0.5:
        return [Step(seconds * 0.1, flush.what, 0, 0), Step(seconds * 0.4, away.what, away.lasting, 0)]
    return [Step(seconds * 0.15, away.what, away.lasting, 0), Step(seconds * 0.75, flush.what, 0, 0)]


class Actor(threading.Thread):
    """Carries out one series of steps."""

    def __init__(self, fleet, steps, act):
        super().__init__(daemon=True)
        self.fleet, self.steps, self.act, self.failure = fleet, steps, act, None

    def run(self):
        began = time.monotonic()
        try:
            for step in self.steps:
                time.sleep(max(0, began + step.at - time.monotonic()))
                self.act(self.fleet, step)
        except Exception as failure:
            self.failure = failure


def together(fleet, *series):
    """Carries out (steps, act) pairs side by side, to their ends."""
    actors = [Actor(fleet, steps, act) for steps, act in series]
    for actor in actors:
        actor.start()
    for actor in actors:
        actor.join()
    for actor in actors:
        if actor.failure:
            raise actor.failure


def one_of(these, choice):
    return these[int(choice * len(these))]


def hurt_redis(fleet, step):
    fleet.note(step.what)
    if step.what == "redis flushed":
        fleet.leases.flush()
        return
    if step.what == "redis stopped":
        fleet.redis.stop()
        time.sleep(step.lasting)
        fleet.redis.start()
    else:
        fleet.redis.suspend()
        time.sleep(step.lasting)
        fleet.redis.resume()
    fleet.note("redis back")


def hurt_agent(fleet, step):
    agent = one_of(fleet.agents, step.choice)
    if step.what == "killed":
        fleet.note("killed", agent.name)
        agent.kill()
        time.sleep(step.lasting / 4)
        fleet.note("started", agent.name)
        agent.start()
    else:
        fleet.note("suspended", agent.name)
        agent.suspend()
        time.sleep(fleet.session + step.lasting)
        fleet.note("continued", agent.name)
        agent.resume()


def come_and_go(fleet, step):
    """An agent leaves where several run, or one comes back where one is away."""
    running = [agent for agent in fleet.agents if agent.is_running]
    away = [agent for agent in fleet.agents if not agent.is_running]
    if away and (len(running) == 1 or step.what == "joined"):
        agent = one_of(away, step.choice)
        fleet.note("joined", agent.name)
        agent.start()
    elif len(running) > 1:
        agent = one_of(running, step.choice)
        fleet.note("leaving", agent.name)
        agent.leave()
        fleet.note("left", agent.name)


def reshard(fleet, step):
    """Splits an open shard of the source, or merges two neighbours, and waits until that is done."""
    kinesis = streams.client(fleet.url)
    pages = kinesis.get_paginator("list_shards").paginate(StreamName=fleet.source)
    shards = [shard for page in pages for shard in page["Shards"] if "EndingSequenceNumber" not in shard["SequenceNumberRange"]]
    ranges = {
        shard["ShardId"]: (int(shard["HashKeyRange"]["StartingHashKey"]), int(shard["HashKeyRange"]["EndingHashKey"])) for shard in shards
    }
    in_order = sorted(ranges, key=ranges.get)
    if step.what == "split":
        shard = one_of(in_order, step.choice)
        low, high = ranges[shard]
        fleet.note("split", shard)
        kinesis.split_shard(StreamName=fleet.source, ShardToSplit=shard, NewStartingHashKey=str((low + high + 1) // 2))
    else:
        shard, neighbour = one_of(list(zip(in_order, in_order[1:])), step.choice)
        fleet.note("merged", f"{shard} {neighbour}")
        kinesis.merge_shards(StreamName=fleet.source, ShardToMerge=shard, AdjacentShardToMerge=neighbour)
    while kinesis.describe_stream_summary(StreamName=fleet.source)["StreamDescriptionSummary"]["StreamStatus"] != "ACTIVE":
        time.sleep(0.05)
