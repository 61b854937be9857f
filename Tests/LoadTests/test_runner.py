"""The runner of `make bench`: how it judges, and that it leaves nothing behind. Its figures are no matter here."""
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from herdlab import BINARY

ROOT = Path(__file__).resolve().parent.parent.parent
BENCH = BINARY.parent / "herd-bench"
sys.path.insert(0, str(ROOT / "Benchmarks"))

from runner import machine  # noqa: E402
from runner.figure import Figure, table  # noqa: E402
from runner.tools import Windows  # noqa: E402


def window(target: str, number: int, **figures) -> dict:
    empty = {"seconds": 0.5, "requests": 0, "chunks": 0, "allRequests": 1, "allChunks": 1, "processorSeconds": 0.0, "loopSeconds": 0.0,
             "p50": 0.0, "failures": 0}
    return empty | {"target": target, "round": number} | figures


def test_bars_are_judged():
    assert Figure("r", "w", 1.2, "x nginx", 1.3).ok is True
    assert Figure("r", "w", 1.4, "x nginx", 1.3).ok is False
    assert Figure("r", "w", 0.7, "x nginx", 0.6, at_least=True).ok is True
    assert Figure("r", "w", 0.5, "x nginx", 0.6, at_least=True).ok is False
    assert Figure("r", "w", 1.0, "MB", 40, spoilt=True).ok is False
    assert Figure("r", "w", None, "MB", 40).ok is None
    assert Figure("r", "w", None, "MB", 40).verdict == "NOT MEASURED"
    assert Figure("r", "w", 3.0, "us").ok is None


def test_the_table_names_what_was_missed():
    lines = table([Figure("requests", "requests/s", 0.5, "x nginx", 0.6, True, "5/s"), Figure("wrk", "", None, "", note="no wrk")])
    assert "0.50 x nginx  >= 0.6 x nginx  MISSED" in lines
    assert "skipped" in lines and "no wrk" in lines


def test_ratios_are_taken_round_by_round():
    # A machine that was twice as fast in one round says nothing of the relays.
    seen = Windows([window("a", 0, requests=50), window("b", 0, requests=100), window("a", 1, requests=100),
                    window("b", 1, requests=200), window("a", 2, requests=10), window("b", 2, requests=100)])
    assert seen.ratio("a", "b", "rate") == 0.5
    assert seen.each("a", "rate") == [100, 200, 20]
    assert seen.added("b", "a", "requests") == [50, 100, 90]


def test_failed_answers_are_no_figures():
    with pytest.raises(RuntimeError, match="status 503"):
        Windows([window("a", 0, failures=2, firstFailure="status 503")])


def test_memory_and_children_of_a_process_are_found():
    child = subprocess.Popen(["sleep", "60"])
    try:
        assert child.pid in machine.children(os.getpid())
        assert 1 < machine.resident_megabytes(os.getpid()) < 1_000
    finally:
        child.kill()
        child.wait()


def start(*words: str) -> subprocess.Popen:
    if not BINARY.exists() or not BENCH.exists():
        pytest.skip(f"no binaries at {BINARY.parent}")
    environment = {**os.environ, "HERD_PEER_BINARY": str(BINARY), "HERD_BENCH_BINARY": str(BENCH)}
    return subprocess.Popen([str(ROOT / "Benchmarks/run"), *words], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                            text=True)


def started_by(runner: int) -> set[int]:
    try:
        return set(machine.children(runner))
    except OSError:
        return set()


def is_there(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


def test_a_row_is_measured_from_beginning_to_end():
    runner = start("--only", "hop", "--rounds", "1", "--json")
    seen: set[int] = set()
    while runner.poll() is None:
        seen |= started_by(runner.pid)
        time.sleep(0.05)
    output, errors = runner.communicate()
    assert runner.returncode == 0, errors
    figures = json.loads(output)["figures"]
    assert [figure["row"] for figure in figures] == ["hop", "hop"]
    assert all(figure["value"] is not None and figure["value"] > 0 for figure in figures), figures
    assert len(seen) >= 5
    assert not [pid for pid in seen if is_there(pid)]


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_everything_ends_with_the_runner(ending):
    runner = start("--only", "slots")
    limit = time.monotonic() + 60
    while len(seen := started_by(runner.pid)) < 4 and runner.poll() is None and time.monotonic() < limit:
        time.sleep(0.05)
    assert len(seen) >= 4
    runner.send_signal(ending)
    runner.communicate(timeout=60)
    while any(is_there(pid) for pid in seen) and time.monotonic() < limit:
        time.sleep(0.05)
    assert not [pid for pid in seen if is_there(pid)]
