"""Streams at more speed than boto3 has: plain sockets, bodies put together as bytes, replies looked at as bytes."""

import base64
import json
import multiprocessing
import re
import socket
import struct
from urllib.parse import urlsplit

BATCH = 500
AUTHORIZATION = "AWS4-HMAC-SHA256 Credential=AK/20260101/us-east-1/kinesis/aws4_request, SignedHeaders=host, Signature=0"


class Bulk:
    """One connection to an emulator; one request at a time."""

    def __init__(self, url):
        self.host = urlsplit(url).netloc
        host, port = self.host.split(":")
        self.socket = socket.create_connection((host, int(port)), timeout=120)
        self.buffer = bytearray(1 << 25)

    def call(self, operation, body):
        head = (
            f"POST / HTTP/1.1\r\nHost: {self.host}\r\nContent-Type: application/x-amz-json-1.1\r\n"
            f"X-Amz-Target: Kinesis_20131202.{operation}\r\nAuthorization: {AUTHORIZATION}\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        self.socket.sendall(head.encode() + body)
        view, filled = memoryview(self.buffer), 0
        while (end := self.buffer.find(b"\r\n\r\n", 0, filled)) < 0:
            filled += self._receive(view[filled:])
        head = bytes(view[:end]).lower()
        length = int(head.partition(b"content-length: ")[2].split(b"\r\n")[0])
        while filled < end + 4 + length:
            filled += self._receive(view[filled:])
        reply = bytes(view[end + 4 : filled])
        assert b" 200 " in head[:16], (head, reply[:600])
        return reply

    def _receive(self, view):
        count = self.socket.recv_into(view)
        assert count, "the server hung up"
        return count

    def put(self, stream, records):
        """Puts (key, base64 of the data) pairs of bytes, at most 500."""
        entries = b",".join(b'{"PartitionKey":"%b","Data":"%b"}' % record for record in records)
        reply = self.call("PutRecords", b'{"StreamName":"%b","Records":[%b]}' % (stream.encode(), entries))
        assert re.search(rb'"FailedRecordCount": ?0\b', reply), reply[:600]

    def pages(self, stream, shard):
        """The replies of GetRecords from the oldest record of a shard to its end or tip."""
        ask = {"StreamName": stream, "ShardId": shard, "ShardIteratorType": "TRIM_HORIZON"}
        place = json.loads(self.call("GetShardIterator", json.dumps(ask).encode()))["ShardIterator"]
        while place:
            reply = self.call("GetRecords", json.dumps({"ShardIterator": place, "Limit": 10_000}).encode())
            following = re.search(rb'"NextShardIterator": ?"([^"]+)"', reply)
            place = following and following[1].decode()
            yield reply
            if b'"Data"' not in reply and re.search(rb'"MillisBehindLatest": ?0\b', reply):
                return


def _fill(url, stream, batches):
    bulk = Bulk(url)
    for batch in batches():
        bulk.put(stream, batch)


def fill(url, stream, writers):
    """Puts what each writer's function yields, lists of at most 500 records; a process each."""
    # Fork: the functions need no pickling, and nothing else of the parent is used.
    context = multiprocessing.get_context("fork")
    processes = [context.Process(target=_fill, args=(url, stream, writer)) for writer in writers]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert not any(process.exitcode for process in processes), "a writer failed"


# Records that are cheap to check by the million: 18 bytes, which base64 takes to 24 characters without padding.
NUMBERED = struct.Struct("8s10s")


def numbered(key, number):
    return base64.b64encode(b"%08d%010d" % (key, number))


def numbered_batches(keys, per_key):
    """Records 0… of each key in order: every key's first, every key's second, and so on."""
    batch = []
    for number in range(per_key):
        for key in keys:
            batch.append((b"key-%d" % key, numbered(key, number)))
            if len(batch) == BATCH:
                yield batch
                batch = []
    if batch:
        yield batch


def read_numbered(reply):
    """The (key, number) pairs of a reply of GetRecords, in order."""
    joined = b"".join(re.findall(rb'"Data": ?"([^"]{24})', reply))
    return [(int(key), int(number)) for key, number in NUMBERED.iter_unpack(base64.b64decode(joined))]


def by_lineage(shards):
    """Shard ids (of ListShards' descriptions), parents before their children."""
    known = {shard["ShardId"]: shard for shard in shards}
    done = {}

    def visit(shard):
        if shard in done or shard not in known:
            return
        for parent in (known[shard].get("ParentShardId"), known[shard].get("AdjacentParentShardId")):
            if parent:
                visit(parent)
        done[shard] = True

    for shard in known:
        visit(shard)
    return list(done)
