"""Whatever clients send, and however slowly, the server answers as AWS does, and keeps going within its memory."""

import http.client
import json
import random
import socket
import struct
import time
from urllib.parse import urlsplit

import pytest
import servers
import wire

MOST_MEBIBYTES = 200
JSON, CBOR = "application/x-amz-json-1.1", "application/x-amz-cbor-1.1"
OPERATIONS = wire.client("http://127.0.0.1:1").meta.service_model.operation_names


@pytest.fixture(scope="module")
def server():
    with servers.emulator() as server:
        kinesis = wire.client(server.url)
        kinesis.create_stream(StreamName="s", ShardCount=1)
        yield server
        assert kinesis.describe_stream_summary(StreamName="s")["StreamDescriptionSummary"]["StreamStatus"] == "ACTIVE"
        assert server.resident_mebibytes < MOST_MEBIBYTES


def connect(server):
    host, port = urlsplit(server.url).netloc.split(":")
    return socket.create_connection((host, int(port)), timeout=60)


def post(connection, operation, body, content_type=JSON):
    connection.request("POST", "/", body, {"Content-Type": content_type, "X-Amz-Target": f"Kinesis_20131202.{operation}"})
    reply = connection.getresponse()
    assert reply.getheader("x-amzn-RequestId")
    return reply.status, reply.read()


def refused(reply, content_type=JSON):
    status, body = reply
    assert status == 400, (status, body[:300])
    error = json.loads(body) if content_type == JSON else wire.decode(body)
    assert error.keys() == {"__type", "message"}
    return error["__type"]


@pytest.mark.parametrize("content_type", [JSON, CBOR])
def test_random_bytes_are_refused(server, content_type):
    connection, seeded = http.client.HTTPConnection(urlsplit(server.url).netloc), random.Random(1)
    for _ in range(400):
        body = b"\x00" + seeded.randbytes(seeded.randrange(1, 400))
        assert refused(post(connection, seeded.choice(OPERATIONS), body, content_type), content_type) == "SerializationException"


@pytest.mark.parametrize("content_type", [JSON, CBOR])
def test_broken_requests_are_refused_or_answered(server, content_type):
    connection, seeded = http.client.HTTPConnection(urlsplit(server.url).netloc), random.Random(2)
    entry = {"Data": "aGVsbG8=" if content_type == JSON else b"hello", "PartitionKey": "k", "ExplicitHashKey": "7"}
    whole = {"StreamName": "s", "Records": [entry, entry]}
    valid = json.dumps(whole).encode() if content_type == JSON else wire.encode(whole)
    for _ in range(1_500):
        body = bytearray(valid)
        for _ in range(seeded.randrange(1, 4)):
            place = seeded.randrange(len(body))
            match seeded.randrange(3):
                case 0:
                    body[place] = seeded.randrange(256)
                case 1:
                    del body[place:]
                    body = body or bytearray(b"\x00")
                case _:
                    body[place:place] = body[place : place + 9]
        status, _ = reply = post(connection, "PutRecords", bytes(body), content_type)
        if status != 200:
            refused(reply, content_type)


def hostile_cbor():
    huge = struct.pack(">Q", 1 << 62)
    yield b"\x9b" + huge, "a list of 2^62"
    yield b"\xbb" + huge, "a map of 2^62"
    yield b"\x5b" + huge, "bytes of 2^62"
    yield b"\x7b" + b"\xff" * 8, "a text of 2^64"
    yield b"\x81" * 1_000_000, "lists in lists"
    yield b"\xc1" * 1_000_000, "tags of tags"
    yield b"\x9f" * 1_000_000, "endless lists in lists"
    yield b"\x9f" + b"\x80" * 8_000_000 + b"\xff", "many empty lists"
    yield b"\x5f" + b"\x40" * 1_000_000, "chunks without end"
    yield b"\xff", "a break"
    yield b"\xa1\x01\x02", "a key that is a number"
    yield b"\xa0\x00", "more after the end"


@pytest.mark.parametrize("body", [pytest.param(body, id=name) for body, name in hostile_cbor()])
def test_hostile_cbor_is_refused(server, body):
    connection = http.client.HTTPConnection(urlsplit(server.url).netloc)
    assert refused(post(connection, "PutRecords", body, CBOR), CBOR) == "SerializationException"
    assert server.resident_mebibytes < MOST_MEBIBYTES


@pytest.mark.parametrize("body", [b"[" * 5_000_000, b'{"Records":' * 1_000_000, b'{"a":"' + b"x" * 5_000_000, b"1" * 5_000_000], ids=range(4))
def test_hostile_json_is_refused(server, body):
    connection = http.client.HTTPConnection(urlsplit(server.url).netloc)
    assert refused(post(connection, "PutRecords", body)) == "SerializationException"


def test_json_of_many_values_stays_within_memory(server):
    connection = http.client.HTTPConnection(urlsplit(server.url).netloc)
    body = b'{"Records":[' + b"[]," * 4_000_000 + b"[]]}"
    refused(post(connection, "PutRecords", body))
    assert server.resident_mebibytes < MOST_MEBIBYTES


def test_an_operation_that_there_is_not(server):
    connection = http.client.HTTPConnection(urlsplit(server.url).netloc)
    for content_type in (JSON, CBOR):
        assert refused(post(connection, "Nonsense", b"" if content_type == CBOR else b"{}", content_type), content_type) == "UnknownOperationException"


def test_what_is_no_request_is_answered_with_an_identified_error(server):
    for sent, status in ((b"garbage\r\n\r\n", b"400"), (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\n\r\n", b"413")):
        with connect(server) as client:
            client.sendall(sent)
            reply = b""
            while part := client.recv(65_536):
                reply += part
            assert reply.split()[1] == status
            assert b"x-amzn-requestid: " in reply.lower()
            # AWS's own 413 is empty.
            assert status == b"413" or json.loads(reply.partition(b"\r\n\r\n")[2])["__type"] == "SerializationException"


def test_a_thousand_idle_connections_keep_nobody_out(server):
    idle = [connect(server) for _ in range(1_000)]
    for client in idle[::2]:
        client.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Le")
    started = time.monotonic()
    assert wire.client(server.url).put_record(StreamName="s", Data=b"x", PartitionKey="k")["ShardId"]
    assert time.monotonic() - started < 5
    assert server.resident_mebibytes < MOST_MEBIBYTES
    for client in idle:
        client.close()


def test_large_bodies_that_never_end_stay_within_memory(server):
    slow = [connect(server) for _ in range(16)]
    for client in slow:
        try:
            client.sendall(
                b"POST / HTTP/1.1\r\nHost: x\r\nContent-Type: " + JSON.encode() + b"\r\nContent-Length: 14000000\r\n\r\n" + b" " * 13_000_000
            )
        except OSError:
            pass  # Refused: beyond what the server holds of all bodies together.
    assert server.resident_mebibytes < MOST_MEBIBYTES
    for client in slow:
        client.close()
    assert wire.client(server.url).put_record(StreamName="s", Data=b"x", PartitionKey="k")["ShardId"]


def test_a_large_stream_is_deleted_while_others_are_written(tmp_path):
    with servers.emulator(storage=("--data", str(tmp_path))) as server:
        kinesis = wire.client(server.url)
        for name in ("large", "other"):
            kinesis.create_stream(StreamName=name, ShardCount=1)
        batch = [{"Data": b"x" * 1_000, "PartitionKey": "k"}] * 500
        for _ in range(60):
            kinesis.put_records(StreamName="large", Records=batch)
        started = time.monotonic()
        kinesis.delete_stream(StreamName="large")
        longest = time.monotonic() - started
        for _ in range(50):
            started = time.monotonic()
            kinesis.put_record(StreamName="other", Data=b"x", PartitionKey="k")
            longest = max(longest, time.monotonic() - started)
        assert longest < 2
