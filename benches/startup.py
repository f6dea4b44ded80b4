#!/usr/bin/env python3
"""Writes benches/startup.ld, by which the linker lays side by side the functions that every request runs.

    python3 benches/startup.py

A small request runs some 600 functions, once. Strewn over four megabytes they cost a page fault each; side by side
they come in a few. Run this after a large change, or with a new compiler: a name that the script holds and the program
lacks is passed over, and one that it doesn't hold yet stays where it is, so the worst that can happen is the old speed.

Needs valgrind, nginx, openssl, and ar and nm. The functions are those of the scenarios of against_curl.py, and behind
them those of large.py, so that a large body's memory does not grow by pages that hold little of what moves it.
"""

import collections
import os
import re
import subprocess
import sys
import tempfile

import against_curl
import large

HERE = os.path.dirname(os.path.abspath(__file__))
BUILD = os.path.join(HERE, "..", "target", "startup")
PROGRAM = os.path.join(BUILD, "release", "kuki")
# Rust's names end in a hash that changes with the compiler; without it they last.
HASHED = re.compile(r"(_ZN.*17h)[0-9a-f]{16}E")
# The newer names have such a hash for each crate that they speak of.
CRATE = re.compile(r"(?<=Cs)[0-9A-Za-z]+_")
# A name that many functions share would bring them all along: then only the very function is meant.
WIDE = 4000
# These the C library chooses by the processor, and valgrind's is not a real one.
BY_PROCESSOR = re.compile(r"(mem(move|set|cmp|chr|rchr)|str(len|n?cmp|r?chr|str))-\S*(evex|avx)\S*\.o")


def main():
    subprocess.run(["cargo", "build", "--release", "--target-dir", BUILD], check=True,
                   env=dict(os.environ, CARGO_PROFILE_RELEASE_STRIP="none"))
    with tempfile.TemporaryDirectory(prefix="kuki-startup-") as scratch:
        os.environ["HOME"] = scratch
        server = against_curl.Nginx(scratch)
        try:
            options = type("Options", (), {"kuki": PROGRAM, "jar_dir": scratch, "disk_dir": scratch})
            commands = [command for _, command, _ in against_curl.scenarios(options, server, scratch)]
            names = [name for command in commands for name in functions(command, scratch)]
        finally:
            server.stop()
        bodies = os.path.join(scratch, "bodies")
        os.mkdir(bodies)
        os.chmod(scratch, 0o755)
        with large.serving(bodies, mib=4) as (server, sinks):
            for _, command, _ in large.scenarios(PROGRAM, server, sinks, bodies, bodies):
                names += functions(command, scratch)
    write(unique(names))


def functions(command, scratch):
    """What the command runs, by the names that the linker knows."""
    out = os.path.join(scratch, "callgrind")
    subprocess.run(["valgrind", "--tool=callgrind", "--demangle=no", f"--callgrind-out-file={out}", *command],
                   check=True, capture_output=True)
    with open(out) as file:
        found = [re.match(r"c?fn=\(\d+\) ([^']+)", line) for line in file]
    return [match.group(1).strip() for match in found if match]


def unique(items):
    return list(dict.fromkeys(items))


def write(names):
    rust = unique(bare(name) for name in names if HASHED.match(name) or name.startswith("_R"))
    wide = shared(set(rust))
    rows = [f"*libc.a:{member}(.text .text.*)" for member in members(set(names))]
    rows += unique(f"*(.text.*{name if name in wide else lasting(name)}*)" for name in rust)
    path = os.path.join(HERE, "startup.ld")
    with open(path, "w") as file:
        file.write("/* Made by startup.py: the functions that requests run, to lie side by side. */\n")
        file.write("SECTIONS {\n  .text.startup : {\n" + "".join(f"    {row}\n" for row in rows) + "  }\n}\nINSERT BEFORE .text;\n")
    print(f"{path}: {len(rows)} rows, {len(wide)} of them with a hash")


def bare(name):
    return re.sub(r"(\.llvm)?\.\d+$", "", name)


def lasting(name):
    hashed = HASHED.match(name)
    return hashed.group(1) if hashed else CRATE.sub("*_", name)


def shared(wanted):
    """Those whose name without the hash would bring more along than it is worth."""
    others = collections.Counter()
    for line in lines("nm", "-S", PROGRAM):
        fields = line.split()
        if len(fields) == 4 and fields[3].startswith(("_ZN", "_R")) and bare(fields[3]) not in wanted:
            others[lasting(bare(fields[3]))] += int(fields[1], 16)
    return {name for name in wanted if others[lasting(name)] > WIDE}


def members(wanted):
    """The members of the C library's archive that hold these functions."""
    archive = subprocess.run(["cc", "-print-file-name=libc.a"], capture_output=True, text=True, check=True).stdout.strip()
    holding = set()
    for line in lines("nm", "-A", "--defined-only", archive):
        match = re.match(r"[^:]*:([^:]+):\S+ [TtWwi] (\S+)$", line)
        if match and match.group(2) in wanted:
            holding.add(match.group(1))
    return sorted(holding | {name for name in lines("ar", "t", archive) if BY_PROCESSOR.fullmatch(name)})


def lines(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()


if __name__ == "__main__":
    sys.exit(main())
