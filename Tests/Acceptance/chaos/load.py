"""A writer that numbers the records of each key, and knows which of them the stream has acknowledged."""

import json
import random
import threading
import time
from collections import Counter

import streams


class Load(threading.Thread):
    """Writes at a steady rate until it is told to stop. Only one request is on its way at a time: the numbers of a key are in the order
    of the stream."""

    BATCH = 100

    def __init__(self, url, stream, rate, keys, seed):
        super().__init__(name="load", daemon=True)
        self.kinesis = streams.client(url)
        self.stream, self.rate = stream, rate
        self.keys = [f"key-{n}" for n in range(keys)]
        self.random = random.Random(seed)
        self.acknowledged = Counter()
        self.failure = None
        self.halt = threading.Event()

    def run(self):
        try:
            due = time.monotonic()
            while not self.halt.wait(max(0, due - time.monotonic())):
                self._put()
                due += self.BATCH / self.rate
        except Exception as failure:
            self.failure = failure

    def _put(self):
        counts = Counter(self.acknowledged)
        entries = []
        for key in self.random.choices(self.keys, k=self.BATCH):
            entries.append({"PartitionKey": key, "Data": json.dumps({"k": key, "n": counts[key]}).encode()})
            counts[key] += 1
        reply = self.kinesis.put_records(StreamName=self.stream, Records=entries)
        assert reply["FailedRecordCount"] == 0, reply
        self.acknowledged = counts

    def finish(self):
        """Returns how many records of each key are in the stream: numbered from 0 on."""
        self.halt.set()
        self.join()
        if self.failure:
            raise self.failure
        return self.acknowledged
