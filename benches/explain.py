#!/usr/bin/env python3
"""Times `kuki explain` on a jar of 300 cookies beside `kuki --version`, in turn, and prints by how much it takes longer.

    cargo build --release
    python3 benches/explain.py [--rounds 200] [--jar-dir DIR] [--kuki target/release/kuki]

The program is copied first, as in against_curl.py. Of each round the difference is taken, so that a machine whose speed
drifts drifts for both; a figure is the median of the differences. The status is 1 if one is over the goal.
"""

import argparse
import json
import os
import shutil
import statistics
import sys
import tempfile

from against_curl import COOKIES, LEFTOVERS, WARM_UP, clean, jars, run

GOAL_MS = 10.0
PER_HOST = 20


def main():
    options = arguments()
    with tempfile.TemporaryDirectory(prefix="kuki-bench-") as scratch:
        os.environ["HOME"] = scratch
        kuki = shutil.copy(options.kuki, scratch)
        try:
            rows = scenarios(kuki, options.jar_dir)
            print(f"{options.rounds} rounds; {os.cpu_count()} cores; goal: under {GOAL_MS:.0f} ms more than --version\n")
            print("| scenario | ms | more than `--version`, ms | its quartiles |\n| --- | ---: | ---: | --- |")
            slow = [name for name, command in rows if told(name, *measure(kuki, command, options.rounds)) >= GOAL_MS]
        finally:
            clean()
    sys.exit(f"over the goal: {', '.join(slow)}" if slow else 0)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--kuki", default="target/release/kuki")
    tmpfs = "/dev/shm" if os.path.isdir("/dev/shm") else tempfile.gettempdir()
    parser.add_argument("--jar-dir", default=tmpfs, help="where the jars lie [default: %(default)s]")
    return parser.parse_args()


def scenarios(kuki, directory):
    mixed, _ = jars(directory)
    explain = [kuki, "explain", "--jar", mixed]
    crowded = [kuki, "explain", "--jar", of_one_site(mixed)]
    line = "--set-cookie=sid=31d4d96e; Path=/; HttpsOnly; SameSite=None; Max-Age=3600; Expires=tomorrow"
    return [
        ("a URL that ten of them go to", explain + ["http://127.0.0.1/"]),
        ("the same as JSON", explain + ["--format", "json", "http://127.0.0.1/"]),
        ("a Set-Cookie with near misses, by both policies", explain + [line, "http://127.0.0.1/"]),
        ("300 cookies of one site, each told with its reason", crowded + ["https://host0.example.com/"]),
    ]


def of_one_site(mixed):
    """The same jar with fifteen hosts of one site, twenty cookies each."""
    with open(mixed) as file:
        jar = json.load(file)
    for number, row in enumerate(jar["cookies"]):
        row["domain"] = f"host{number // PER_HOST}.example.com"
    assert len(jar["cookies"]) == COOKIES
    path = mixed.replace(".json", "-site.json")
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(jar, file)
    LEFTOVERS.append(path)
    return path


def measure(kuki, command, rounds):
    taken, more = [], []
    for number in range(rounds + WARM_UP):
        bare = run([kuki, "--version"])
        whole = run(command)
        if number >= WARM_UP:
            taken.append(whole * 1000)
            more.append((whole - bare) * 1000)
    return taken, more


def told(name, taken, more):
    low, median, high = statistics.quantiles(more, n=4)
    print(f"| {name} | {statistics.median(taken):.2f} | **{median:.2f}** | {low:.2f} to {high:.2f} |", flush=True)
    return median


if __name__ == "__main__":
    main()
