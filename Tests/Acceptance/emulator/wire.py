"""Kinesis clients that send what they are given: boto3 in JSON, and a small one of our own in CBOR."""

import datetime
import http.client
import struct
from urllib.parse import urlsplit

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError


class Refused(Exception):
    """An error of the service."""

    def __init__(self, code, message, status):
        super().__init__(f"{code}: {message}")
        self.code, self.message, self.status = code, message, status


def client(url, access_key="test", secret_key="test", **config):
    settings = {"retries": {"max_attempts": 0}, "parameter_validation": False, "read_timeout": 120} | config
    return boto3.client(
        "kinesis",
        endpoint_url=url,
        region_name="us-east-1",
        aws_access_key_id=access_key,
        aws_secret_access_key=secret_key,
        config=Config(**settings),
    )


class Json:
    """boto3, without its own checks of what it sends."""

    def __init__(self, url):
        self.client = client(url)
        self.methods = {operation: method for method, operation in self.client.meta.method_to_api_mapping.items()}

    def call(self, operation, members):
        try:
            reply = getattr(self.client, self.methods[operation])(**members)
        except ClientError as error:
            failure = error.response["Error"]
            raise Refused(failure["Code"], failure["Message"], error.response["ResponseMetadata"]["HTTPStatusCode"]) from None
        del reply["ResponseMetadata"]
        return reply


class Cbor:
    """The same operations in application/x-amz-cbor-1.1: blobs are bytes, moments are milliseconds."""

    content_type = "application/x-amz-cbor-1.1"

    def __init__(self, url):
        self.connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=120)

    def call(self, operation, members):
        status, kind, body = self.post(operation, encode(members))
        assert kind == self.content_type, kind
        reply = decode(body) if body else {}
        if status != 200:
            raise Refused(reply["__type"], reply["message"], status)
        return reply

    def post(self, operation, body):
        headers = {"Content-Type": self.content_type, "X-Amz-Target": f"Kinesis_20131202.{operation}"}
        self.connection.request("POST", "/", body, headers)
        reply = self.connection.getresponse()
        return reply.status, reply.getheader("Content-Type"), reply.read()


def encode(value):
    def head(kind, argument):
        for size, detail, form in ((24, None, None), (1 << 8, 24, ">B"), (1 << 16, 25, ">H"), (1 << 32, 26, ">I"), (1 << 64, 27, ">Q")):
            if argument < size:
                return bytes([kind << 5 | argument]) if detail is None else bytes([kind << 5 | detail]) + struct.pack(form, argument)

    match value:
        case None:
            return b"\xf6"
        case bool():
            return b"\xf5" if value else b"\xf4"
        case int():
            return head(0, value) if value >= 0 else head(1, -1 - value)
        case float():
            return b"\xfb" + struct.pack(">d", value)
        case bytes():
            return head(2, len(value)) + value
        case str():
            return head(3, len(value.encode())) + value.encode()
        case list():
            return head(4, len(value)) + b"".join(map(encode, value))
        case dict():
            return head(5, len(value)) + b"".join(encode(key) + encode(entry) for key, entry in value.items())
        case datetime.datetime():
            return b"\xc1" + encode(round(value.timestamp() * 1_000))
    raise TypeError(type(value))


def decode(data):
    value, rest = _decode(memoryview(data))
    assert not rest, f"{len(rest)} bytes after the item"
    return value


def _decode(data):
    kind, detail, data = data[0] >> 5, data[0] & 0x1F, data[1:]
    argument = detail
    if 24 <= detail <= 27:
        size = 1 << (detail - 24)
        argument, data = int.from_bytes(data[:size], "big"), data[size:]
    endless = detail == 31
    match kind:
        case 0:
            return argument, data
        case 1:
            return -1 - argument, data
        case 2:
            return bytes(data[:argument]), data[argument:]
        case 3:
            return bytes(data[:argument]).decode(), data[argument:]
        case 4:
            elements = []
            while data[0] != 0xFF if endless else len(elements) < argument:
                element, data = _decode(data)
                elements.append(element)
            return elements, data[1:] if endless else data
        case 5:
            entries = {}
            while data[0] != 0xFF if endless else len(entries) < argument:
                key, data = _decode(data)
                entries[key], data = _decode(data)
            return entries, data[1:] if endless else data
        case 7:
            return {20: False, 21: True, 22: None}[detail], data
    raise ValueError(f"kind {kind}")
