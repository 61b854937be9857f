"""Other relays in the same run, where PyPI has them: ollama-herd and litellm. For whole answers only, and without bars."""
from __future__ import annotations

import secrets
import subprocess
import sys
from pathlib import Path

from . import machine
from .figure import Figure
from .programs import MODEL, Missing, Program, Stage, fetch
from .rows import pair
from .tools import Windows, call, target

PACKAGES = ("ollama-herd==0.11.4", "litellm[proxy]==1.106.2")
VENV = Path(__file__).resolve().parent.parent.parent / ".test-cache/bench-venv"
CONNECTIONS = 32


def install(package: str) -> str | None:
    """Puts a package into the cached environment once; why it could not, else None."""
    stamp = VENV / f"{package.replace('[', '-').replace(']', '')}.ok"
    if stamp.exists():
        return None
    print(f"installing {package} from PyPI, once …", file=sys.stderr, flush=True)
    steps = [] if (VENV / "bin/pip").exists() else [[sys.executable, "-m", "venv", str(VENV)]]
    steps.append([str(VENV / "bin/pip"), "install", "--quiet", "--disable-pip-version-check", package])
    for argv in steps:
        try:
            done = subprocess.run(argv, capture_output=True, text=True, timeout=240)
        except (OSError, subprocess.TimeoutExpired) as problem:
            return f"{package} could not be installed: {problem}"
        if done.returncode:
            return f"{package} could not be installed: {(done.stderr.strip() or str(done.returncode)).splitlines()[-1]}"
    stamp.touch()
    return None


def start_ollama_herd(stage: Stage, engine: int) -> tuple[dict, Program]:
    port = stage.port()
    quiet = {"FLEET_NODE_TELEMETRY": "false", "FLEET_DATA_DIR": str(stage.folder / "ollama-herd"), "DO_NOT_TRACK": "1",
             "OLLAMA_NUM_PARALLEL": "64"}
    argv = [str(VENV / "bin/herd"), "--host", "127.0.0.1", "--port", str(port)]
    program = stage.start("ollama-herd", argv, stage.cores.relay, quiet)
    program.wait_for(f"http://127.0.0.1:{port}/fleet/status", limit=60)
    node = [str(VENV / "bin/herd-node"), "--node-id", "bench", "--ollama-host", f"http://127.0.0.1:{engine}", "--router-url",
            f"http://127.0.0.1:{port}"]
    stage.start("herd-node", node, stage.cores.relay, quiet)
    program.wait_for(f"http://127.0.0.1:{port}/api/tags", lambda tags: MODEL in str(tags), limit=60)
    return target("ollama-herd", port, program.pid, verbatim=False), program


def start_litellm(stage: Stage, engine: int) -> tuple[dict, Program]:
    port, key = stage.port(), "sk-" + secrets.token_hex(24)
    config = stage.folder / "litellm.yaml"
    config.write_text(
        f"model_list:\n  - model_name: bench\n    litellm_params:\n      model: ollama_chat/{MODEL}\n"
        f"      api_base: http://127.0.0.1:{engine}\nlitellm_settings:\n  num_retries: 0\n  telemetry: false\n")
    settings = {"LITELLM_MASTER_KEY": key, "LITELLM_TELEMETRY": "False", "LITELLM_LOCAL_MODEL_COST_MAP": "True",
                "LITELLM_LOG": "ERROR", "DO_NOT_TRACK": "1"}
    argv = [str(VENV / "bin/litellm"), "--config", str(config), "--host", "127.0.0.1", "--port", str(port), "--num_workers", "1"]
    program = stage.start("litellm", argv, stage.cores.relay, settings)
    program.wait_for(f"http://127.0.0.1:{port}/health/liveliness", limit=90)
    authorization = {"Authorization": f"Bearer {key}"}
    body = {"model": "bench", "messages": [{"role": "user", "content": "x"}], "stream": False}
    fetch(f"http://127.0.0.1:{port}/v1/chat/completions", body, authorization, timeout=60)
    return target("litellm", port, program.pid, path="/v1/chat/completions", dialect="openai", verbatim=False, models=["bench"],
                  headers=[f"Authorization: Bearer {key}"]), program


def others(stage: Stage) -> list[Figure]:
    """ollama-herd and litellm beside nginx and the peer."""
    missing = {package: install(package) for package in PACKAGES}
    if all(missing.values()):
        raise Missing("; ".join(str(reason) for reason in missing.values()))
    # They announce themselves on the network and report home where they can: here they find none.
    with machine.own_network() as refusal:
        if refusal:
            raise Missing(f"not without a network namespace of its own ({refusal})")
        return compare(stage, missing)


def compare(stage: Stage, missing: dict[str, str | None]) -> list[Figure]:
    targets, _ = pair(stage)
    engine, figures = targets[0]["port"], []
    for start, package in zip((start_ollama_herd, start_litellm), PACKAGES):
        name = package.split("=")[0].split("[")[0]
        if missing[package]:
            figures.append(Figure("others", name, None, "", note=str(missing[package])))
            continue
        try:
            other, program = start(stage, engine)
            seen = Windows(call(stage, "load", [*targets[1:], other], CONNECTIONS, rounds=2, window=2.0, limit=90))
        except (RuntimeError, OSError, subprocess.SubprocessError) as problem:
            figures.append(Figure("others", name, None, "", note=str(problem).splitlines()[-1][:200]))
            continue
        rate, cpu = seen.median(name, "rate"), seen.median(name, "cpu")
        ours = seen.median("herd-peer", "cpu")
        note = (f"{rate:,.0f}/s, p50 {seen.median(name, 'p50') / 1e3:.0f} ms, CPU per 10k {cpu * 1e4:.1f} s "
                f"({cpu / ours:.0f} x herd-peer's), {machine.resident_megabytes(program.pid):.0f} MB")
        figures.append(
            Figure("others", f"herd-peer's requests/s beside {package.replace('==', ' ')}", seen.ratio("herd-peer", name, "rate"),
                   f"x {name}", note=note))
        for started in [p for p in stage.programs if p.name in (name, "herd-node")]:
            started.stop()
            stage.programs.remove(started)
    return figures
