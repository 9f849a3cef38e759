"""How many records a second the embedded stream takes and gives: in memory, durable, and moto's server beside it.

    KINESIS_AGENT_BINARY=.build/release/kinesis-agent python3 measure.py [--seconds 5] [--clients 2] [--moto]

Clients are processes on the same machine that send bodies built beforehand over plain sockets and look only at the length and the first
bytes of replies, so that the figures are the server's. Records have 1 KB, requests 500 of them.
"""

import argparse
import base64
import json
import multiprocessing
import os
import random
import socket
import subprocess
import sys
import tempfile
import time
from urllib.parse import urlsplit

import servers
import wire

RECORD, BATCH, SHARDS = 1_000, 500, 4


def bodies(stream, count=4):
    data = base64.b64encode(random.Random(1).randbytes(RECORD)).decode()
    for n in range(count):
        records = [{"Data": data, "PartitionKey": f"key-{n}-{i}"} for i in range(BATCH)]
        yield json.dumps({"StreamName": stream, "Records": records}).encode()


def request(operation, body, host):
    head = (
        f"POST / HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/x-amz-json-1.1\r\n"
        f"X-Amz-Target: Kinesis_20131202.{operation}\r\nAuthorization: AWS4-HMAC-SHA256 Credential=AK/20260101/us-east-1/kinesis/aws4_request\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


class Client:
    def __init__(self, url):
        self.host = urlsplit(url).netloc
        self.buffer = bytearray(1 << 24)
        self.connect()

    def connect(self):
        host, port = self.host.split(":")
        self.socket = socket.create_connection((host, int(port)), timeout=60)

    def exchange(self, sent):
        """The body of the reply."""
        self.socket.sendall(sent)
        view, filled = memoryview(self.buffer), 0
        while (end := self.buffer.find(b"\r\n\r\n", 0, filled)) < 0:
            filled += self.receive(view[filled:])
        head = bytes(view[:end]).lower()
        assert b" 200 " in head, bytes(view[:filled])[:600]
        length = int(head.split(b"content-length: ")[1].split(b"\r\n")[0])
        while filled < end + 4 + length:
            filled += self.receive(view[filled:])
        if b"connection: close" in head:  # moto's server answers one request a connection
            self.socket.close()
            self.connect()
        return view[end + 4 : filled]

    def receive(self, view):
        count = self.socket.recv_into(view)
        assert count, "the server hung up"
        return count


def put(url, stream, seconds, counted):
    client = Client(url)
    requests = [request("PutRecords", body, client.host) for body in bodies(stream)]
    done, deadline = 0, time.monotonic() + seconds
    while time.monotonic() < deadline:
        reply = client.exchange(requests[done % len(requests)])
        assert b'"FailedRecordCount":0' in bytes(reply[:64]).replace(b" ", b"")
        done += 1
    counted.put(done * BATCH)


def get(url, stream, shard, seconds, counted):
    client = Client(url)
    ask = json.dumps({"StreamName": stream, "ShardId": shard, "ShardIteratorType": "TRIM_HORIZON"}).encode()
    done, deadline = 0, time.monotonic() + seconds
    first = place = json.loads(bytes(client.exchange(request("GetShardIterator", ask, client.host))))["ShardIterator"]
    while time.monotonic() < deadline:
        body = json.dumps({"ShardIterator": place, "Limit": 2_000}).encode()
        reply = client.exchange(request("GetRecords", body, client.host))
        # The records are counted by their least: one of 1 KB takes so much in base64, and the rest of the reply takes less than one.
        done += len(reply) // (RECORD * 4 // 3 + 240)
        tail = bytes(reply[-600:])
        at = tail.find(b'"NextShardIterator":')
        place = tail[at:].split(b'"')[3].decode() if at >= 0 else first
        if b'"MillisBehindLatest":0' in tail.replace(b" ", b""):
            place = first
    counted.put(done)


def together(target, arguments):
    counted = multiprocessing.Queue()
    processes = [multiprocessing.Process(target=target, args=(*each, counted)) for each in arguments]
    started = time.monotonic()
    for process in processes:
        process.start()
    total = sum(counted.get() for _ in processes)
    elapsed = time.monotonic() - started
    for process in processes:
        process.join()
    return total / elapsed


def cpu(pid):
    fields = open(f"/proc/{pid}/stat").read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def measure(name, url, pid, options):
    kinesis = wire.client(url)
    kinesis.create_stream(StreamName="bench", ShardCount=SHARDS)
    kinesis.get_waiter("stream_exists").wait(StreamName="bench")
    shards = [shard["ShardId"] for shard in kinesis.list_shards(StreamName="bench")["Shards"]]
    before = cpu(pid)
    puts = together(put, [(url, "bench", options.seconds)] * options.clients)
    put_cpu = (cpu(pid) - before) / (puts * options.seconds) * 1e6
    before = cpu(pid)
    gets = together(get, [(url, "bench", shards[n % SHARDS], options.seconds) for n in range(options.clients)])
    get_cpu = (cpu(pid) - before) / (gets * options.seconds) * 1e6
    print(f"{name:8} put {puts:9,.0f} records/s ({put_cpu:5.1f} CPU s/million)   get {gets:9,.0f} records/s ({get_cpu:5.1f} CPU s/million)", flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--clients", type=int, default=2)
    parser.add_argument("--moto-only", action="store_true", help="measure nothing else")
    parser.add_argument("--moto", action="store_true", help="measure moto_server too, from the same Python")
    options = parser.parse_args()
    if not options.moto_only:
        with servers.emulator() as server:
            measure("memory", server.url, server.process.pid, options)
        with tempfile.TemporaryDirectory() as folder, servers.emulator(storage=("--data", folder)) as server:
            measure("durable", server.url, server.process.pid, options)
    if options.moto or options.moto_only:
        moto = subprocess.Popen([sys.executable, "-m", "moto.server", "-p", "5999"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            time.sleep(5)
            measure("moto", "http://127.0.0.1:5999", moto.pid, options)
        finally:
            moto.terminate()


if __name__ == "__main__":
    main()
