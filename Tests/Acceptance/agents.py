"""The program under test as processes."""

import json
import os
import re
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

BINARY = os.environ.get("KINESIS_AGENT_BINARY", str(Path(__file__).parents[2] / ".build/debug/kinesis-agent"))


def eventually(condition, what, within=20):
    """What `condition` returns once it is true. Its absence after so many seconds fails the test."""
    deadline = time.monotonic() + within
    while True:
        if result := condition():
            return result
        assert time.monotonic() < deadline, f"after {within} s: {what() if callable(what) else what}"
        time.sleep(0.02)


@dataclass
class Ended:
    code: int
    stdout: str
    stderr: str

    def failed_once_with(self, code, text):
        """Exit code 1 and one error for a person, with nothing of the program's inside around it."""
        assert self.code == 1, self.stderr
        errors = [line for line in self.stderr.splitlines() if line.startswith("error[")]
        assert len(errors) == 1, self.stderr
        assert errors[0].startswith(f"error[{code}]"), errors[0]
        assert text in self.stderr, self.stderr
        assert "Fatal error" not in self.stderr


class Process:
    """A running command; its output goes to files, so that nobody has to read it."""

    def __init__(self, arguments, folder, environment=None, stdin=None, name="agent"):
        self.out = folder / f"{name}.stdout"
        self.err = folder / f"{name}.stderr"
        settings = {"HOME": str(folder), "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_REGION": "us-east-1"}
        inherited = {k: v for k, v in os.environ.items() if not k.startswith(("AWS_", "KINESIS_AGENT_"))}
        with open(self.out, "wb") as out, open(self.err, "wb") as err:
            self.process = subprocess.Popen(
                [BINARY, *map(str, arguments)],
                stdin=stdin if stdin is not None else subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                cwd=folder,
                env=inherited | settings | (environment or {}),
            )

    @property
    def stdout(self):
        return self.out.read_text()

    @property
    def stderr(self):
        return self.err.read_text()

    def wait(self, within=60):
        try:
            code = self.process.wait(within)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"still running after {within} s:\n{self.stderr[-4000:]}") from None
        return Ended(code, self.stdout, self.stderr)

    def says(self, pattern, within=20):
        """Waits for a line of the log, and returns the match."""
        return eventually(lambda: re.search(pattern, self.stderr), lambda: f"no /{pattern}/ in\n{self.stderr[-4000:]}", within)

    def terminate(self, within=10):
        self.process.send_signal(signal.SIGTERM)
        return self.wait(within)

    def kill(self):
        self.process.kill()
        self.process.wait()


def json_lines(path):
    """The objects of a file; none where it does not exist yet. A last line that is not whole yet is left out."""
    if not Path(path).exists():
        return []
    return [json.loads(line) for line in Path(path).read_text().split("\n")[:-1] if line]


def count_lines(path):
    return Path(path).read_bytes().count(b"\n") if Path(path).exists() else 0
