"""The machine that is measured on: its cores, its limits, what else runs on it."""
from __future__ import annotations

import contextlib
import ctypes
import os
import platform
import resource
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

OPEN_FILES = 65_536
SET_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG
NEW_NETWORK = 0x4000_0000  # CLONE_NEWNET


class Cores:
    """The relay on one core, load and engine on another; nothing is pinned where there is only one."""

    def __init__(self) -> None:
        usable = sorted(os.sched_getaffinity(0))
        self.all = set(usable)
        self.relay = {usable[0]} if len(usable) > 1 else None
        self.rest = {usable[1]} if len(usable) > 1 else None

    def words(self) -> str:
        if self.relay is None:
            return "one core: nothing is pinned, and the figures say little"
        return f"relay on core {min(self.relay)}, load and engine on core {min(self.rest)}"


def raise_limits() -> None:
    """As many open files as may be; only root may lift the hard limit."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    for limits in ((OPEN_FILES, max(hard, OPEN_FILES)), (min(hard, OPEN_FILES), hard)):
        try:
            return resource.setrlimit(resource.RLIMIT_NOFILE, limits)
        except (ValueError, OSError):
            continue


def prepare_child(cores: set[int] | None) -> None:
    """Runs in every child before its program: it ends with the runner, whatever ends that, and stays on its cores."""
    ctypes.CDLL(None).prctl(SET_DEATH_SIGNAL, signal.SIGTERM)  # Not KILL: nginx has to end its worker.
    if cores:
        os.sched_setaffinity(0, cores)


@contextlib.contextmanager
def own_network() -> Iterator[str | None]:
    """This thread and what it starts see a loopback interface and nothing else; gives the reason where that cannot be."""
    libc = ctypes.CDLL(None, use_errno=True)
    before = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
    try:
        if libc.unshare(NEW_NETWORK):
            yield os.strerror(ctypes.get_errno())
            return
        try:
            done = subprocess.run(["ip", "link", "set", "lo", "up"], capture_output=True, text=True)
            yield done.stderr.strip() or "ip failed" if done.returncode else None
        finally:
            libc.setns(before, NEW_NETWORK)
    finally:
        os.close(before)


def description() -> str:
    """Processor, cores, kernel and load in one line."""
    model = next((line.split(":", 1)[1].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")), "processor")
    load = os.getloadavg()[0]
    return f"{model}, {os.cpu_count()} cores, Linux {platform.release()}, load {load:.1f} before the start"


def resident_megabytes(*pids: int) -> float:
    """Memory of processes that is in RAM, 10⁶ bytes."""
    total = 0
    for pid in pids:
        line = next((line for line in _lines(f"/proc/{pid}/status") if line.startswith("VmRSS:")), "VmRSS: 0 kB")
        total += int(line.split()[1])
    return total * 1024 / 1e6


def children(pid: int) -> list[int]:
    """The processes that a process started."""
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _lines(path: str) -> list[str]:
    try:
        return Path(path).read_text(errors="replace").splitlines()
    except OSError:
        return []
