"""The emulator command with quotas, faults and TLS, driven by boto3.

    KINESIS_AGENT_BINARY=.build/debug/kinesis-agent python3 -m pytest Tests/Acceptance/emulator_faults
"""

import os
import uuid

import pytest
from emulators import BINARY, Emulator


def pytest_configure():
    if not os.access(BINARY, os.X_OK):
        pytest.exit(f"{BINARY} is not there: swift build, or set KINESIS_AGENT_BINARY", 2)


@pytest.fixture
def start(tmp_path):
    """Starts emulators, in memory unless told otherwise, and ends them."""
    started = []

    def start(*arguments, storage=("--memory",)):
        emulator = Emulator(tmp_path, [*storage, *arguments])
        started.append(emulator)
        return emulator

    yield start
    for emulator in started:
        emulator.process.kill()
        emulator.process.wait()


@pytest.fixture
def with_faults(start, tmp_path):
    """Starts an emulator on the text of a fault file."""

    def with_faults(text):
        path = tmp_path / "faults.yaml"
        path.write_text(text)
        return start("--faults", path)

    return with_faults


@pytest.fixture
def stream():
    """The name of a stream, and how to make it."""
    name = f"s{uuid.uuid4().hex[:12]}"

    def create(kinesis, shards=1):
        kinesis.create_stream(StreamName=name, ShardCount=shards)
        kinesis.get_waiter("stream_exists").wait(StreamName=name)
        return name

    return create
