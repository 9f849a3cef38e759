"""A redis-server that can be stopped and started again with what it had."""

import contextlib
import signal
import socket
import subprocess

import redis
from agents import eventually


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


class RedisServer:
    """On a port of its own. Every write is on disk before it is answered, so that a restart forgets nothing."""

    def __init__(self, folder):
        self.folder = folder / "redis"
        self.folder.mkdir()
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}"
        self.client = redis.Redis(port=self.port, socket_timeout=5, decode_responses=True)
        self.process = None
        self.start()

    def start(self):
        durable = ["--appendonly", "yes", "--appendfsync", "always", "--save", ""]
        with open(self.folder / "log", "ab") as log:
            self.process = subprocess.Popen(
                ["redis-server", "--bind", "127.0.0.1", "--port", str(self.port), "--dir", self.folder, *durable],
                stdout=log,
                stderr=log,
            )
        eventually(self.answers, lambda: f"redis-server does not start: {(self.folder / 'log').read_text()[-2000:]}")

    def answers(self):
        with contextlib.suppress(redis.RedisError):
            return self.client.ping()
        return False

    def stop(self):
        self.process.terminate()
        self.process.wait()

    def suspend(self):
        """Connections stay, and nothing answers on them."""
        self.process.send_signal(signal.SIGSTOP)

    def resume(self):
        self.process.send_signal(signal.SIGCONT)

    def end(self):
        self.process.kill()
        self.process.wait()
