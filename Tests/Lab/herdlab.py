"""The lab as Python objects: hosts, peers, demo engines, and what is asked of them. Standard library only."""
from __future__ import annotations

import contextlib
import itertools
import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any, Callable

HERE = Path(__file__).resolve().parent
MESHLAB = HERE / "meshlab"
BINARY = Path(os.environ.get("HERD_PEER_BINARY", HERE.parent.parent / ".build/debug/herd-peer")).absolute()
CHECKER = Path(os.environ.get("HERD_HISTORY_BINARY", HERE.parent.parent / ".build/debug/herd-history")).absolute()
API, MESH, ENGINE = 11435, 11445, 11434
SLOTS = 8  # per model and engine; told to the peer as one tells Ollama


def wait_until(what: str, limit: float, test: Callable[[], Any], pause: float = 0.05) -> Any:
    """The first true answer of `test`; fails with `what` after `limit` seconds."""
    end = time.monotonic() + limit
    while True:
        found = test()
        if found:
            return found
        if time.monotonic() > end:
            raise AssertionError(f"not within {limit:g} s: {what}")
        time.sleep(pause)


class Answer:
    """What came back for one request; status 0 when nothing came back."""

    def __init__(self, value: dict):
        self.status: int = value["status"]
        self.headers: dict[str, str] = value["headers"]
        self.text: str = value["text"]
        self.error: str | None = value.get("error")
        self.seconds: float = value["seconds"]

    @property
    def json(self) -> Any:
        return json.loads(self.text)

    @property
    def node(self) -> str | None:
        return self.headers.get("x-fleet-node")

    @property
    def lines(self) -> list[dict]:
        """The JSON values of an NDJSON or SSE body."""
        texts = (line.removeprefix("data:").strip() for line in self.text.splitlines() if not line.startswith("event:"))
        return [json.loads(text) for text in texts if text and text != "[DONE]"]

    def __repr__(self) -> str:
        return f"<{self.status} {self.error or self.text[:300]!r} after {self.seconds:.2f} s>"


class Process:
    """A program that runs inside a host in the background, named by its pid outside."""

    def __init__(self, host: Host, argv: list[str], log: Path):
        self.host, self.argv, self.log = host, argv, log
        self.began = time.monotonic()
        settings = ["-e", f"OLLAMA_NUM_PARALLEL={SLOTS}", "-e", f"FLEET_HISTORY_FILE={host.lab.history(host)}"]
        self.pid = int(host.lab.run("exec", "-d", *settings, "--log", str(log), host.name, "--", *argv).strip())

    def signal(self, number: int) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, number)

    @property
    def alive(self) -> bool:
        try:
            state = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            return False
        return state not in "ZX"

    def wait_gone(self, limit: float) -> None:
        wait_until(f"end of {self.argv[1]} on {self.host.name}", limit, lambda: not self.alive, pause=0.01)


class Output:
    """A script from `inside/` that runs in a host in the foreground and prints JSON lines."""

    def __init__(self, host: Host, script: str, *arguments: str):
        self.process = subprocess.Popen(
            host.lab.command("exec", host.name, "--", sys.executable, str(HERE / "inside" / script), *arguments),
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)
        self.lines: list[dict] = []
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self) -> None:
        for line in self.process.stdout:
            with contextlib.suppress(ValueError):
                self.lines.append(json.loads(line))

    def finish(self, limit: float) -> list[dict]:
        """Waits for its own end."""
        self.process.wait(limit)
        self.reader.join(5)
        return self.lines

    def stop(self) -> None:
        """Ends it now."""
        with contextlib.suppress(OSError):
            self.process.stdin.close()
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait(10)


class Asker:
    """Requests from inside a host, through one long-lived process there."""

    def __init__(self, host: Host):
        self.host, self.numbers, self.output = host, itertools.count(), None

    def __call__(self, method: str, path: str, body: Any = None, **more: Any) -> Answer:
        limit = more.setdefault("timeout", 30)
        number = next(self.numbers)
        request = {"id": number, "method": method, "path": path, **more}
        if body is not None:
            request["body"] = body
        if self.output is None or self.output.process.poll() is not None:
            self.output = Output(self.host, "ask.py")
        try:
            self.output.process.stdin.write(json.dumps(request) + "\n")
        except OSError as e:
            raise AssertionError(f"{self.host.name} is off: {e}") from e
        found = wait_until(
            f"an answer to {method} {path} in {self.host.name}", limit + 15,
            lambda: next((line for line in self.output.lines if line["id"] == number), None), pause=0.002)
        return Answer(found)

    def close(self) -> None:
        if self.output:
            self.output.stop()
            self.output = None


class Host:
    def __init__(self, lab: Lab, index: int):
        self.lab, self.name, self.address = lab, f"h{index}", f"10.77.0.{index}"
        self.ask = Asker(self)
        self.peer: Process | None = None
        self.engine: Process | None = None
        self.starts = itertools.count(1)

    def shell(self, line: str) -> str:
        """Runs a shell line inside the host."""
        return self.lab.run("exec", self.name, "--", "sh", "-ec", line)

    @property
    def url(self) -> str:
        return f"http://{self.address}:{API}"

    def start_engine(self, *models: str, slots: int = SLOTS, token_delay_ms: int = 10) -> Process:
        """A demo engine on port 11434 with these models; waits until it answers."""
        names = [word for model in models for word in ("--model", model)]
        argv = [str(BINARY), "demo-engine", "--port", str(ENGINE), *names, "--slots", str(slots),
                "--token-delay-ms", str(token_delay_ms)]
        self.engine = Process(self, argv, self.lab.logs / f"{self.name}-engine.log")
        wait_until(f"the engine of {self.name}", 20, lambda: self.ask("GET", "/api/tags", port=ENGINE).status == 200)
        return self.engine

    def serve_arguments(
        self, *more: str, node_id: str | None = None, data: str | None = None, listen: str = "0.0.0.0"
    ) -> list[str]:
        return [str(BINARY), "serve", "--host", listen, "--port", str(API), "--mesh-port", str(MESH),
                "--node-id", node_id or self.name, "--ollama-host", f"http://127.0.0.1:{ENGINE}",
                "--data-dir", str(self.lab.data / (data or self.name)), "--log-level", "debug", *more]

    def start_peer(
        self, *more: str, node_id: str | None = None, data: str | None = None, listen: str = "0.0.0.0", wait: bool = True
    ) -> Process:
        """The peer of this host. The data folder is the host's own and survives a restart."""
        log = self.lab.logs / f"{self.name}-peer-{next(self.starts)}.log"
        self.peer = Process(self, self.serve_arguments(*more, node_id=node_id, data=data, listen=listen), log)
        if wait:
            wait_until(f"the peer of {self.name}", 20, lambda: self.status() is not None, pause=0.01)
        return self.peer

    def status(self) -> dict | None:
        answer = self.ask("GET", "/fleet/status", timeout=5)
        return answer.json if answer.status == 200 else None

    def mesh(self) -> dict:
        return (self.status() or {}).get("mesh") or {"self": {}, "router": None, "members": []}

    def members(self, status: str = "alive") -> list[str]:
        """The names of the members with this status, this peer included when it is alive."""
        mesh = self.mesh()
        return names(mesh, status)

    def router(self) -> str | None:
        return (self.mesh()["router"] or {}).get("node_id")

    def models(self) -> list[str]:
        """What this peer offers to clients."""
        answer = self.ask("GET", "/api/tags")
        return sorted(m["name"].removesuffix(":latest") for m in answer.json.get("models", [])) if answer.status == 200 else []

    def chat(self, model: str, stream: bool = False, dialect: str = "ollama", timeout: float = 30) -> Answer:
        path = "/api/chat" if dialect == "ollama" else "/v1/chat/completions"
        messages = [{"role": "user", "content": "count"}]
        return self.ask("POST", path, {"model": model, "messages": messages, "stream": stream}, timeout=timeout)

    def watch(self, seconds: float) -> Output:
        """Samples the router every 20 ms."""
        return Output(self, "watch.py", str(API), str(seconds))

    def stop_by(self, verb: str, *options: str) -> float:
        """Stops this host by `kill` (power cut) or `pause`; the moment at which its processes stopped."""
        self.ask.close()
        beat = Output(self, "beat.py", "60")
        wait_until(f"the first beat of {self.name}", 10, lambda: beat.lines, pause=0.005)
        self.lab.run(verb, *options, self.name)
        moment = beat.lines[-1]
        beat.stop()
        return moment

    def load(self, model: str, *, rate: float, seconds: float, targets: list[str] | None = None) -> Output:
        options = {"targets": targets or [f"127.0.0.1:{API}"], "model": model, "rate": rate, "seconds": seconds, "timeout": 60}
        return Output(self, "load.py", json.dumps(options))


def names(mesh: dict, status: str = "alive") -> list[str]:
    """The names in a `mesh` object with this status; the peer itself counts as alive."""
    listed = [m["node_id"] for m in mesh["members"] if m["status"] == status]
    own = mesh["self"].get("node_id") if isinstance(mesh["self"], dict) else mesh["self"]
    if status == "alive" and own and own not in [m["node_id"] for m in mesh["members"]]:
        listed.append(own)
    return sorted(listed)


class Lab:
    """Hosts h1..hN with real Avahi, until `down`."""

    def __init__(self, name: str, hosts: int, folder: Path, *options: str):
        self.name, self.folder, self.logs, self.data = name, folder, folder / "logs", folder / "data"
        self.histories = folder / "histories"
        for made in (self.logs, self.data, self.histories):
            made.mkdir(parents=True)
        self.run("up", str(hosts), *options)
        self.hosts = [Host(self, i) for i in range(1, hosts + 1)]

    def __getitem__(self, name: str) -> Host:
        return next(h for h in self.hosts if h.name == name)

    def command(self, verb: str, *arguments: str) -> list[str]:
        return [sys.executable, str(MESHLAB), verb, "--name", self.name, *arguments]

    def run(self, verb: str, *arguments: str) -> str:
        r = subprocess.run(self.command(verb, *arguments), stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=90)
        if r.returncode != 0:
            raise AssertionError(f"meshlab {verb} {' '.join(arguments)}: {r.returncode} {r.stderr.strip() or r.stdout.strip()}")
        return r.stdout

    def status(self) -> dict:
        """Hosts, links and daemons."""
        return json.loads(self.run("status", "--json"))

    def history(self, host: Host) -> Path:
        """What the peers of this host write about grants, elections and statuses, over all their lives."""
        return self.histories / f"{host.name}.jsonl"

    def judge_histories(self, records: Path | None = None) -> str:
        """Lets the checker judge what the peers of this lab have written; one line on what it saw. Fails when a rule was broken."""
        files = [str(f) for f in sorted(self.histories.iterdir()) if f.stat().st_size]
        if not files:
            return "none"
        joined = ["--requests", str(records)] if records else []
        r = subprocess.run(
            [str(CHECKER), *joined, *files], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120)
        assert r.returncode == 0, f"the histories break the rules ({r.returncode}):\n{r.stdout}{r.stderr}"
        lines = r.stdout.splitlines()
        return lines[0] + "; " + lines[1].removeprefix("events: ") + "; every rule kept"

    def down(self) -> None:
        for host in self.hosts:
            host.ask.close()
        self.run("down", "-q")

    def agree(self, hosts: list[Host], members: list[str] | None = None) -> str | None:
        """The router's name when all these hosts see the same members alive and the same router, else None."""
        wanted = sorted(members or [h.name for h in hosts])
        routers = set()
        for host in hosts:
            mesh = host.mesh()
            if names(mesh) != wanted or not mesh["router"]:
                return None
            routers.add((mesh["router"]["node_id"], mesh["router"]["epoch"]))
        return routers.pop()[0] if len(routers) == 1 else None

    def complete(self) -> bool:
        """Every host counts every host as alive."""
        wanted = [h.name for h in self.hosts]
        return all(host.members() == wanted for host in self.hosts)

    def settle(self, hosts: list[Host] | None = None, limit: float = 30) -> str:
        """Waits until these hosts agree; the router's name."""
        hosts = hosts or self.hosts
        return wait_until(f"{[h.name for h in hosts]} agree on members and router", limit, lambda: self.agree(hosts))

    def settle_models(self, *models: str, limit: float = 30) -> None:
        """Waits until every running peer offers these models."""
        for host in self.hosts:
            if host.peer and host.peer.alive:
                wait_until(f"{host.name} offers {models}", limit, lambda: set(models) <= set(host.models()))


def end(process: Process, number: int = signal.SIGTERM, limit: float = 15) -> float:
    """Signals a process and waits until it is gone; the moment of the signal."""
    at = time.monotonic()
    process.signal(number)
    process.wait_gone(limit)
    return at


def findings(host: Any, check: str) -> list[dict[str, Any]]:
    """What the health of this host's peer says under a check's name."""
    answer = host.ask("GET", "/dashboard/api/health?refresh=1")
    return [f for f in answer.json["recommendations"] if f["check_id"] == check] if answer.status == 200 else []
