"""A peer is killed while it writes traces, again and again: its file opens, and only the last moment's rows are lost."""
from __future__ import annotations

import json
import random
import signal
import sqlite3
import threading
import time
from pathlib import Path

from loopback import Loopback, fetch


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


def kill_often(folder: Path, times: int) -> list[float]:
    """How old the oldest lost row was at each kill, seconds; 0 where none was lost."""
    loopback, dice, lost = Loopback(folder), random.Random(3), []
    try:
        engine = loopback.engine("tiny", token_delay_ms=0)
        for _ in range(times):
            url = loopback.peer("victim", ollama=engine)
            program = loopback.programs[-1]
            loopback.wait_for_models(url, "tiny")
            clients = Clients(url)
            time.sleep(0.3 + dice.random() * 0.5)
            killed = time.monotonic()
            program.process.send_signal(signal.SIGKILL)
            program.process.wait(10)
            clients.stop()
            loopback.programs.remove(program)
            assert clients.ended, "nothing was asked"
            with sqlite3.connect(folder / "victim/latency.db") as file:
                assert file.execute("PRAGMA quick_check").fetchall() == [("ok",)]
                there = {row[0] for row in file.execute("SELECT request_id FROM request_traces")}
            file.close()
            lost.append(max([0.0] + [killed - at for request, at in clients.ended.items() if request not in there]))
        url = loopback.peer("victim", ollama=engine)
        warnings = json.loads(fetch(f"{url}/health")[2])["warnings"]
        assert not any("damaged" in warning for warning in warnings), warnings
    finally:
        loopback.stop()
    return lost
