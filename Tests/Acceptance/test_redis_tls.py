"""Redis behind TLS with a private authority, and with a user and a password."""

import subprocess
from pathlib import Path

import pytest
import streams
from agents import eventually, json_lines
from redis_server import free_port

PIPELINE = """
pipeline: {name}
aws: {{endpoint: '{url}', region: us-east-1}}
checkpoints: {{redis: {{url: '{redis}'{options}}}}}
sources: {{orders: {{kinesis: {{stream: {name}, sleep_time_no_records: 100ms}}}}}}
sinks: {{archive: {{file: {{path: archive.jsonl}}}}}}
"""


def openssl(folder, *arguments):
    subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture(scope="module")
def certificates(tmp_path_factory):
    """An authority of our own, and a certificate of it for 127.0.0.1."""
    folder = tmp_path_factory.mktemp("certificates")
    key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-noenc")
    openssl(folder, "req", "-x509", *key, "-keyout", "ca.key", "-out", "ca.pem", "-days", "2", "-subj", "/CN=private authority")
    openssl(folder, "req", *key, "-keyout", "server.key", "-out", "server.csr", "-subj", "/CN=redis")
    (folder / "names").write_text("subjectAltName=IP:127.0.0.1,DNS:localhost\n")
    signing = ("-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2", "-extfile", "names")
    openssl(folder, "x509", "-req", "-in", "server.csr", *signing, "-out", "server.pem")
    return folder


@pytest.fixture
def tls_redis(certificates, tmp_path):
    """The port of a server that speaks TLS alone, and knows a user `agent` with the password `p@ss:word`."""
    port = free_port()
    user = "user agent on >p@ss:word ~{kinesis-agent:* +@all"
    files = ["--tls-cert-file", "server.pem", "--tls-key-file", "server.key", "--tls-ca-cert-file", "ca.pem", "--tls-auth-clients", "no"]
    (tmp_path / "redis.conf").write_text(f"bind 127.0.0.1\nport 0\ntls-port {port}\nsave ''\n{user}\nuser default off\n")
    log = open(tmp_path / "redis.log", "wb")
    process = subprocess.Popen(["redis-server", tmp_path / "redis.conf", *files], cwd=certificates, stdout=log, stderr=log)
    eventually(lambda: "Ready to accept connections" in (tmp_path / "redis.log").read_text(), "redis-server does not start")
    yield port
    process.kill()
    process.wait()
    log.close()


def pipeline(name, url, port, ca):
    options = f", ca_file: '{ca}'" if ca else ""
    return PIPELINE.format(name=name, url=url, redis=f"rediss://agent:p%40ss%3Aword@127.0.0.1:{port}/0", options=options)


def test_positions_are_kept_behind_tls(emulator, kinesis, run, certificates, tls_redis, name, tmp_path):
    streams.create(kinesis, name, shards=2)
    text = pipeline(name, emulator, tls_redis, certificates / "ca.pem")
    for start in (0, 100):
        streams.put_orders(kinesis, name, streams.orders(100, start=start))
        ended = run(text, "--until-idle", "1s")
        assert ended.code == 0, ended.stderr
    assert sorted(order["n"] for order in json_lines(tmp_path / "archive.jsonl")) == list(range(200)), "the second start repeated records"


def test_a_server_that_nobody_vouches_for_is_refused(emulator, kinesis, run, tls_redis, name):
    streams.create(kinesis, name, shards=1)
    ended = run(pipeline(name, emulator, tls_redis, ca=None))
    assert ended.code == 1
    assert ended.stderr.count("error[") == 1, ended.stderr
    assert "p@ss" not in ended.stderr and "p%40ss" not in ended.stderr, "the password is printed"


def test_a_missing_authority_is_named(emulator, run, name):
    ended = run(pipeline(name, emulator, 1, ca=Path("/nowhere/ca.pem")))
    assert ended.code == 1
    assert "/nowhere/ca.pem" in ended.stderr, ended.stderr
