"""A Redis Cluster of six nodes on the loopback interface: three primaries, and a replica of each."""

import contextlib
import subprocess

import redis
from agents import eventually
from redis_server import free_port


class Node:
    def __init__(self, folder):
        # The bus is on a port 10,000 higher.
        self.port = next(port for port in iter(free_port, None) if port < 55_000)
        self.folder = folder / str(self.port)
        self.folder.mkdir(parents=True)
        arguments = ["--port", self.port, "--bind", "127.0.0.1", "--dir", self.folder, "--save", "", "--appendonly", "no"]
        cluster = ["--cluster-enabled", "yes", "--cluster-node-timeout", "2000", "--cluster-config-file", "nodes.conf"]
        with open(self.folder / "log", "wb") as log:
            self.process = subprocess.Popen(["redis-server", *map(str, arguments + cluster)], stdout=log, stderr=log)
        self.client = redis.Redis(port=self.port, socket_timeout=5, decode_responses=True)
        eventually(self.answers, lambda: f"redis-server does not start: {(self.folder / 'log').read_text()[-2000:]}")

    def answers(self):
        with contextlib.suppress(redis.RedisError):
            return self.client.ping()
        return False

    def command(self, *words):
        """The reply as it comes: the library makes something else of some."""
        connection = self.client.connection_pool.get_connection()
        try:
            connection.send_command(*words)
            return connection.read_response()
        finally:
            self.client.connection_pool.release(connection)

    def kill(self):
        self.process.kill()
        self.process.wait()


class RedisCluster:
    def __init__(self, folder):
        self.nodes = []
        try:
            self.create(folder)
        except BaseException:
            self.end()
            raise

    def create(self, folder):
        for _ in range(6):
            self.nodes.append(Node(folder))
        addresses = [f"127.0.0.1:{node.port}" for node in self.nodes]
        create = ["redis-cli", "--cluster", "create", *addresses, "--cluster-replicas", "1", "--cluster-yes"]
        made = subprocess.run(create, capture_output=True, text=True, timeout=60)
        assert made.returncode == 0, made.stdout + made.stderr
        states = [lambda node=node: "cluster_state:ok" in node.command("CLUSTER", "INFO") for node in self.nodes]
        eventually(lambda: all(is_up() for is_up in states), "the cluster does not come up", 30)
        # A master's third word is a list of its replicas, a replica's fourth the state of its link.
        eventually(lambda: all(self.is_linked(node.command("ROLE")) for node in self.nodes), "a replica follows no primary", 30)

    @staticmethod
    def is_linked(role):
        return role[3] == "connected" if role[0] == "slave" else bool(role[2])

    @property
    def urls(self):
        return [f"redis://127.0.0.1:{node.port}" for node in self.nodes]

    @property
    def living(self):
        return [node for node in self.nodes if node.process.poll() is None]

    def slot(self, key):
        return self.living[0].command("CLUSTER", "KEYSLOT", key)

    def primary(self, slot):
        """The living node that says of itself that it serves the slot."""
        for node in self.living:
            for first, last, (_, port, *_), *_ in node.command("CLUSTER", "SLOTS"):
                if first <= slot <= last and port == node.port:
                    return node
        return None

    def end(self):
        for node in self.living:
            node.kill()
