"""Shards split and merge while many write and many read: nothing is lost, doubled or out of order."""

import collections
import threading
import time

import pytest
import servers
import wire


class Readers:
    """Reads every shard to its end, and children only after all their parents, as a consumer must."""

    def __init__(self, url, stream):
        self.url, self.stream = url, stream
        self.lock = threading.Lock()
        self.records = []
        self.ended, self.started, self.threads, self.failures = set(), set(), [], []
        self.writers_done = threading.Event()

    def start(self, shard):
        with self.lock:
            if shard in self.started:
                return
            self.started.add(shard)
            thread = threading.Thread(target=self.read, args=(shard,))
            self.threads.append(thread)
        thread.start()

    def read(self, shard):
        try:
            kinesis = wire.client(self.url)
            place = kinesis.get_shard_iterator(StreamName=self.stream, ShardId=shard, ShardIteratorType="TRIM_HORIZON")["ShardIterator"]
            while place is not None:
                was_done = self.writers_done.is_set()
                reply = kinesis.get_records(ShardIterator=place, Limit=500)
                with self.lock:
                    self.records += [(shard, r["SequenceNumber"], r["PartitionKey"], int(r["Data"])) for r in reply["Records"]]
                place = reply.get("NextShardIterator")
                if was_done and not reply["Records"] and reply["MillisBehindLatest"] == 0 and place is not None:
                    return
            children = reply["ChildShards"]
            assert children
            with self.lock:
                self.ended.add(shard)
                ready = [child["ShardId"] for child in children if set(child["ParentShards"]) <= self.ended]
            for child in ready:
                self.start(child)
        except BaseException as failure:  # noqa: BLE001
            self.failures.append(failure)

    def join(self):
        for thread in self.threads:  # grows while it is read
            thread.join(60)
            assert not thread.is_alive()
        if self.failures:
            raise self.failures[0]


@pytest.mark.parametrize("storage", [("--memory",), None], ids=["memory", "durable"])
def test_resharding_under_load(storage, tmp_path):
    with servers.emulator(storage=storage or ("--data", str(tmp_path))) as server:
        kinesis = wire.client(server.url)
        kinesis.create_stream(StreamName="s", ShardCount=2)
        stop = threading.Event()
        acknowledged, failures = {}, []

        def write(writer):
            client = wire.client(server.url)
            try:
                n = 0
                while not stop.is_set():
                    batch = [{"Data": b"%d" % (n + i), "PartitionKey": f"{writer}-{(n + i) % 7}"} for i in range(20)]
                    reply = client.put_records(StreamName="s", Records=batch)
                    assert reply["FailedRecordCount"] == 0
                    for entry, put in zip(reply["Records"], batch):
                        acknowledged[entry["ShardId"], entry["SequenceNumber"]] = (put["PartitionKey"], int(put["Data"]))
                    n += 20
            except BaseException as failure:  # noqa: BLE001
                failures.append(failure)

        readers = Readers(server.url, "s")
        for shard in ("shardId-000000000000", "shardId-000000000001"):
            readers.start(shard)
        writers = [threading.Thread(target=write, args=(n,)) for n in range(3)]
        for thread in writers:
            thread.start()

        for target in (4, 2, 3, 5, 3):
            time.sleep(0.3)
            kinesis.update_shard_count(StreamName="s", TargetShardCount=target, ScalingType="UNIFORM_SCALING")
        for _ in range(3):
            time.sleep(0.2)
            widest = kinesis.list_shards(StreamName="s", ShardFilter={"Type": "AT_LATEST"})["Shards"][0]
            low, high = (int(widest["HashKeyRange"][end]) for end in ("StartingHashKey", "EndingHashKey"))
            kinesis.split_shard(StreamName="s", ShardToSplit=widest["ShardId"], NewStartingHashKey=str((low + high) // 2))
            one, other = [s["ShardId"] for s in kinesis.list_shards(StreamName="s")["Shards"][-2:]]
            kinesis.merge_shards(StreamName="s", ShardToMerge=one, AdjacentShardToMerge=other)
        time.sleep(0.2)
        stop.set()
        for thread in writers:
            thread.join()
        assert not failures, failures
        readers.writers_done.set()
        readers.join()

        found = {(shard, number): (key, value) for shard, number, key, value in readers.records}
        assert len(found) == len(readers.records), "a record was read twice"
        assert found == acknowledged
        order = collections.defaultdict(list)
        for _, _, key, value in readers.records:
            order[key].append(value)
        assert all(values == sorted(values) for values in order.values()), "a key's records were read out of order"
        check_lineage(kinesis)


def check_lineage(kinesis):
    """Children begin after their parents have ended; what is open covers the hash space once."""
    shards = {s["ShardId"]: s for s in kinesis.list_shards(StreamName="s")["Shards"]}
    for shard in shards.values():
        for parent in (shard.get("ParentShardId"), shard.get("AdjacentParentShardId")):
            if parent:
                assert int(shards[parent]["SequenceNumberRange"]["EndingSequenceNumber"]) < int(
                    shard["SequenceNumberRange"]["StartingSequenceNumber"]
                )
    ranges = sorted(
        (int(s["HashKeyRange"]["StartingHashKey"]), int(s["HashKeyRange"]["EndingHashKey"]))
        for s in shards.values()
        if "EndingSequenceNumber" not in s["SequenceNumberRange"]
    )
    assert ranges[0][0] == 0 and ranges[-1][1] == 2**128 - 1
    assert all(left[1] + 1 == right[0] for left, right in zip(ranges, ranges[1:]))
