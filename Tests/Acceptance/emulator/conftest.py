import pytest
import servers
import wire


@pytest.fixture(scope="session")
def url():
    """A server in memory that all tests share: each has streams of its own."""
    with servers.emulator() as server:
        yield server.url


@pytest.fixture(scope="session", params=["json", "cbor"])
def service(request, url):
    return {"json": wire.Json, "cbor": wire.Cbor}[request.param](url)


@pytest.fixture
def kinesis(url):
    return wire.client(url)
