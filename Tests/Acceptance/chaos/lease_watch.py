"""Watches the lease rows in Redis for what no row may ever do."""

import threading
import time
from dataclasses import dataclass

import redis

ENDS = {"TRIM_HORIZON": 0, "AT_TIMESTAMP": 0, "SHARD_END": 2}


@dataclass(frozen=True)
class Row:
    token: int
    position: str
    sub: str
    owner: str

    @property
    def place(self):
        """Sorts as positions follow each other. Without an index it is the end of a whole record."""
        if self.position in ENDS:
            return (ENDS[self.position], 0, 0)
        return (1, int(self.position), int(self.sub) if self.sub else float("inf"))


class LeaseWatch(threading.Thread):
    """Reads all rows of a group again and again: tokens and positions only grow, from one FLUSHALL to the next."""

    def __init__(self, port, group):
        super().__init__(name="lease-watch", daemon=True)
        self.client = redis.Redis(port=port, socket_timeout=1, decode_responses=True)
        self.pattern = f"{{kinesis-agent:{group}:*}}:lease:*"
        self.halt = threading.Event()
        self.lock = threading.Lock()
        self.rows = {}
        self.violations = []
        # (seconds since 1970, shard, owner before, owner after), where both are somebody.
        self.takeovers = []
        # Kept beyond the end of an ownership: a lease that was given back and taken is a change, too.
        self.owners = {}
        self.looks = 0

    def run(self):
        while not self.halt.wait(0.1):
            with self.lock:
                try:
                    self._look()
                except (redis.RedisError, OSError):
                    continue  # Redis is away, as it is meant to be now and then.

    def _look(self):
        keys = list(self.client.scan_iter(self.pattern, count=1_000))
        with self.client.pipeline(transaction=False) as pipeline:
            for key in keys:
                pipeline.hmget(key, "token", "position", "sub", "owner")
            found = pipeline.execute()
        for key, (token, position, sub, owner) in zip(keys, found):
            if token is not None:
                self._compare(key.rpartition(":")[2], Row(int(token), position, sub or "", owner or ""))
        self.looks += 1

    def _compare(self, shard, row):
        before = self.rows.get(shard)
        self.rows[shard] = row
        if before:
            if row.token < before.token:
                self.violations.append(f"the token of {shard} went from {before.token} back to {row.token}: {before} {row}")
            if row.place < before.place:
                self.violations.append(f"the position of {shard} went back: {before} {row}")
        owner = self.owners.get(shard)
        if row.owner and owner and row.owner != owner:
            self.takeovers.append((time.time(), shard, owner, row.owner))
        if row.owner:
            self.owners[shard] = row.owner

    def flush(self):
        """FLUSHALL, after which everything may begin anew."""
        with self.lock:
            self.client.flushall()
            self.rows.clear()

    def held(self):
        """The shards that each owner holds."""
        with self.lock:
            rows = dict(self.rows)
        found = {}
        for shard, row in rows.items():
            if row.owner:
                found.setdefault(row.owner, set()).add(shard)
        return found

    def finish(self):
        self.halt.set()
        self.join()
