#!/usr/bin/env python3
"""Moves large bodies with kuki and curl in turn, down and up, http and https, and prints time and memory.

    cargo build --release
    python3 benches/large.py [--mib 1024] [--rounds 7] [--only SCENARIO] [--kuki target/release/kuki]

Needs curl, nginx, openssl and GNU time. nginx sends; a small sink in Python takes what goes up, since nginx throws a
body away in pieces of 4 KiB and would be what is measured. The sink does not even copy what it throws away. The bodies
lie on a disk, and in the system's cache. A ratio is the median of the ratios of the rounds. CPU is the client's own
user and system time, which other work on the machine disturbs less than the time on the clock.

How the system controls congestion (/proc/sys/net/ipv4/tcp_congestion_control) moves every figure, since bbr lets the
sender guess at the pace. In a network of its own there is no guessing:

    unshare -n sh -c 'ip link set lo up; echo reno > /proc/sys/net/ipv4/tcp_congestion_control; exec "$@"' - \
        python3 benches/large.py
"""

import argparse
import os
import shutil
import ssl
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from multiprocessing import Process

from against_curl import DEVNULL, Nginx, clean, versions

PIECE = 1 << 20


def main():
    options = arguments()
    for tool in ("curl", "nginx", "openssl", "/usr/bin/time"):
        if not shutil.which(tool):
            sys.exit(f"{tool} is not installed")
    prefix = ".kuki-large-"
    with tempfile.TemporaryDirectory(prefix=prefix, dir=os.path.abspath(options.dir)) as scratch, \
            tempfile.TemporaryDirectory(prefix=prefix, dir=options.tmpfs) as memory:
        os.environ["HOME"] = scratch
        kuki = shutil.copy(options.kuki, scratch)
        with serving(scratch, options.mib) as (server, sinks):
            rows = scenarios(kuki, server, sinks, scratch, memory)
            rows = [row for row in rows if options.only in row[0]]
            load = os.getloadavg()[0]
            print(f"{options.mib} MiB; {options.rounds} rounds; {os.cpu_count()} cores; load {load:.1f}; "
                  f"{congestion()}; {versions(kuki)}")
            print(f"{'scenario':<24} {'kuki s':>7} {'curl s':>7} {'ratio':>6}   {'quartiles':<14} "
                  f"{'CPU: kuki':>9} {'curl':>6} {'ratio':>6}   {'MiB: kuki':>9} {'curl':>6} {'ratio':>6}")
            for row in rows:
                report(row[0], measure(row, options.rounds))


@contextmanager
def serving(scratch, mib):
    """nginx with a body of so many MiB, and sinks for http and https."""
    # nginx reads the body as nobody in particular.
    os.chmod(scratch, 0o755)
    with open(f"{scratch}/body", "wb") as file:
        for _ in range(mib):
            file.write(os.urandom(PIECE))
        # Or it is written to the disk while others are timed.
        os.fsync(file.fileno())
    server = Large(scratch)
    sinks = [Sink(), Sink(server)]
    try:
        yield server, sinks
    finally:
        for sink in sinks:
            sink.process.terminate()
        server.stop()


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mib", type=int, default=1024)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--kuki", default="target/release/kuki")
    parser.add_argument("--only", default="", help="scenarios whose name holds this")
    tmpfs = "/dev/shm" if os.path.isdir("/dev/shm") else tempfile.gettempdir()
    parser.add_argument("--dir", default=".", help="where the bodies lie, on a real disk [default: %(default)s]")
    parser.add_argument("--tmpfs", default=tmpfs, help="where a file is written to memory [default: %(default)s]")
    return parser.parse_args()


def scenarios(kuki, server, sinks, scratch, memory):
    """(name, kuki's command, curl's command)."""
    file, in_memory = f"{scratch}/file", f"{memory}/file"
    ca = ["--cacert", server.ca]
    rows = []
    for scheme, url, sink, words in (
        ("http", server.http, sinks[0], []),
        ("https", server.https, sinks[1], ["--http1.1", *ca]),
        ("https, HTTP/2", server.https, None, ca),
    ):
        ours, theirs = [kuki, "--no-jar", "-sSf", *words], ["curl", "-sSf", *words]
        down, up = [url + "body"], ["-T", f"{scratch}/body", sink.url] if sink else None
        rows.append((f"down, {scheme}", [*ours, *down], [*theirs, *down]))
        rows.append((f"to a file, {scheme}", [*ours, "-o", file, *down], [*theirs, "-o", file, *down]))
        if scheme == "http":
            rows.append(("to tmpfs, http", [*ours, "-o", in_memory, *down], [*theirs, "-o", in_memory, *down]))
        if up:
            rows.append((f"up, {scheme}", [*ours, *up], [*theirs, *up]))
    return rows


def congestion():
    try:
        with open("/proc/sys/net/ipv4/tcp_congestion_control") as file:
            return file.read().strip()
    except OSError:
        return "unknown congestion control"


def measure(row, rounds):
    taken = ([], [])
    for number in range(rounds + 1):
        for column, command in zip(taken, row[1:]):
            figures = run(command)
            if number > 0:
                column.append(figures)
    return taken


def run(command):
    """Seconds on the clock, seconds of the client's CPU, MiB of memory at the most."""
    if "-o" in command:
        path = command[command.index("-o") + 1]
        if os.path.exists(path):
            os.remove(path)
    start = time.perf_counter()
    timed = ["/usr/bin/time", "-f", "%U %S %M", *command]
    done = subprocess.run(timed, stdin=DEVNULL, stdout=DEVNULL, stderr=subprocess.PIPE, text=True)
    seconds = time.perf_counter() - start
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)} ended with {done.returncode}: {done.stderr}")
    if "-o" in command:
        os.remove(path)
    user, system, kib = done.stderr.split()[-3:]
    return seconds, float(user) + float(system), int(kib) / 1024


def report(name, taken):
    cells = []
    for ours, theirs in zip(*(zip(*column) for column in taken)):
        ratios = [one / other for one, other in zip(ours, theirs)]
        low, middle, high = statistics.quantiles(ratios, n=4) if len(ratios) > 1 else ratios * 3
        cells.append((statistics.median(ours), statistics.median(theirs), middle, low, high))
    (wall, curl, ratio, low, high), (cpu, curl_cpu, cpu_ratio, *_), (mib, curl_mib, mib_ratio, *_) = cells
    print(f"{name:<24} {wall:7.3f} {curl:7.3f} {ratio:6.3f}   {low:.3f} to {high:.3f} "
          f"{cpu:9.3f} {curl_cpu:6.3f} {cpu_ratio:6.3f}   {mib:9.1f} {curl_mib:6.1f} {mib_ratio:6.3f}", flush=True)


class Large(Nginx):
    """nginx that sends the body which lies beside its settings."""

    port, tls_port, spoken = 18190, 18191, "ssl http2"

    def answer(self, scratch):
        return f"root {scratch}; sendfile on;"


class Sink:
    """Takes requests with bodies of a known length, and answers when all of one has come."""

    def __init__(self, server=None):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.context = None
        if server:
            self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.context.load_cert_chain(f"{server.scratch}/s.pem", f"{server.scratch}/s.key")
        self.url = f"{'https' if server else 'http'}://127.0.0.1:{self.listener.getsockname()[1]}/"
        self.process = Process(target=self.serve, daemon=True)
        self.process.start()

    def serve(self):
        piece = bytearray(PIECE)
        while True:
            stream, _ = self.listener.accept()
            try:
                if self.context:
                    stream = self.context.wrap_socket(stream, server_side=True)
                self.take(stream, piece)
            except OSError:
                pass
            stream.close()

    def take(self, stream, piece):
        head = b""
        while b"\r\n\r\n" not in head:
            read = stream.recv(65536)
            if not read:
                return
            head += read
        head, _, rest = head.partition(b"\r\n\r\n")
        fields = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:])
        if fields.get(b"expect") == b"100-continue":
            stream.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        left = int(fields[b"content-length"]) - len(rest)
        while left > 0:
            read = stream.recv_into(piece, len(piece), 0 if self.context else socket.MSG_TRUNC)
            if read == 0:
                return
            left -= read
        stream.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")


if __name__ == "__main__":
    main()
