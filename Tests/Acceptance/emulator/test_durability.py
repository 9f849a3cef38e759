"""What was acknowledged is there after a crash, once, and in the order in which it was acknowledged."""

import threading

import servers
import wire

WRITERS = 6
SHARDS = 3


class Writer(threading.Thread):
    """Puts numbered batches under a key of its own until the server is gone."""

    def __init__(self, url, number):
        super().__init__(daemon=True)
        self.kinesis, self.key, self.acknowledged = wire.client(url), f"writer-{number}", []

    def run(self):
        number = 0
        while True:
            batch = range(number, number + 20)
            entries = [{"Data": f"{self.key} {n}".encode(), "PartitionKey": self.key} for n in batch]
            try:
                reply = self.kinesis.put_records(StreamName="s", Records=entries)
            except Exception:  # noqa: BLE001 - the server was killed, in whatever way that shows
                return
            self.acknowledged += [n for n, record in zip(batch, reply["Records"]) if "SequenceNumber" in record]
            number += 20


def read_all(kinesis):
    """The texts of all records, a list for each shard."""
    texts = []
    for shard in kinesis.list_shards(StreamName="s")["Shards"]:
        iterator = kinesis.get_shard_iterator(StreamName="s", ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON")["ShardIterator"]
        records = []
        while True:
            reply = kinesis.get_records(ShardIterator=iterator)
            records += [record["Data"].decode() for record in reply["Records"]]
            iterator = reply.get("NextShardIterator")
            if not iterator or reply["MillisBehindLatest"] == 0:
                break
        texts.append(records)
    return texts


def test_kill_minus_nine_loses_nothing_acknowledged(tmp_path):
    storage = ("--data", str(tmp_path))
    with servers.emulator(storage=storage) as server:
        wire.client(server.url).create_stream(StreamName="s", ShardCount=SHARDS)
        writers = [Writer(server.url, number) for number in range(WRITERS)]
        for writer in writers:
            writer.start()
        while min(len(writer.acknowledged) for writer in writers) < 200:
            assert all(writer.is_alive() for writer in writers)
        server.kill()
        for writer in writers:
            writer.join(30)
            assert not writer.is_alive()
    with servers.emulator(storage=storage) as server:
        shards = read_all(wire.client(server.url))
    for writer in writers:
        [stored] = [found for texts in shards if (found := [int(t.split()[1]) for t in texts if t.split()[0] == writer.key])]
        # A batch that was stored and not acknowledged may be there too: one at the most, for the writer ended with it.
        assert stored[: len(writer.acknowledged)] == writer.acknowledged
        assert len(stored) <= len(writer.acknowledged) + 20
