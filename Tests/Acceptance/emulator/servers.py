"""The embedded stream as a process."""

import contextlib
import os
import signal
import subprocess
from pathlib import Path

BINARY = os.environ.get("KINESIS_AGENT_BINARY", str(Path(__file__).parents[3] / ".build/debug/kinesis-agent"))


class Emulator:
    def __init__(self, process, url):
        self.process, self.url = process, url

    def kill(self):
        """As a crash would: no handler runs."""
        self.process.kill()
        self.process.wait()

    @property
    def resident_mebibytes(self):
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.partition("VmRSS:")[2].split()[0]) / 1024


@contextlib.contextmanager
def emulator(*options, storage=("--memory",), environment=None):
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(("AWS_", "KINESIS_AGENT_"))}
    process = subprocess.Popen(
        [BINARY, "emulator", "--port", "0", *storage, *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=inherited | (environment or {}),
    )
    try:
        url = process.stdout.readline().strip()
        assert url.startswith("http"), f"no URL from {BINARY}"
        yield Emulator(process, url)
        assert process.poll() in (None, -signal.SIGKILL), f"the emulator ended with {process.poll()}"
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdout.close()
