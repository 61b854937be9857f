"""Three peers with a million traces each: how long the pages of statistics take, whoever is asked, and what that costs requests."""
from __future__ import annotations

import json
import os
import random
import shutil
import signal
import sqlite3
import statistics
import threading
import time
from pathlib import Path

from .figure import Figure
from .programs import Stage, fetch, wait_until
from .rows import dropped_traces
from .tools import Windows, call, target

TRACES = int(os.environ.get("HERD_BENCH_TRACES", "1000000"))
DAYS, ROUNDS, BAR_MS = 30, 40, 300
# Requests while somebody looks at the pages: so many connections to an engine that takes so long for each answer.
CONNECTIONS, DELAY_US, WINDOWS, WINDOW_S, PAGE_EVERY_S = 64, 8_000, 8, 2.0, 0.5
NODES = ("one", "two", "three")
MODELS = ("llama3.2:latest", "qwen3:8b", "gpt-oss:120b", "mistral:7b", "nomic-embed-text:latest", "gemma3:27b")
PAGES = {
    "traces": "/dashboard/api/traces?limit=50", "traces of a model": "/dashboard/api/traces?limit=50&model=gemma3:27b",
    "failed traces": "/dashboard/api/traces?limit=50&status=failed", "overview": "/dashboard/api/overview",
    "trends, 30 days": "/dashboard/api/trends?hours=720", "usage, 30 days": "/dashboard/api/usage?days=30",
    "models, 30 days": "/dashboard/api/models?days=30", "apps, 30 days": "/dashboard/api/apps?days=30",
    "apps per day": "/dashboard/api/apps/daily?days=30", "health data (contexts)": "/dashboard/api/context-usage?days=7",
    "token counts": "/api/token_counts", "health": "/dashboard/api/health?refresh=1",
}
# A peer keeps for two seconds what it says of its own health: each answer is to be made anew.
PAUSES_S = {"health": 2.1}


def fill(path: Path, count: int) -> None:
    """Writes traces like real ones into a shard that no peer has open: about 1 kB each, over the last thirty days."""
    dice, now = random.Random(7), time.time()
    signals = {"thermal": 50, "memory_fit": 18.25, "queue_depth": -3.5, "wait_time": -1.25, "role_affinity": 5, "context_fit": 0,
               "availability_trend": 0, "session_affinity": 0, "prefix_affinity": 0}
    candidates = json.dumps([{"backend": "ollama", "model": "m", "own_delta": 0, "peer": "0" * 32, "record_age_ms": 40,
                              "record_version": "3.17", "score": 68.5, "signals": signals} for _ in NODES])
    breakdown = json.dumps(signals | {"total": 68.5})
    columns = ("request_id, model, original_model, node_id, score, scores_breakdown, status, latency_ms, time_to_first_token_ms, "
               "prompt_tokens, completion_tokens, client_ip, original_format, timestamp, tags, attempt, backend, hop, candidates")
    step = DAYS * 86_400 / count

    def row(number: int) -> tuple:
        model, took = dice.choice(MODELS), dice.lognormvariate(7, 1)
        status = "failed" if number % 5000 == 7 else "retried" if number % 200 == 3 else "completed"
        return (f"{number:016x}", model, model, dice.choice(NODES), 68.5, breakdown, status, took, took / 5,
                dice.randrange(20, 9000), dice.randrange(5, 900), f"10.0.0.{number % 50}", "ollama",
                now - DAYS * 86_400 + number * step, f'["app{number % 12}"]', 1, "ollama@127.0.0.1:11434", number % 2, candidates)

    with sqlite3.connect(path) as file:
        file.execute("PRAGMA synchronous = OFF")
        for start in range(0, count, 50_000):
            file.executemany(f"INSERT INTO request_traces ({columns}) VALUES ({', '.join('?' * 19)})",
                             [row(n) for n in range(start, min(count, start + 50_000))])
            file.commit()
    file.close()


def counted(path: Path) -> bool:
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as file:
        return file.execute("SELECT (SELECT trace_id FROM trace_hours_covered) >= (SELECT max(id) FROM request_traces)").fetchone()[0]


def end(program) -> None:
    program.process.send_signal(signal.SIGTERM)
    program.process.wait(30)


def recall(stage: Stage) -> list[Figure]:
    """The 95th of a hundred answers of each page, all three peers asked in turn; and how fast traces are counted afterwards."""
    _, first = stage.peer(NODES[0], pinned=False)
    end(first)
    stage.programs.remove(first)
    fill(stage.folder / NODES[0] / "latency.db", TRACES)
    for name in NODES[1:]:
        (stage.folder / name).mkdir()
        shutil.copyfile(stage.folder / NODES[0] / "latency.db", stage.folder / name / "latency.db")
    ports: list[int] = []
    engine, _ = stage.engine()
    began = time.monotonic()
    for name in NODES:
        seeds = [word for port in ports for word in ("--router-url", f"http://127.0.0.1:{port}")]
        ports.append(stage.peer(name, *seeds, engine=None if ports else engine, pinned=False)[0])
    for name in NODES:
        wait_until(f"{name} counts its traces", 600, lambda: counted(stage.folder / name / "latency.db"))
    caught_up = time.monotonic() - began
    for port in ports:
        wait_until("three members", 60, lambda: len(members(port)) == 3)
    figures = []
    for what, path in PAGES.items():
        times, short = [], 0
        for turn in range(ROUNDS):
            time.sleep(PAUSES_S.get(what, 0))
            began = time.monotonic()
            answer = fetch(f"http://127.0.0.1:{ports[turn % 3]}{path}", timeout=60)
            times.append((time.monotonic() - began) * 1e3)
            short += answer["shards"]["answered"] < 3
        times.sort()
        figures.append(Figure("recall", f"{what}, three shards of {TRACES:,} traces, p95", times[int(ROUNDS * 0.95) - 1], "ms",
                              BAR_MS, note=f"p50 {times[ROUNDS // 2]:.0f} ms, first or slowest {times[-1]:.0f} ms"
                              + (f"; {short} answers without a shard" if short else ""), spoilt=short > 0))
    figures.append(Figure("recall", "traces of before that a start counts", 3 * TRACES / caught_up, "per s",
                          note=f"{caught_up:.0f} s for three shards at once on this machine"))
    return figures + meanwhile(stage, ports)


class Reader:
    """Somebody who opens one page after the other, at any peer."""

    def __init__(self, ports: list[int]):
        self.ports, self.times, self.short, self.stopped = ports, [], 0, threading.Event()
        self.thread = threading.Thread(target=self.run, daemon=True)

    def run(self) -> None:
        paths, turn = list(PAGES.values()), 0
        while not self.stopped.is_set():
            began = time.monotonic()
            answer = fetch(f"http://127.0.0.1:{self.ports[turn % 3]}{paths[turn % len(paths)]}", timeout=60)
            self.times.append((time.monotonic() - began) * 1e3)
            self.short += answer["shards"]["answered"] < 3
            turn += 1
            self.stopped.wait(max(0.0, PAGE_EVERY_S - (time.monotonic() - began)))

    def __enter__(self) -> Reader:
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stopped.set()
        self.thread.join(60)


def traces_in(path: Path) -> int:
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as file:
        return file.execute("SELECT max(id) FROM request_traces").fetchone()[0]


def meanwhile(stage: Stage, ports: list[int]) -> list[Figure]:
    """Requests at the first peer, by turns alone and while pages are read: what becomes of their times, and of their traces."""
    stage.wait_for_models(ports[0])
    file = stage.folder / NODES[0] / "latency.db"
    seen: dict[str, list[Windows]] = {"alone": [], "read": []}
    times: list[float] = []
    short, before, sent = 0, traces_in(file), 0
    for turn in range(2 * WINDOWS):
        # A B B A, so that what changes slowly falls out.
        name = "alone" if turn % 4 in (0, 3) else "read"

        def load() -> Windows:
            return Windows(call(stage, "load", [target(name, ports[0])], CONNECTIONS, window=WINDOW_S, delay_us=DELAY_US))
        if name == "read":
            with Reader(ports) as reader:
                windows = load()
            times, short = times + reader.times, short + reader.short
        else:
            windows = load()
        seen[name].append(windows)
        sent += sum(window["allRequests"] for window in windows.windows)
    wait_until("all traces are written", 30, lambda: traces_in(file) - before >= sent - dropped_traces(ports[0]))
    lost = sent - (traces_in(file) - before)
    p50 = {name: [w.median(name, "p50") for w in windows] for name, windows in seen.items()}
    rate = {name: statistics.median(w.median(name, "rate") for w in windows) for name, windows in seen.items()}
    ratio = statistics.median(read / alone for read, alone in zip(p50["read"], p50["alone"]))
    times.sort()
    pages = f"a page every {PAGE_EVERY_S:g} s, p95 {times[int(len(times) * 0.95)]:.0f} ms" + (f", {short} in part" if short else "")
    return [
        Figure("recall", "traces written while pages are read", rate["read"], "per s", 5000, at_least=True, spoilt=lost != 0,
               note=f"{rate['alone']:,.0f}/s without; {lost:,} of {sent:,} lost; {pages}"),
        Figure("recall", "a request's p50 while pages are read", ratio, "x alone", 1.05,
               note=f"{statistics.median(p50['read']):,.0f} us, alone {statistics.median(p50['alone']):,.0f} us, "
                    f"of which the engine takes {DELAY_US:,} us; {CONNECTIONS} connections"),
    ]


def members(port: int) -> list[dict]:
    status = fetch(f"http://127.0.0.1:{port}/fleet/status")
    return [m for m in status["mesh"]["members"] if m["status"] == "alive"]
