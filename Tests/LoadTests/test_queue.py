"""Queues, cancellation and draining from outside: three real peers, demo engines with one slot. Times are printed, not judged."""
import json
import os
import signal
import socket
import subprocess
import threading
import time
from urllib.parse import urlparse

import pytest

from herdlab import BINARY, wait_until
from loopback import Loopback, Program, fetch

LONG = [{"role": "system", "content": "LONG"}, {"role": "user", "content": "go"}]
SHORT = [{"role": "user", "content": "count"}]


class Client:
    """A request on a plain socket that can be left at any moment."""

    def __init__(self, url: str, messages: list, model: str = "m", stream: bool = True, headers: dict | None = None):
        place = urlparse(url)
        body = json.dumps({"model": model, "messages": messages, "stream": stream}).encode()
        lines = ["POST /api/chat HTTP/1.1", f"Host: {place.netloc}", f"Content-Length: {len(body)}"]
        lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
        self.socket = socket.create_connection((place.hostname, place.port), timeout=60)
        self.socket.sendall("\r\n".join(lines).encode() + b"\r\n\r\n" + body)

    def head(self) -> str:
        data = b""
        while b"\r\n\r\n" not in data:
            more = self.socket.recv(65536)
            assert more, data
            data += more
        return data.split(b"\r\n\r\n")[0].decode()

    def leave(self) -> None:
        self.socket.close()


def queue(url: str) -> dict:
    status, _, text = fetch(f"{url}/fleet/queue")
    assert status == 200, text
    return json.loads(text)


def figure(url: str, name: str) -> float:
    """One of the peer's own metrics."""
    lines = fetch(f"{url}/metrics")[2].splitlines()
    return next(float(line.split()[-1]) for line in lines if line.startswith((f"{name} ", f"{name}{{")))


def idle(url: str) -> bool:
    now = queue(url)
    return now["queue_depth"] == 0 and not now["waiting"] and not now["silent"]


@pytest.fixture
def fleet(tmp_path, monkeypatch):
    if not BINARY.exists():
        pytest.skip(f"no binary at {BINARY}: build it, or set HERD_PEER_BINARY")
    # Lines of a known length: no second request is let in to see whether the engine has room for it.
    monkeypatch.setenv("FLEET_SLOTS_TRIED", "1")
    loopback = Loopback(tmp_path / "queue")
    try:
        yield loopback
    finally:
        loopback.stop()


def pair(loopback: Loopback, token_delay_ms: int = 20) -> tuple[str, str, str]:
    """An engine with one slot, the peer before it, and a peer without an engine."""
    engine = loopback.engine("m", slots=1, token_delay_ms=token_delay_ms)
    host = loopback.peer("host", ollama=engine)
    near = loopback.peer("near", "--router-url", host)
    for url in (host, near):
        loopback.wait_for_models(url, "m")
    return engine, host, near


def warm(*urls: str) -> None:
    """The model is in memory, and all who are asked know it: else those in line wait for its loading, and are told so."""
    for url in urls:
        assert fetch(f"{url}/api/chat", {"model": "m", "messages": SHORT, "stream": False})[0] == 200
        wait_until("it is seen to be loaded", 30, lambda: json.loads(fetch(f"{url}/api/ps")[2])["models"])


def crowd(url: str, *headers: dict) -> list[Client]:
    """Requests without an end, one after the other: the first runs, the second has the machine's next slot, the others wait."""
    clients = []
    for number, header in enumerate(headers, 1):
        clients.append(Client(url, LONG, headers=header))
        wait_until(f"{number} requests are there", 30, lambda: queue(url)["queue_depth"] == number)
    return clients


def test_the_line_is_shown_exactly_by_every_peer(fleet):
    engine, host, near = pair(fleet, token_delay_ms=5)
    for _ in range(3):
        warm(near)
    urgent, batch = {"X-Fleet-Priority": "interactive"}, {"X-Fleet-Priority": "batch"}
    clients = crowd(near, {}, {}, batch, {}, urgent)
    own = queue(near)
    line = [w for w in own["waiting"] if w["reason"] == "busy"]
    assert [w["class"] for w in line] == ["interactive", "normal", "batch"]
    assert [w["position"] for w in line] == [1, 2, 3]
    assert [w["at"] for w in line] == ["near"] * 3 and {w["node_id"] for w in line} == {"host"}
    waits = [w["estimated_wait_ms"] for w in line]
    assert all(wait > 0 for wait in waits) and waits == sorted(waits), waits
    slot = [w for w in own["waiting"] if w["reason"] == "slot"]
    assert len(slot) == 1 and slot[0]["at"] == "host"
    entry = own["queues"]["host:m:latest"]
    assert (entry["in_flight"], entry["pending"], entry["concurrency"], entry["completed"]) == (1, 4, 1, 3), entry
    assert entry["stats_samples"] == 3 and entry["avg_latency_ms"] > 0 and entry["avg_completion_tokens"] > 0
    assert own["estimated_wait_ms"] > 0 and own["pending"] == 4 and own["in_flight"] == 1

    # The other peer tells the same of the near one's line, at most half a second later.
    def same() -> bool:
        other = queue(host)
        ids = {w["request_id"] for w in other["waiting"]}
        return ids == {w["request_id"] for w in own["waiting"]} and other["pending"] == 4 and other["queues"]["host:m:latest"]["completed"] == 3
    wait_until("the other peer shows the same line", 30, same)
    for client in clients:
        client.leave()
    wait_until("nothing is left", 30, lambda: idle(near) and idle(host))


@pytest.mark.parametrize("hops", [1, 2])
@pytest.mark.parametrize("place", ["line", "slot"])
def test_who_leaves_while_queued_is_gone(fleet, hops, place):
    engine, host, near = pair(fleet)
    url = host if hops == 1 else near
    warm(url)
    times = []
    for _ in range(5):
        clients = crowd(url, {}, {}, {})
        gone = clients.pop(2 if place == "line" else 1)
        # Where it waits. Not by the list: that asks the other peer too.
        there, name = (url, "herd_tickets_waiting") if place == "line" else (host, "herd_requests_waiting")
        assert figure(there, name) == 1
        left = time.monotonic()
        gone.leave()
        wait_until("it has left", 30, lambda: figure(there, name) == 0, pause=0.001)
        times.append((time.monotonic() - left) * 1000)
        for client in clients:
            client.leave()
        wait_until("nothing is left", 30, lambda: idle(url) and idle(host))
    times.sort()
    print(f"\nleft while waiting ({place}, {hops} hop{'s' * (hops > 1)}): {times[0]:.1f} to {times[-1]:.1f} ms, median {times[2]:.1f} ms")


def test_a_full_line_is_an_honest_503(fleet, monkeypatch):
    monkeypatch.setenv("FLEET_TICKET_LIMIT", "1")
    engine = fleet.engine("m", slots=1, token_delay_ms=20)
    host = fleet.peer("host", ollama=engine)
    fleet.wait_for_models(host, "m")
    warm(host)
    clients = crowd(host, {}, {}, {})
    for path, error in (("/api/chat", lambda b: b["error"]), ("/v1/chat/completions", lambda b: b["error"]["message"]),
                        ("/v1/messages", lambda b: b["error"]["message"])):
        status, headers, text = fetch(f"{host}{path}", {"model": "m", "messages": SHORT, "max_tokens": 5})
        assert status == 503 and int(headers["retry-after"]) >= 1, text
        assert "queue is full" in error(json.loads(text))
        assert headers["x-fleet-queue-position"] == "2"
    for client in clients:
        client.leave()
    wait_until("nothing is left", 30, lambda: idle(host))


def test_a_node_drains_over_the_mesh_and_stays_drained(fleet):
    first_engine, second_engine = fleet.engine("m", slots=1, token_delay_ms=20), fleet.engine("m", slots=1, token_delay_ms=1)
    first = fleet.peer("first", ollama=first_engine)
    second = fleet.peer("second", "--router-url", first, ollama=second_engine)
    for url in (first, second):
        fleet.wait_for_models(url, "m")

    def members(url: str) -> dict:
        return {node["node_id"]: node for node in json.loads(fetch(f"{url}/fleet/status")[2])["nodes"]}
    wait_until("both see each other", 30, lambda: all({"first", "second"} <= set(members(url)) for url in (first, second)))
    running = Client(second, LONG)
    wait_until("one runs", 30, lambda: queue(second)["in_flight"] == 1)
    node = next(key.split(":")[0] for key, entry in queue(second)["queues"].items() if entry["in_flight"] == 1)
    other = {"first": "second", "second": "first"}[node]
    asked = first if node == "second" else second

    def command(*words: str) -> subprocess.CompletedProcess:
        return subprocess.run([str(BINARY), *words, "--url", asked], capture_output=True, text=True, timeout=60)
    assert command("drain", "ghost").returncode == 1
    done = command("drain", node)
    assert done.returncode == 0 and node in done.stdout, done
    for url in (first, second):
        wait_until("all see it drain", 30, lambda: members(url)[node]["draining"])
        assert any(f"herd-peer undrain {node}" in warning for warning in json.loads(fetch(f"{url}/fleet/status")[2])["warnings"])
    for url in (first, second):
        for _ in range(3):
            status, headers, _ = fetch(f"{url}/api/chat", {"model": "m", "messages": SHORT, "stream": False})
            assert status == 200 and headers["x-fleet-node"] == other
    # The running one was left alone; --wait comes back when it is over.
    assert queue(asked)["queues"][f"{node}:m:latest"]["in_flight"] == 1
    waiter = threading.Thread(target=lambda: results.append(command("drain", node, "--wait")))
    results: list = []
    waiter.start()
    running.leave()
    waiter.join(60)
    assert results and results[0].returncode == 0, results

    # It restarts, and is still drained.
    program = next(p for p in fleet.programs if p.log.name == f"{node}.log")
    argv = program.process.args
    program.stop()
    again = fleet.add(Program(argv, fleet.folder / f"{node}-again.log"))
    url = first if node == "first" else second
    again.wait_for(f"{url}/fleet/status")
    wait_until("it drains again", 30, lambda: json.loads(fetch(f"{url}/fleet/drain")[2])["drained"] and members(url)[node]["draining"])
    assert command("undrain", node).returncode == 0
    wait_until("it serves", 30, lambda: not members(url)[node]["draining"] and not members(asked)[node]["draining"])


def test_a_killed_engine_leaks_no_slot(fleet):
    engine, host, near = pair(fleet)
    clients = crowd(near, {}, {}, {})
    program = next(p for p in fleet.programs if p.log.name.startswith("engine-"))
    os.kill(program.process.pid, signal.SIGKILL)
    for client in clients:
        client.leave()
    wait_until("no slot is taken and nobody waits", 30, lambda: idle(near) and idle(host))


def test_an_engine_shows_that_it_has_more_slots(fleet, monkeypatch):
    """Nobody says that it runs three at once; streams of clients that would wait show it, to every peer."""
    monkeypatch.delenv("FLEET_SLOTS_TRIED")
    engine = fleet.engine("m", slots=3, token_delay_ms=20)
    host = fleet.peer("host", ollama=engine)
    near = fleet.peer("near", "--router-url", host)
    fleet.wait_for_models(near, "m")
    end = threading.Event()

    def ask():
        body = {"model": "m", "messages": LONG, "stream": True, "options": {"num_predict": 60}}
        while not end.is_set():
            fetch(f"{near}/api/chat", body)

    def raised():
        nodes = json.loads(fetch(f"{near}/fleet/status")[2])["nodes"]
        text = json.dumps(nodes)
        return '"slots_raised": {"m:latest": 2' in text or '"slots_raised": {"m:latest": 3' in text

    clients = [threading.Thread(target=ask) for _ in range(5)]
    for client in clients:
        client.start()
    try:
        wait_until("the engine has shown a second slot", 120, raised)
    finally:
        end.set()
        for client in clients:
            client.join()
