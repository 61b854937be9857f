"""`Benchmarks/run`: the relay beside nginx, one table."""
from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from . import machine, others, recall, rows, wrk
from .figure import Figure, table
from .programs import Missing, Stage

ROOT = Path(__file__).resolve().parent.parent.parent
ROWS = rows.ROWS | {"recall": recall.recall, "wrk": wrk.cross_check, "others": others.others}


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="Benchmarks/run", description="Measures herd-peer beside nginx in the same run, by turns; prints figures and bars.")
    parser.add_argument("--only", action="append", choices=list(ROWS), metavar="ROW", help=f"repeatable: {', '.join(ROWS)}")
    parser.add_argument("--rounds", type=int, default=5, help="rounds of every pair; default 5")
    parser.add_argument("--json", action="store_true", help="figures for programs instead of the table")
    parser.add_argument("--strict", action="store_true", help="exit status 1 when a bar is missed or could not be measured")
    parser.add_argument("--limit", type=float, default=540, help="no row begins after so many seconds; default 540")
    return parser.parse_args()


def binary(variable: str, name: str) -> Path:
    """The program that the environment names, else the release build."""
    path = Path(os.environ.get(variable) or ROOT / ".build/release" / name).absolute()
    if not path.exists():
        sys.exit(f"No program at {path}: build it (make bench does), or set {variable}.")
    return path


def measure(name: str, peer: Path, bench: Path, cores: machine.Cores) -> list[Figure]:
    """One row; a row that cannot be measured says why and leaves the others alone."""
    bare = [Figure(name, "", None, "", 0 if name in rows.ROWS else None)]
    try:
        with Stage(peer, bench, cores) as stage:
            return ROWS[name](stage)
    except Missing as reason:
        bare[0].note = str(reason)
    except (RuntimeError, OSError, ValueError, KeyError, subprocess.SubprocessError) as problem:
        bare[0].note = f"{problem}"
    return bare


def stop(number: int, _: object) -> None:
    raise SystemExit(128 + number)


def main() -> int:
    options = arguments()
    rows.ROUNDS = max(1, min(50, options.rounds))
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)
    peer, bench = binary("HERD_PEER_BINARY", "herd-peer"), binary("HERD_BENCH_BINARY", "herd-bench")
    machine.raise_limits()
    cores = machine.Cores()
    header = f"{machine.description()}; {cores.words()}"
    if os.getloadavg()[0] > 0.7 * (os.cpu_count() or 1):
        print("This machine is busy with something else: the figures will be rough.", file=sys.stderr)
    began, figures = time.monotonic(), []
    for name in options.only or list(ROWS):
        if time.monotonic() - began > options.limit:
            figures.append(Figure(name, "", None, "", 0, note=f"not begun: {options.limit:g} s were over"))
            continue
        print(f"measuring: {name} …", file=sys.stderr, flush=True)
        figures += measure(name, peer, bench, cores)
    missed = [f for f in figures if f.bar is not None and f.ok is not True]
    if options.json:
        print(json.dumps({"machine": header, "seconds": round(time.monotonic() - began, 1), "missed": len(missed),
                          "figures": [f.json() for f in figures]}, indent=1))
    else:
        print(header + "\n\n" + table(figures) + "\n")
        print(f"{len(missed)} of {sum(f.bar is not None for f in figures)} bars missed or not measured; "
              f"{time.monotonic() - began:.0f} s. What each row is: Documentation/performance.md")
    return 1 if options.strict and missed else 0


def run() -> None:
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
