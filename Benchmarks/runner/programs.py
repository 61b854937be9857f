"""What a measurement needs to run: engines, nginx, peers, each on free loopback ports, all of them ended at the end."""
from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any, Callable

from . import machine

MODEL = "bench:latest"


class Missing(Exception):
    """Something that a row needs is not there; the row is left out, with these words."""


def wait_until(what: str, limit: float, test: Callable[[], Any], pause: float = 0.05) -> Any:
    """The first true answer of `test`."""
    end = time.monotonic() + limit
    while True:
        found = test()
        if found:
            return found
        if time.monotonic() > end:
            raise RuntimeError(f"not within {limit:g} s: {what}")
        time.sleep(pause)


def free_port(taken: set[int]) -> int:
    """A port free for TCP and UDP, below those that the kernel gives to outgoing connections."""
    for port in range(21_000, 32_000):
        if port in taken:
            continue
        with socket.socket() as tcp, socket.socket(type=socket.SOCK_DGRAM) as udp:
            tcp.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with contextlib.suppress(OSError):
                tcp.bind(("127.0.0.1", port))
                udp.bind(("127.0.0.1", port))
                taken.add(port)
                return port
    raise RuntimeError("no free port from 21000 to 31999")


def fetch(url: str, body: Any = None, headers: dict[str, str] | None = None, timeout: float = 10) -> Any:
    """The JSON answer, or the text where it is none; an OSError when there is no good answer."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json", **(headers or {})})
    with urllib.request.urlopen(request, timeout=timeout) as answer:
        text = answer.read().decode()
    with contextlib.suppress(json.JSONDecodeError):
        return json.loads(text)
    return text


class Program:
    """One started program; its output goes to a file."""

    def __init__(self, name: str, argv: list[str], log: Path, cores: set[int] | None, environment: dict[str, str]):
        self.name, self.log = name, log
        with log.open("wb") as output:
            self.process = subprocess.Popen(
                argv, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, env=environment, process_group=0,
                preexec_fn=lambda: machine.prepare_child(cores))
        self.pid = self.process.pid

    def check(self) -> None:
        if self.process.poll() is not None:
            raise RuntimeError(f"{self.name} ended: {self.log.read_text(errors='replace')[-1500:]}")

    def wait_for(self, url: str, good: Callable[[Any], bool] = bool, limit: float = 30) -> None:
        def answers() -> bool:
            self.check()
            with contextlib.suppress(OSError, urllib.error.URLError):
                return good(fetch(url, timeout=5))
            return False
        wait_until(f"{self.name} answers at {url}", limit, answers)

    def stop(self) -> None:
        if self.process.poll() is not None:
            return
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(5)


class Stage:
    """Everything that one row started, in a folder of its own. Leave it with `with`."""

    def __init__(self, peer_binary: Path, bench_binary: Path, cores: machine.Cores):
        self.peer_binary, self.bench_binary, self.cores = peer_binary, bench_binary, cores
        self.folder = Path(tempfile.mkdtemp(prefix="herd-bench-"))
        self.programs: list[Program] = []
        self.ports: set[int] = set()
        self.environment = {k: v for k, v in os.environ.items() if not k.startswith(("FLEET_", "OLLAMA_"))}
        self.environment |= {"HOME": str(self.folder), "FLEET_ENV_FILE": "/dev/null"}

    def __enter__(self) -> Stage:
        return self

    def __exit__(self, *_: Any) -> None:
        for program in reversed(self.programs):
            program.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def start(self, name: str, argv: list[str], cores: set[int] | None, more: dict[str, str] | None = None) -> Program:
        program = Program(name, argv, self.folder / f"{name}.log", cores, self.environment | (more or {}))
        self.programs.append(program)
        return program

    def port(self) -> int:
        return free_port(self.ports)

    # What is measured, and what stands behind it

    def engine(self, slots: int = 0, models: int = 1) -> tuple[int, Program]:
        """The stand-in on the load's core; its port."""
        port = self.port()
        names = [word for name in model_names(models) for word in ("--model", name)]
        argv = [str(self.bench_binary), "engine", "--port", str(port), "--slots", str(slots), *names]
        program = self.start(f"engine-{port}", argv, self.cores.rest)
        program.wait_for(f"http://127.0.0.1:{port}/api/version")
        return port, program

    def nginx(self, engine: int, connections: int = 1024) -> tuple[int, list[int]]:
        """nginx with one worker in front of an engine; its port and the pids of its processes."""
        binary = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
        if binary is None:
            raise Missing("nginx is not installed (Debian: apt-get install nginx-light)")
        port = self.port()
        template = (Path(__file__).parent.parent / "nginx.conf").read_text()
        values = {"FOLDER": str(self.folder), "PORT": str(port), "ENGINE": str(engine), "CONNECTIONS": str(connections),
                  "USER": "user root;" if os.geteuid() == 0 else ""}
        for key, value in values.items():
            template = template.replace(f"@{key}@", value)
        config = self.folder / f"nginx-{port}.conf"
        config.write_text(template)
        program = self.start(f"nginx-{port}", [binary, "-c", str(config), "-p", str(self.folder), "-e", "stderr"], self.cores.relay)
        program.wait_for(f"http://127.0.0.1:{port}/api/version")
        return port, [program.pid, *machine.children(program.pid)]

    def peer(self, name: str, *more: str, engine: int | None = None, slots: int = 1024, threads: int = 1,
             pinned: bool = True) -> tuple[int, Program]:
        """A herd-peer with everything on that a user has; its client port."""
        port = self.port()
        argv = [str(self.peer_binary), "serve", "--host", "127.0.0.1", "--port", str(port), "--mesh-port", str(self.port()),
                "--node-id", name, "--no-mdns", "--data-dir", str(self.folder / name),
                "--ollama-host", f"http://127.0.0.1:{engine or 9}", *more]
        settings = {"FLEET_THREADS": str(threads), "FLEET_SLOTS_PER_MODEL": str(slots)}
        program = self.start(name, argv, self.cores.relay if pinned else None, settings)
        program.wait_for(f"http://127.0.0.1:{port}/fleet/status")
        return port, program

    def wait_for_models(self, port: int, *names: str) -> None:
        def offered() -> bool:
            listed = {m["name"] for m in fetch(f"http://127.0.0.1:{port}/api/tags").get("models", [])}
            return set(names or [MODEL]) <= listed
        wait_until(f"the peer on port {port} offers {names or MODEL}", 30, offered)

    def close_fleet(self, *names: str) -> None:
        """Gives peers that do not run yet the key of one closed fleet."""
        def fleet(name: str, *words: str, given: str | None = None) -> str:
            argv = [str(self.peer_binary), "fleet", *words, "--data-dir", str(self.folder / name)]
            done = subprocess.run(argv, input=given, capture_output=True, text=True, timeout=30, env=self.environment)
            if done.returncode:
                raise RuntimeError(f"herd-peer fleet {words[0]}: {done.stderr.strip()}")
            return done.stdout.strip()
        fleet(names[0], "init")
        token = fleet(names[0], "token")
        for name in names[1:]:
            fleet(name, "join", "-", given=token)


def model_names(count: int) -> list[str]:
    """`bench:latest`, or `bench-0:latest` and so on."""
    return [MODEL] if count == 1 else [f"bench-{number}:latest" for number in range(count)]
