"""A TCP proxy in a process of its own that counts what a stream answers to PutRecords, second by second and shard by shard."""

import multiprocessing
import socket
import threading
import time
from urllib.parse import urlsplit

SECONDS, SHARDS = 600, 64
# In JSON, and in CBOR, where a text begins with its length.
TAKEN = (b'"SequenceNumber"', b"\x6eSequenceNumber")
THROTTLED = b"ProvisionedThroughputExceededException"
SHARD = b"shardId-%012d"
LONGEST = 64


class CountingProxy:
    """Use it as a context; `url` is where clients go."""

    def __init__(self, url, by_shard=False):
        context = multiprocessing.get_context("fork")
        self.target, self.by_shard = urlsplit(url), by_shard
        self.taken, self.throttled = context.Array("Q", SECONDS), context.Array("Q", SECONDS)
        self.of_shard = [context.Array("Q", SECONDS) for _ in range(SHARDS if by_shard else 0)]
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=256)
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        self.began = time.monotonic()
        self.process = context.Process(target=self._serve, daemon=True)

    def __enter__(self):
        self.process.start()
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.join()
        self.listener.close()

    def _serve(self):
        while True:
            client, _ = self.listener.accept()
            server = socket.create_connection((self.target.hostname, self.target.port))
            for end in (client, server):
                end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=self._pass, args=(client, server, None), daemon=True).start()
            threading.Thread(target=self._pass, args=(server, client, self._count), daemon=True).start()

    @staticmethod
    def _pass(source, sink, look):
        view = memoryview(bytearray(1 << 18))
        tail = b""
        try:
            while count := source.recv_into(view):
                sink.sendall(view[:count])
                if look:
                    tail = look(tail, bytes(view[:count]))
        except OSError:
            pass
        for end in (source, sink):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def _count(self, tail, chunk):
        """Counts what ends in this chunk; what began in the one before it is counted once."""
        text = tail + chunk
        second = min(int(time.monotonic() - self.began), SECONDS - 1)

        def count(pattern):
            return text.count(pattern) - tail.count(pattern)

        self._add(self.taken, second, sum(map(count, TAKEN)))
        self._add(self.throttled, second, count(THROTTLED))
        for shard, counts in enumerate(self.of_shard):
            self._add(counts, second, count(SHARD % shard))
        return text[-LONGEST:]

    @staticmethod
    def _add(counts, second, more):
        if more:
            with counts.get_lock():
                counts[second] += more

    @staticmethod
    def steady(counts, window, of):
        """The mean over `window` whole seconds from the third after the first record of `of`."""
        first = next(second for second, count in enumerate(of) if count)
        chosen = counts[first + 3 : first + 3 + window]
        return sum(chosen) / len(chosen)


class TurnProxy:
    """A TCP proxy that counts round trips: how often a client speaks after the server has spoken."""

    def __init__(self, port):
        context = multiprocessing.get_context("fork")
        self.target = port
        self.turns, self.bytes = context.Value("Q", 0), context.Value("Q", 0)
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self.listener.getsockname()[1]
        self.process = context.Process(target=self._serve, daemon=True)

    def __enter__(self):
        self.process.start()
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.join()
        self.listener.close()

    def _serve(self):
        while True:
            client, _ = self.listener.accept()
            server = socket.create_connection(("127.0.0.1", self.target))
            for end in (client, server):
                end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            # Of this connection: whether the last word was the server's.
            state = {"answered": True}
            threading.Thread(target=self._pass, args=(client, server, state, True), daemon=True).start()
            threading.Thread(target=self._pass, args=(server, client, state, False), daemon=True).start()

    def _pass(self, source, sink, state, is_client):
        try:
            while chunk := source.recv(1 << 18):
                if is_client and state["answered"]:
                    with self.turns.get_lock():
                        self.turns.value += 1
                state["answered"] = not is_client
                with self.bytes.get_lock():
                    self.bytes.value += len(chunk)
                sink.sendall(chunk)
        except OSError:
            pass
        for end in (source, sink):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
