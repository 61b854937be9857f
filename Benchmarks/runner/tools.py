"""The load generator's calls."""
from __future__ import annotations

import json
import statistics
import subprocess
from typing import Any

from . import machine
from .programs import MODEL, Stage


def target(name: str, port: int, *pids: int, models: list[str] | None = None, path: str = "/api/chat", dialect: str = "ollama",
           verbatim: bool = True, headers: list[str] | None = None) -> dict[str, Any]:
    """One relay, as the load generator wants it described."""
    return {"name": name, "port": port, "path": path, "headers": headers or [], "dialect": dialect, "verbatim": verbatim,
            "models": models or [MODEL], "pids": list(pids)}


def call(stage: Stage, command: str, targets: list[dict[str, Any]], connections: int, *, rounds: int = 1, window: float = 0.5,
         warm: float = 0.1, streams: bool = False, chunks: int = 1, interval_us: int = 0, delay_us: int = 0,
         limit: float = 120) -> Any:
    """Runs one tool to its end and reads its figures."""
    plan = {"targets": targets, "connections": connections, "rounds": rounds, "windowSeconds": window, "warmSeconds": warm,
            "streams": streams, "chunks": chunks, "intervalMicroseconds": interval_us, "delayMicroseconds": delay_us}
    done = subprocess.run(
        [str(stage.bench_binary), command], input=json.dumps(plan), capture_output=True, text=True, timeout=limit,
        preexec_fn=lambda: machine.prepare_child(stage.cores.rest))
    for program in stage.programs:
        program.check()
    if done.returncode:
        raise RuntimeError(f"herd-bench {command}: {done.stderr.strip()[-500:]}")
    return json.loads(done.stdout)


class Windows:
    """The windows of one `load` run: figures by target and round."""

    def __init__(self, windows: list[dict[str, Any]]):
        self.windows = windows
        bad = next((w for w in windows if w["failures"]), None)
        if bad:
            raise RuntimeError(f"{bad['failures']} answers of {bad['target']} were no good: {bad['firstFailure']}")

    def of(self, name: str) -> list[dict[str, Any]]:
        return [w for w in self.windows if w["target"] == name]

    def each(self, name: str, figure: str) -> list[float]:
        """One figure per round: a key of the windows, or per second `rate`, `chunk_rate`, or seconds per piece `cpu`, `loop_cpu`,
        `chunk_cpu`."""
        def value(w: dict[str, Any]) -> float:
            match figure:
                case "rate": return w["requests"] / w["seconds"]
                case "chunk_rate": return w["chunks"] / w["seconds"]
                case "cpu": return w["processorSeconds"] / max(1, w["allRequests"])
                case "loop_cpu": return w["loopSeconds"] / max(1, w["allRequests"])
                case "chunk_cpu": return w["processorSeconds"] / max(1, w["allChunks"])
                case _: return w[figure]
        return [value(w) for w in self.of(name)]

    def median(self, name: str, figure: str) -> float:
        return statistics.median(self.each(name, figure))

    def ratio(self, name: str, other: str, figure: str) -> float:
        """Median of the rounds' ratios."""
        pairs = zip(self.each(name, figure), self.each(other, figure))
        return statistics.median(one / two if two else float("nan") for one, two in pairs)

    def added(self, name: str, base: str, figure: str) -> list[float]:
        """Per round: how much more than `base`."""
        return [one - two for one, two in zip(self.each(name, figure), self.each(base, figure))]
