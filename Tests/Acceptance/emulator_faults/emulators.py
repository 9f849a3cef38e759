"""The emulator as a process."""

import os
import subprocess
import time
import uuid
from pathlib import Path

import boto3
from botocore.config import Config

BINARY = os.environ.get("KINESIS_AGENT_BINARY", str(Path(__file__).parents[3] / ".build/debug/kinesis-agent"))


def eventually(condition, what, within=20):
    """What `condition` returns once it is true."""
    deadline = time.monotonic() + within
    while True:
        if result := condition():
            return result
        assert time.monotonic() < deadline, f"after {within} s: {what}"
        time.sleep(0.02)


class Emulator:
    """A running emulator; its output goes to files, so that nobody has to read it."""

    def __init__(self, folder, arguments):
        self.out, self.err = folder / f"{uuid.uuid4().hex}.out", folder / f"{uuid.uuid4().hex}.err"
        with open(self.out, "wb") as out, open(self.err, "wb") as err:
            self.process = subprocess.Popen(
                [BINARY, "emulator", "--port", "0", *map(str, arguments)], stdout=out, stderr=err, cwd=folder
            )

    @property
    def url(self):
        return eventually(lambda: self.out.read_text().partition("\n")[0], f"no URL: {self.err.read_text()}")

    def client(self, **options):
        config = {"retries": {"total_max_attempts": 1}, "read_timeout": 20} | options.pop("config", {})
        return boto3.client(
            "kinesis",
            endpoint_url=self.url,
            region_name="us-east-1",
            aws_access_key_id="test",
            aws_secret_access_key="test",
            config=Config(**config),
            **options,
        )

    def wait(self, within=20):
        return self.process.wait(within)
