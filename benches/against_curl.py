#!/usr/bin/env python3
"""Times whole processes of kuki and curl in turn, on one loopback server, and prints the ratios.

    cargo build --release
    python3 benches/against_curl.py [--rounds 200] [--jar-dir DIR] [--kuki target/release/kuki]

The program is copied first, as an installation does it: what a linker wrote lies in the page cache in small pieces,
which costs a start some 7 %; `--as-linked` measures that file itself.

Needs curl; uses nginx and openssl where they are installed (without them the server is `kuki lab`, and the https
row is left out), and GNU time for the memory rows. In each scenario the two run in turn, round after round, so that
a machine whose speed drifts drifts for both; a ratio is the median of the ratios of the rounds.
"""

import argparse
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

COOKIES = 300
MATCHING = 10
WARM_UP = 5
DEVNULL = os.open(os.devnull, os.O_RDWR)


def main():
    options = arguments()
    if not shutil.which("curl"):
        sys.exit("curl is not installed, so there is nothing to compare with")
    with tempfile.TemporaryDirectory(prefix="kuki-bench-") as scratch:
        os.environ["HOME"] = scratch
        if not options.as_linked:
            options.kuki = shutil.copy(options.kuki, scratch)
        server = Nginx(scratch) if shutil.which("nginx") and shutil.which("openssl") else Lab(options.kuki)
        try:
            rows = scenarios(options, server, scratch)
            print(f"{server.name}; {options.rounds} rounds; {os.cpu_count()} cores; {versions(options.kuki)}")
            report(rows, measure(rows, options.rounds))
            memory(rows)
        finally:
            server.stop()


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--kuki", default="target/release/kuki")
    parser.add_argument("--as-linked", action="store_true", help="measure the file itself, and no copy of it")
    tmpfs = "/dev/shm" if os.path.isdir("/dev/shm") else tempfile.gettempdir()
    parser.add_argument("--jar-dir", default=tmpfs, help="where the jars lie [default: %(default)s]")
    parser.add_argument("--disk-dir", default=".", help="a directory on a real disk [default: %(default)s]")
    return parser.parse_args()


def scenarios(options, server, scratch):
    """(name, kuki's command, curl's command), the jars made and ready."""
    kuki, http = os.path.abspath(options.kuki), server.http
    ours, theirs = jars(options.jar_dir)
    disk, disk_theirs = jars(options.disk_dir)
    rows = [
        ("--version", [kuki, "--version"], ["curl", "--version"]),
        ("GET, no jar", [kuki, "--no-jar", http], ["curl", "-s", http]),
        ("GET, new jar each time", [kuki, "--jar", new(options.jar_dir), http], ["curl", "-s", "-c", new(options.jar_dir), http]),
        ("GET, 300 cookies, saved", [kuki, "--jar", ours, http], ["curl", "-s", "-b", theirs, "-c", theirs, http]),
        ("the same, real disk", [kuki, "--jar", disk, http], ["curl", "-s", "-b", disk_theirs, "-c", disk_theirs, http]),
    ]
    if server.https:
        ca = ["--cacert", server.ca]
        rows.append((
            "the same on https, --cacert",
            [kuki, *ca, "--jar", ours, server.https],
            ["curl", "-s", *ca, "-b", theirs, "-c", theirs, server.https],
        ))
    return rows


def new(directory):
    path = tempfile.mktemp(prefix="kuki-bench-new-", suffix=".json", dir=directory)
    LEFTOVERS.append(path)
    return path


LEFTOVERS = []


def jars(directory):
    """One jar of the same cookies for each of the two, of which ten go to 127.0.0.1."""
    rows, lines = [], ["# Netscape HTTP Cookie File", ""]
    for number in range(COOKIES):
        own = number < MATCHING
        domain = "127.0.0.1" if own else f"host{number % 3}.example{number // 3:03}.com"
        stamp = f"2026-01-01T00:00:00.{number:06}Z"
        name, value = f"cookie{number:03}", f"{number * 7919:032x}"
        rows.append({
            "name": name, "value": value, "domain": domain, "host_only": True, "path": "/",
            "expires": "2027-01-01T00:00:00.000000Z", "secure": False, "http_only": False, "same_site": None,
            "created": stamp, "updated": stamp, "last_access": stamp, "pinned": False,
        })
        lines.append("\t".join([domain, "FALSE", "/", "FALSE", "1798761600", name, value]))
    rows.sort(key=lambda row: (row["domain"], row["path"], row["name"]))
    header = {"format": "kuki-jar", "version": 1, "limits": {"per_domain": 20, "total": 300, "cookie_bytes": 4096}}
    compact = {"separators": (",", ":")}
    body = ",\n".join(json.dumps(row, **compact) for row in rows)
    text = json.dumps(header, **compact)[:-1] + ',"policy":"classic",\n"removed":[],\n"cookies":[\n' + body + "\n]}\n"
    paths = []
    for suffix, content in ((".json", text), (".txt", "\n".join(lines) + "\n")):
        handle, path = tempfile.mkstemp(prefix="kuki-bench-", suffix=suffix, dir=directory)
        os.write(handle, content.encode())
        os.close(handle)
        paths.append(path)
    LEFTOVERS.extend(paths)
    return [os.path.abspath(path) for path in paths]


def measure(rows, rounds):
    times = {}
    for name, *commands in rows:
        times[name] = ([], [])
        for number in range(rounds + WARM_UP):
            for taken, command in zip(times[name], commands):
                if "new jar" in name and os.path.exists(command[-2]):
                    os.remove(command[-2])
                seconds = run(command)
                if number >= WARM_UP:
                    taken.append(seconds)
    return times


def run(command):
    actions = [(os.POSIX_SPAWN_DUP2, DEVNULL, 0), (os.POSIX_SPAWN_DUP2, DEVNULL, 1)]
    start = time.perf_counter()
    child = os.posix_spawnp(command[0], command, os.environ, file_actions=actions)
    _, status = os.waitpid(child, 0)
    taken = time.perf_counter() - start
    if status != 0:
        sys.exit(f"{' '.join(command)} ended with {status}")
    return taken


def report(rows, times):
    print(f"{'scenario':<30} {'kuki ms':>9} {'curl ms':>9} {'ratio':>7}   quartiles of the ratio")
    for name, *_ in rows:
        ours, theirs = times[name]
        ratios = [one / other for one, other in zip(ours, theirs)]
        low, middle, high = statistics.quantiles(ratios, n=4)
        print(f"{name:<30} {1000 * statistics.median(ours):9.2f} {1000 * statistics.median(theirs):9.2f} "
              f"{middle:7.3f}   {low:.3f} to {high:.3f}")


def memory(rows):
    """The largest resident set, asked of GNU time, since a child of this script starts with its parent's."""
    if not os.path.exists("/usr/bin/time"):
        print("peak memory: GNU time is not installed")
        return
    print(f"{'scenario':<30} {'kuki MiB':>9} {'curl MiB':>9} {'ratio':>7}   (peak memory, medians of 9)")
    for name, *commands in rows:
        kuki, curl = (statistics.median(peak(command) for _ in range(9)) for command in commands)
        print(f"{name:<30} {kuki:9.1f} {curl:9.1f} {kuki / curl:7.3f}")


def peak(command):
    done = subprocess.run(["/usr/bin/time", "-f", "%M", *command], stdout=DEVNULL, stderr=subprocess.PIPE, text=True)
    return int(done.stderr.split()[-1]) / 1024


def versions(kuki):
    first = lambda command: subprocess.run(command, capture_output=True, text=True).stdout.split("\n")[0]
    return f"{first([kuki, '--version'])}; {' '.join(first(['curl', '--version']).split()[:2])}"


class Nginx:
    name = "nginx on loopback"
    port, tls_port, spoken = 18180, 18181, "ssl"

    def __init__(self, scratch):
        self.http, self.https = f"http://127.0.0.1:{self.port}/", f"https://127.0.0.1:{self.tls_port}/"
        self.ca = f"{scratch}/ca.pem"
        key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
        openssl = lambda *words: subprocess.run(["openssl", *words], check=True, capture_output=True)
        openssl("req", "-x509", *key, "-keyout", f"{scratch}/ca.key", "-out", self.ca, "-days", "2", "-subj", "/CN=bench CA")
        openssl("req", *key, "-keyout", f"{scratch}/s.key", "-out", f"{scratch}/s.csr", "-subj", "/CN=127.0.0.1")
        with open(f"{scratch}/extensions", "w") as file:
            file.write("subjectAltName=IP:127.0.0.1\nbasicConstraints=CA:FALSE\n")
        openssl("x509", "-req", "-in", f"{scratch}/s.csr", "-CA", self.ca, "-CAkey", f"{scratch}/ca.key",
                "-CAcreateserial", "-out", f"{scratch}/s.pem", "-days", "2", "-extfile", f"{scratch}/extensions")
        temporary = "".join(f"{kind}_temp_path {scratch}/{kind};" for kind in
                            ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        self.scratch, answer = scratch, self.answer(scratch)
        with open(f"{scratch}/nginx.conf", "w") as file:
            file.write(f"""worker_processes 1; daemon off; pid {scratch}/pid; error_log {scratch}/errors;
events {{}}
http {{ access_log off; {temporary}
  server {{ listen 127.0.0.1:{self.port}; {answer} }}
  server {{ listen 127.0.0.1:{self.tls_port} {self.spoken}; ssl_certificate {scratch}/s.pem; ssl_certificate_key {scratch}/s.key; {answer} }} }}
""")
        self.process = subprocess.Popen(["nginx", "-e", f"{scratch}/errors", "-c", f"{scratch}/nginx.conf"])
        for _ in range(200):
            if subprocess.run(["curl", "-s", self.http], stdout=DEVNULL).returncode == 0:
                return
            time.sleep(0.02)
        sys.exit("nginx did not start")

    def answer(self, _scratch):
        return 'add_header Set-Cookie "rotated=$request_id; Path=/"; return 200 "hello\\n";'

    def stop(self):
        self.process.terminate()
        self.process.wait()
        clean()


class Lab:
    name = "kuki lab on loopback"
    https = None

    def __init__(self, kuki):
        self.process = subprocess.Popen([kuki, "lab", "--silent"], stdout=subprocess.PIPE, text=True)
        address = re.search(r"http://\S+", self.process.stdout.readline()).group()
        self.http = f"{address}set?rotated=0123456789abcdef0123456789abcdef&Path=/"

    def stop(self):
        self.process.terminate()
        self.process.wait()
        clean()


def clean():
    for path in LEFTOVERS:
        for name in (path, path + ".lock", path + ".tmp"):
            if os.path.exists(name):
                os.remove(name)


if __name__ == "__main__":
    main()
