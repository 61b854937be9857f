"""A peer is killed while it writes traces, again and again: its file opens, and only the last moment's rows are lost."""
from __future__ import annotations

import json
import random
import signal
import sqlite3
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from loopback import Loopback, fetch


# Some lives are long enough for the peer to copy its log into the file, which it does ten seconds after its start.
LONG_S, SHORT_S = 10.0, 0.3


@dataclass
class Kill:
    """What one kill took."""

    answered: int
    """Requests that were answered in that life."""
    lost: int
    """Those of them whose rows are not in the file."""
    oldest: float
    """How long before the kill the oldest of these was answered, seconds; 0 where none was lost."""


class Clients:
    """Four clients that ask without pause, and remember which request ended when."""

    def __init__(self, url: str):
        self.url, self.ended, self.stopped = url, {}, threading.Event()
        self.threads = [threading.Thread(target=self.run, daemon=True) for _ in range(4)]
        for thread in self.threads:
            thread.start()

    def run(self) -> None:
        while not self.stopped.is_set():
            try:
                status, headers, _ = fetch(f"{self.url}/api/generate", {"model": "tiny", "prompt": "x", "stream": False}, timeout=10)
                if status == 200:
                    self.ended[headers["x-herd-request-id"]] = time.monotonic()
            except OSError:
                return

    def stop(self) -> None:
        self.stopped.set()
        for thread in self.threads:
            thread.join(20)


def kill_often(folder: Path, times: int) -> list[Kill]:
    """Kills a peer at work so many times, each tenth time after a long life."""
    loopback, dice, kills, halts = Loopback(folder), random.Random(3), [], 0
    try:
        engine = loopback.engine("tiny", token_delay_ms=0)
        while len(kills) < times:
            url = loopback.peer("victim", ollama=engine)
            program = loopback.programs[-1]
            loopback.wait_for_models(url, "tiny")
            clients = Clients(url)
            life = (LONG_S if len(kills) % 10 == 9 else SHORT_S) + dice.random() * 0.5
            began = time.monotonic()
            time.sleep(life)
            stood_still = time.monotonic() - began > life + 0.25
            halts += stood_still
            assert halts <= 3 + times, "this machine is too busy for any figure"
            program.process.send_signal(signal.SIGKILL)
            killed = time.monotonic()
            program.process.wait(10)
            clients.stop()
            loopback.programs.remove(program)
            assert clients.ended, "nothing was asked"
            with sqlite3.connect(folder / "victim/latency.db") as file:
                assert file.execute("PRAGMA quick_check").fetchall() == [("ok",)]
                there = {row[0] for row in file.execute("SELECT request_id FROM request_traces")}
            file.close()
            if stood_still:
                continue  # This program and the peer did not run for a while: nothing can be said of its time.
            ages = [killed - at for request, at in clients.ended.items() if request not in there]
            kills.append(Kill(len(clients.ended), len(ages), max([0.0] + ages)))
        url = loopback.peer("victim", ollama=engine)
        warnings = json.loads(fetch(f"{url}/health")[2])["warnings"]
        assert not any("damaged" in warning for warning in warnings), warnings
    finally:
        loopback.stop()
    return kills
