"""A second load generator, so that the first is not believed alone."""
from __future__ import annotations

import re
import shutil
import statistics
import subprocess

from . import machine, rows
from .figure import Figure
from .programs import MODEL, Missing, Stage

SCRIPT = """wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.body = '{"model":"%s","messages":[{"role":"user","content":"' .. string.rep("x", 460) .. '"}],"stream":false}'
"""


def cross_check(stage: Stage) -> list[Figure]:
    """wrk from Debian, 32 connections, one thread, by turns."""
    binary = shutil.which("wrk")
    if binary is None:
        raise Missing("wrk is not installed (Debian: apt-get install wrk)")
    targets, _ = rows.pair(stage)
    script = stage.folder / "post.lua"
    script.write_text(SCRIPT % MODEL)
    rates: dict[str, list[float]] = {"nginx": [], "herd-peer": []}
    for _ in range(3):
        for each in targets[1:]:
            rates[each["name"]].append(rate(binary, str(script), each["port"], stage))
    ratio = statistics.median(one / two for one, two in zip(rates["herd-peer"], rates["nginx"]))
    note = ", ".join(f"{name} {statistics.median(values):,.0f}/s" for name, values in rates.items())
    return [Figure("wrk", "requests/s by wrk, 32 connections", ratio, "x nginx", note=note)]


def rate(binary: str, script: str, port: int, stage: Stage) -> float:
    done = subprocess.run(
        [binary, "-t", "1", "-c", "32", "-d", "2s", "-s", script, f"http://127.0.0.1:{port}/api/chat"], capture_output=True,
        text=True, timeout=30, preexec_fn=lambda: machine.prepare_child(stage.cores.rest))
    found = re.search(r"Requests/sec:\s*([\d.]+)", done.stdout)
    if done.returncode or not found or "Non-2xx" in done.stdout:
        raise RuntimeError(f"wrk: {(done.stderr or done.stdout).strip()[-300:]}")
    return float(found[1])
