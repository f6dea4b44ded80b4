#!/usr/bin/env python3
"""Shows that -m holds against servers that never come to an end: how long after its time the program ends, and its memory.

    cargo build --release
    python3 benches/hostile.py [--rounds 5] [--max-time 1] [--kuki target/release/kuki]

curl, where it is installed, meets the same servers. A status other than 28 means that a limit ended it before its time.
"""

import argparse
import gzip
import shutil
import socket
import subprocess
import threading
import time

OK = b"HTTP/1.1 200 OK\r\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--max-time", type=float, default=1.0)
    parser.add_argument("--kuki", default="target/release/kuki")
    options = parser.parse_args()
    programs = [[options.kuki, "--no-jar", "-sS"]] + ([["curl", "-sS", "--compressed"]] if shutil.which("curl") else [])
    print(f"{'server':<24} {'program':<8} {'status':>6} {'seconds over':>14} {'MiB':>6}   (the worst of {options.rounds})")
    for name, (scheme, converse) in SERVERS.items():
        url = f"{scheme}://127.0.0.1:{listen(converse)}/"
        for program in programs:
            runs = [run([*program, "-m", str(options.max_time), url]) for _ in range(options.rounds)]
            statuses = "/".join(sorted({str(status) for status, _, _ in runs}))
            over = max(seconds for _, seconds, _ in runs) - options.max_time
            print(f"{name:<24} {program[0].split('/')[-1]:<8} {statuses:>6} {over:14.3f} {max(mib for *_, mib in runs):6.1f}", flush=True)


def run(command):
    start = time.perf_counter()
    timed = ["/usr/bin/time", "-f", "%M", *command]
    done = subprocess.run(timed, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    return done.returncode, time.perf_counter() - start, int(done.stderr.split()[-1]) / 1024


def listen(converse):
    listener = socket.create_server(("127.0.0.1", 0))
    threading.Thread(target=serve, args=(listener, converse), daemon=True).start()
    return listener.getsockname()[1]


def serve(listener, converse):
    while True:
        stream, _ = listener.accept()
        threading.Thread(target=attend, args=(stream, converse), daemon=True).start()


def attend(stream, converse):
    with stream:
        try:
            stream.recv(65536)
            converse(stream)
        except OSError:
            pass


def for_ever(first, piece, pause=0):
    """A server that says something once, and then something else until the client is gone."""
    def converse(stream):
        stream.sendall(first)
        while True:
            stream.sendall(piece)
            time.sleep(pause)
    return converse


def bomb(times):
    zeros = b"\0" * (1 << 20)
    octets = gzip.compress(zeros * 64, 9)
    for _ in range(times - 1):
        octets = gzip.compress(octets * 200, 9)
    return octets


def silent(stream):
    while stream.recv(65536):
        pass


CODED = OK + b"Content-Encoding: gzip\r\n\r\n"
TWICE = OK + b"Content-Encoding: gzip, gzip\r\n\r\n"
SERVERS = {
    "silence": ("http", silent),
    "a head that drips": ("http", for_ever(OK + b"X: ", b"x", 0.02)),
    "a body that drips": ("http", for_ever(OK + b"\r\n", b"x", 0.02)),
    "chunks that drip": ("http", for_ever(OK + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n", 0.02)),
    "an endless body": ("http", for_ever(OK + b"\r\n", b"x" * 65536)),
    "endless tiny chunks": ("http", for_ever(OK + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n" * 10000)),
    "an endless head": ("http", for_ever(OK, b"X: 1\r\n" * 10000)),
    "endless 1xx": ("http", for_ever(b"", b"HTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\n" * 2000)),
    "a bomb without end": ("http", for_ever(CODED, bomb(1))),
    "a bomb in a bomb": ("http", for_ever(TWICE, bomb(2))),
    "a stalled TLS handshake": ("https", silent),
    "a dripping TLS record": ("https", for_ever(b"\x16\x03\x03\x3f\xff", b"\0", 0.02)),
}


if __name__ == "__main__":
    main()
