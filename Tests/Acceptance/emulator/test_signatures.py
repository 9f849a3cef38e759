"""Signature Version 4, checked when the server knows a pair of keys."""

import datetime
import http.client
import json
from urllib.parse import urlsplit

import botocore.auth
import botocore.awsrequest
import botocore.credentials
import pytest
import servers
import wire
from botocore.exceptions import ClientError

KEY, SECRET = "AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"


@pytest.fixture(scope="module")
def url():
    with servers.emulator("--access-key", KEY, environment={"KINESIS_AGENT_EMULATOR_SECRET_KEY": SECRET}) as server:
        yield server.url


def code(url, access_key, secret_key):
    with pytest.raises(ClientError) as failure:
        wire.client(url, access_key, secret_key).list_streams()
    return failure.value.response["Error"]["Code"]


def test_the_right_keys_are_let_in(url):
    kinesis = wire.client(url, KEY, SECRET)
    kinesis.create_stream(StreamName="signed", ShardCount=1)
    assert kinesis.put_record(StreamName="signed", Data=b"x" * 100_000, PartitionKey="k")["ShardId"]


def test_wrong_keys_are_not(url):
    assert code(url, KEY, "another") == "InvalidSignatureException"
    assert code(url, "AKIDOTHER", SECRET) == "UnrecognizedClientException"


def signed(url, body=b"{}", **changes):
    headers = {"Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": "Kinesis_20131202.ListStreams"}
    request = botocore.awsrequest.AWSRequest("POST", url + "/", headers, body)
    botocore.auth.SigV4Auth(botocore.credentials.Credentials(KEY, SECRET), "kinesis", "us-east-1").add_auth(request)
    headers = dict(request.headers.items()) | changes
    return {name: value for name, value in headers.items() if value is not None}


def post(url, headers, body=b"{}"):
    connection = http.client.HTTPConnection(urlsplit(url).netloc)
    connection.request("POST", "/", body, headers)
    reply = connection.getresponse()
    return reply.status, json.loads(reply.read())


def test_a_request_as_it_was_signed_is_let_in(url):
    assert post(url, signed(url))[0] == 200


@pytest.mark.parametrize(
    ("changes", "body", "expected"),
    [
        ({"Authorization": None}, b"{}", "MissingAuthenticationTokenException"),
        ({"Authorization": "Basic abc"}, b"{}", "IncompleteSignatureException"),
        ({"Authorization": "AWS4-HMAC-SHA256 Credential=x"}, b"{}", "IncompleteSignatureException"),
        ({"Authorization": f"AWS4-HMAC-SHA256 Credential={KEY}, SignedHeaders=host, Signature=x"}, b"{}", "IncompleteSignatureException"),
        ({"X-Amz-Date": None}, b"{}", "IncompleteSignatureException"),
        ({"X-Amz-Date": "yesterday"}, b"{}", "IncompleteSignatureException"),
        ({"X-Amz-Target": "Kinesis_20131202.DescribeLimits"}, b"{}", "InvalidSignatureException"),
        ({}, b'{"Limit": 1}', "InvalidSignatureException"),
    ],
)
def test_what_was_changed_after_signing_is_refused(url, changes, body, expected):
    status, error = post(url, signed(url, **changes), body)
    assert (status, error["__type"]) == (400, expected), error


@pytest.mark.parametrize(("minutes", "words"), [(-6, "Signature expired"), (6, "Signature not yet current")])
def test_a_signature_lives_five_minutes(url, minutes, words, monkeypatch):
    moment = datetime.datetime.now(datetime.UTC) + datetime.timedelta(minutes=minutes)
    for name in ("get_current_datetime",):
        monkeypatch.setattr(botocore.auth, name, lambda *_, **__: moment.replace(tzinfo=None))
    status, error = post(url, signed(url))
    assert (status, error["__type"]) == (400, "InvalidSignatureException")
    assert error["message"].startswith(words)


def test_what_is_refused_comes_before_what_is_invalid(url):
    """AWS looks at the signature before it looks at the members, and at the syntax before the signature."""
    headers = signed(url, Authorization=None)
    assert post(url, headers, b'{"Limit": 0}')[1]["__type"] == "MissingAuthenticationTokenException"
    assert post(url, headers, b"{")[1]["__type"] == "SerializationException"
