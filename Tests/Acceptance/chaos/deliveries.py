"""What arrived in a stream, in its order, read by boto3 while it arrives."""

import json
import threading
from dataclasses import dataclass

import streams


@dataclass(frozen=True)
class Delivery:
    key: str
    number: int
    # The agent that delivered it, where it says so.
    by: str
    # Seconds since 1970, by the stream's clock.
    at: float


class Deliveries(threading.Thread):
    """Follows the shards of a stream that is not resharded: each key's records are in one shard, in the order of their arrival."""

    def __init__(self, url, stream):
        super().__init__(name="deliveries", daemon=True)
        self.kinesis = streams.client(url)
        self.stream = stream
        self.halt = threading.Event()
        self.found = []
        self.first = set()
        self.failure = None
        self.round = threading.Condition()
        self.rounds = 0

    def run(self):
        try:
            places = [
                self.kinesis.get_shard_iterator(StreamName=self.stream, ShardId=shard, ShardIteratorType="TRIM_HORIZON")["ShardIterator"]
                for shard in streams.shard_ids(self.kinesis, self.stream)
            ]
            while not self.halt.wait(0.5):
                places = [self._read(place) for place in places]
                with self.round:
                    self.rounds += 1
                    self.round.notify_all()
        except Exception as failure:
            self.failure = failure

    def _read(self, place):
        while True:
            reply = self.kinesis.get_records(ShardIterator=place, Limit=10_000)
            for record in reply["Records"]:
                content = json.loads(record["Data"])
                assert record["PartitionKey"] == content["k"], "a record changed its partition key"
                arrived = record["ApproximateArrivalTimestamp"].timestamp()
                self.found.append(Delivery(content["k"], content["n"], content.get("by", ""), arrived))
                self.first.add((content["k"], content["n"]))
            place = reply["NextShardIterator"]
            if not reply["Records"] and not reply["MillisBehindLatest"]:
                return place

    def finish(self):
        """All that had arrived when this was called."""
        with self.round:
            seen = self.rounds
            # The round that is under way may have passed a shard already.
            self.round.wait_for(lambda: self.rounds >= seen + 2 or self.failure, 120)
        self.halt.set()
        self.join()
        if self.failure:
            raise self.failure
        return self.found
