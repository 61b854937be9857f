"""Peers and engines on this machine's loopback interface, on free ports, without mDNS."""
from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from herdlab import BINARY, wait_until

TESTS = Path(__file__).resolve().parent.parent
MODELS = TESTS / "Fixtures/models"
MADE = TESTS.parent / ".test-cache/models"
# The Python that has llama.cpp's server: this one, unless the tests of a group run in an environment of their own.
ENGINE_PYTHON = os.environ.get("HERD_ENGINE_PYTHON", sys.executable)


def free_port(udp: bool = False) -> int:
    """A port that nobody used a moment ago; with `udp` free for both protocols."""
    while True:
        with socket.socket() as tcp, socket.socket(type=socket.SOCK_DGRAM) as datagrams:
            tcp.bind(("127.0.0.1", 0))
            port = tcp.getsockname()[1]
            if udp:
                try:
                    datagrams.bind(("127.0.0.1", port))
                except OSError:
                    continue
            return port


def fetch(url: str, body: Any = None, timeout: float = 30) -> tuple[int, dict[str, str], str]:
    """Status, headers with lower-case names, and text of one request; POST when there is a body."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json"} if data else {})
    try:
        with urllib.request.urlopen(request, timeout=timeout) as answer:
            return answer.status, {k.lower(): v for k, v in answer.headers.items()}, answer.read().decode()
    except urllib.error.HTTPError as e:
        return e.code, {k.lower(): v for k, v in e.headers.items()}, e.read().decode()


class Program:
    """One started program; its output goes to a file."""

    def __init__(self, argv: list[str], log: Path, environment: dict[str, str] | None = None):
        self.log = log
        with log.open("wb") as output:
            self.process = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=output, stderr=output, env=environment)

    def wait_for(self, url: str, limit: float = 30) -> None:
        def answers() -> bool:
            assert self.process.poll() is None, f"{self.log.name} ended: {self.log.read_text(errors='replace')[-2000:]}"
            with contextlib.suppress(OSError):
                return fetch(url, timeout=5)[0] == 200
            return False
        wait_until(f"an answer of {url} ({self.log.name})", limit, answers)

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait(10)


def tiny_model(name: str, *options: str) -> Path:
    """Makes a model once; its weights are the same on every machine."""
    MADE.mkdir(parents=True, exist_ok=True)
    path, script = MADE / f"{name}.gguf", MODELS / "make_tiny_gguf.py"
    if not path.exists() or path.stat().st_mtime < script.stat().st_mtime:
        fresh = path.with_suffix(f".{os.getpid()}")
        maker = Program([ENGINE_PYTHON, str(script), str(fresh), "--name", name, *options], MADE / f"{name}.log")
        assert maker.process.wait(120) == 0, maker.log.read_text()
        fresh.rename(path)
    return path


class Loopback:
    """Starts programs and stops them all at the end."""

    def __init__(self, folder: Path):
        self.folder, self.programs = folder, []
        folder.mkdir(parents=True, exist_ok=True)

    def add(self, program: Program) -> Program:
        self.programs.append(program)
        return program

    def engine(self, *models: str, slots: int = 4, token_delay_ms: int = 5, more: tuple[str, ...] = ()) -> str:
        """A demo engine with these models; its URL."""
        port = free_port()
        names = [word for model in models for word in ("--model", model)]
        speed = ["--slots", str(slots), "--token-delay-ms", str(token_delay_ms)]
        argv = [str(BINARY), "demo-engine", "--port", str(port), *names, *speed, *more]
        self.add(Program(argv, self.folder / f"engine-{port}.log")).wait_for(f"http://127.0.0.1:{port}/api/tags")
        return f"http://127.0.0.1:{port}"

    def llamacpp(self, name: str, embeds: bool = False, slots: int = 1) -> str:
        """llama.cpp's own server with a tiny model of this name; its URL."""
        port = free_port()
        settings = {"MODEL_PATH": str(tiny_model(name, *(["--embed"] if embeds else []))), "PORT": str(port), "ALIAS": name,
                    "EMBED": str(int(embeds)), "PARALLEL": str(slots)}
        server = Program([ENGINE_PYTHON, str(MODELS / "serve_llamacpp.py")], self.folder / f"{name}.log", {**os.environ, **settings})
        self.add(server).wait_for(f"http://127.0.0.1:{port}/health", limit=60)
        return f"http://127.0.0.1:{port}"

    def peer(self, name: str, *more: str, ollama: str = "http://127.0.0.1:9") -> str:
        """A peer under this name; its URL. Without `ollama` it has no Ollama engine."""
        port = mesh = free_port()
        while mesh == port:
            mesh = free_port(udp=True)
        argv = [str(BINARY), "serve", "--host", "127.0.0.1", "--port", str(port), "--mesh-port", str(mesh),
                "--node-id", name, "--ollama-host", ollama, "--no-mdns", "--data-dir", str(self.folder / name),
                "--log-level", "debug", *more]
        self.add(Program(argv, self.folder / f"{name}.log")).wait_for(f"http://127.0.0.1:{port}/fleet/status")
        return f"http://127.0.0.1:{port}"

    def wait_for_models(self, url: str, *models: str) -> None:
        def offered() -> bool:
            names = {m["name"].removesuffix(":latest") for m in json.loads(fetch(f"{url}/api/tags")[2]).get("models", [])}
            ids = {m["id"].removesuffix(":latest") for m in json.loads(fetch(f"{url}/v1/models")[2]).get("data", [])}
            return set(models) <= names | ids
        wait_until(f"{url} offers {models}", 30, offered)

    def stop(self) -> None:
        for program in reversed(self.programs):
            program.stop()
