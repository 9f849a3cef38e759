"""Redis over TLS with a private authority and client certificates, and users of its own."""

import subprocess

import pytest
import redis
from agents import eventually
from redis_server import free_port

PIPELINE = """
pipeline: {name}
checkpoints: {{redis: {{{options}}}}}
sources: {{in: {{file: {{include: ['{folder}/*.log'], follow: false}}}}}}
sinks: {{out: {{stdout: {{processor: string}}}}}}
"""
PASSWORD = "hunter2/with@odd:characters"


def openssl(folder, *arguments):
    subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)


def certificate(folder, name, *extensions):
    """Signed by the authority of the tests."""
    key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", f"{name}.key"]
    openssl(folder, "req", *key, "-subj", f"/CN={name}", "-out", f"{name}.csr")
    (folder / f"{name}.ext").write_text("".join(f"{extension}\n" for extension in extensions))
    signing = ["-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2", "-extfile", f"{name}.ext"]
    openssl(folder, "x509", "-req", "-in", f"{name}.csr", *signing, "-out", f"{name}.pem")


@pytest.fixture(scope="module")
def certificates(tmp_path_factory):
    folder = tmp_path_factory.mktemp("certificates")
    authority = ["-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
    openssl(folder, "req", *authority, "-subj", "/CN=authority", "-keyout", "ca.key", "-out", "ca.pem")
    certificate(folder, "server", "subjectAltName=IP:127.0.0.1")
    certificate(folder, "client", "extendedKeyUsage=clientAuth")
    openssl(folder, "req", *authority, "-subj", "/CN=stranger", "-keyout", "stranger.key", "-out", "stranger.pem")
    return folder


@pytest.fixture(scope="module")
def server(certificates, tmp_path_factory):
    """Asks for a client certificate, and for a user that may do no more than it needs."""
    folder = tmp_path_factory.mktemp("redis")
    port = free_port()
    tls = ["--tls-port", str(port), "--tls-cert-file", certificates / "server.pem", "--tls-key-file", certificates / "server.key"]
    tls += ["--tls-ca-cert-file", certificates / "ca.pem", "--tls-auth-clients", "yes"]
    users = folder / "users.acl"
    users.write_text(
        f"user default off\nuser root on nopass ~* &* +@all\n"
        f"user agent on >{PASSWORD} ~{{kinesis-agent:* -@all +@scripting +@hash +@set +@sortedset +time +del +exists +select\n"
    )
    with open(folder / "log", "wb") as log:
        process = subprocess.Popen(
            ["redis-server", "--port", "0", "--bind", "127.0.0.1", "127.0.0.2", "--dir", folder, "--save", "", "--aclfile", users, *tls],
            stdout=log,
            stderr=log,
        )
    files = {"ssl_ca_certs": certificates / "ca.pem", "ssl_certfile": certificates / "client.pem", "ssl_keyfile": certificates / "client.key"}
    client = redis.Redis("127.0.0.1", port, ssl=True, username="root", password="", decode_responses=True, **{k: str(v) for k, v in files.items()})

    def answers():
        try:
            return client.ping()
        except redis.RedisError:
            return False

    eventually(answers, lambda: (folder / "log").read_text())
    yield port, client
    process.kill()
    process.wait()


@pytest.fixture
def attempt(server, certificates, run, tmp_path, name):
    """Runs a pipeline over a file of three lines with these options of the store."""
    (tmp_path / "in.log").write_text("one\ntwo\nthree\n")

    def attempt(url=None, **options):
        secret = url or f"rediss://agent:{PASSWORD.replace('/', '%2F').replace('@', '%40')}@127.0.0.1:{server[0]}/0"
        found = {"url": "${REDIS_URL}"}
        found |= {"ca_file": certificates / "ca.pem", "cert_file": certificates / "client.pem", "key_file": certificates / "client.key"}
        found |= options
        text = ", ".join(f"{key}: '{value}'" for key, value in found.items() if value is not None)
        ended = run(PIPELINE.format(name=name, options=text, folder=tmp_path), environment={"REDIS_URL": secret})
        assert "hunter2" not in ended.stderr
        return ended

    return attempt


def test_leases_are_kept_over_tls(attempt, server, name):
    ended = attempt()
    assert ended.code == 0, ended.stderr
    assert ended.stdout == "one\ntwo\nthree\n"
    _, client = server
    rows = [client.hgetall(key) for key in client.scan_iter(f"*:{name}:*:lease:*")]
    assert [row["position"] for row in rows] == ["14"]
    assert attempt().stdout == "", "the second run begins where the first one ended"


def test_a_server_that_is_not_trusted_is_refused(attempt):
    attempt(ca_file=None).failed_once_with("redis_refused", "certificate is not trusted")


def test_a_missing_client_certificate_is_told(attempt):
    attempt(cert_file=None, key_file=None).failed_once_with("redis_refused", "client certificate")


def test_a_client_certificate_of_a_stranger_is_told(attempt, certificates):
    ended = attempt(cert_file=certificates / "stranger.pem", key_file=certificates / "stranger.key")
    ended.failed_once_with("redis_refused", "client certificate")


def test_a_certificate_for_another_name_is_refused(attempt, server):
    ended = attempt(url=f"rediss://agent:hunter2@127.0.0.2:{server[0]}")
    ended.failed_once_with("redis_refused", "another name")


def test_a_wrong_password_is_told(attempt, server):
    attempt(url=f"rediss://agent:hunter2@127.0.0.1:{server[0]}").failed_once_with("redis_refused", "user or the password")


def test_files_that_are_none_are_named(attempt, certificates, tmp_path):
    attempt(ca_file=tmp_path / "in.log").failed_once_with("redis_tls_invalid", "in.log")
    attempt(key_file=tmp_path / "none.key").failed_once_with("redis_tls_invalid", "none.key")


def test_a_server_without_tls_is_told(attempt, redis_url):
    attempt(url=redis_url.replace("redis://", "rediss://")).failed_once_with("redis_unreachable", "TLS port")
