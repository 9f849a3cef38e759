import os
import subprocess
import uuid
from pathlib import Path

import pytest
import streams
from agents import BINARY, Process, eventually


def pytest_configure():
    if not os.access(BINARY, os.X_OK):
        pytest.exit(f"{BINARY} is not there: swift build, or set KINESIS_AGENT_BINARY", 2)


@pytest.fixture
def processes(tmp_path):
    """Starts commands, and ends those that a test leaves behind."""
    started = []

    def start(*arguments, name=None, **options):
        process = Process(arguments, tmp_path, name=name or f"process-{len(started)}", **options)
        started.append(process)
        return process

    yield start
    for process in started:
        if process.process.poll() is None:
            process.kill()


@pytest.fixture
def start(processes, tmp_path):
    """Starts `kinesis-agent run` on the text of a pipeline, with a state folder of the test's own."""

    def start(text, *arguments, state=None, **options):
        path = tmp_path / f"{uuid.uuid4().hex}.yaml"
        path.write_text(text)
        return processes("run", path, "--state", state or tmp_path / "state", *arguments, **options)

    return start


@pytest.fixture
def run(start):
    """Runs a pipeline to its end."""

    def run(text, *arguments, within=40, **options):
        return start(text, *arguments, **options).wait(within)

    return run


@pytest.fixture
def emulator(processes):
    """The URL of an embedded stream served on its own, in memory."""
    process = processes("emulator", "--port", "0", "--memory", name="emulator")
    return eventually(lambda: process.stdout.partition("\n")[0], lambda: f"no URL from the emulator:\n{process.stderr}")


def server(variable):
    url = os.environ.get(variable)
    if not url:
        pytest.skip(f"{variable} is not set; deploy/test.sh starts what it names")
    return url


@pytest.fixture
def moto():
    return server("KINESIS_AGENT_TEST_MOTO")


@pytest.fixture
def redis_url():
    return server("KINESIS_AGENT_TEST_REDIS")


@pytest.fixture
def kinesis(emulator):
    return streams.client(emulator)


@pytest.fixture
def name():
    """A name that no other test has used."""
    return f"t{uuid.uuid4().hex[:12]}"


@pytest.fixture(params=["sqlite", "redis"])
def checkpoints(request, tmp_path):
    """The `checkpoints:` of a pipeline, in each store that survives a process."""
    if request.param == "sqlite":
        return "{sqlite: {session_timeout: 3s, heartbeat_frequency: 500ms}}"
    url = request.getfixturevalue("redis_url")
    return f"{{redis: {{url: '{url}', session_timeout: 3s, heartbeat_frequency: 500ms}}}}"
