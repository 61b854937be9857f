"""Three peers with a million traces each: how long the pages of statistics take, whichever peer is asked."""
from __future__ import annotations

import json
import os
import random
import shutil
import signal
import sqlite3
import time
from pathlib import Path

from .figure import Figure
from .programs import Stage, fetch, wait_until

TRACES = int(os.environ.get("HERD_BENCH_TRACES", "1000000"))
DAYS, ROUNDS, BAR_MS = 30, 40, 300
NODES = ("one", "two", "three")
MODELS = ("llama3.2:latest", "qwen3:8b", "gpt-oss:120b", "mistral:7b", "nomic-embed-text:latest", "gemma3:27b")
PAGES = {
    "traces": "/dashboard/api/traces?limit=50", "traces of a model": "/dashboard/api/traces?limit=50&model=gemma3:27b",
    "failed traces": "/dashboard/api/traces?limit=50&status=failed", "overview": "/dashboard/api/overview",
    "trends, 30 days": "/dashboard/api/trends?hours=720", "usage, 30 days": "/dashboard/api/usage?days=30",
    "models, 30 days": "/dashboard/api/models?days=30", "apps, 30 days": "/dashboard/api/apps?days=30",
    "apps per day": "/dashboard/api/apps/daily?days=30", "health data (contexts)": "/dashboard/api/context-usage?days=7",
    "token counts": "/api/token_counts",
}


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
    began = time.monotonic()
    for name in NODES:
        seeds = [word for port in ports for word in ("--router-url", f"http://127.0.0.1:{port}")]
        ports.append(stage.peer(name, *seeds, pinned=False)[0])
    for name in NODES:
        wait_until(f"{name} counts its traces", 600, lambda: counted(stage.folder / name / "latency.db"))
    caught_up = time.monotonic() - began
    for port in ports:
        wait_until("three members", 60, lambda: len(members(port)) == 3)
    figures = []
    for what, path in PAGES.items():
        times, short = [], 0
        for turn in range(ROUNDS):
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
    return figures


def members(port: int) -> list[dict]:
    status = fetch(f"http://127.0.0.1:{port}/fleet/status")
    return [m for m in status["mesh"]["members"] if m["status"] == "alive"]
