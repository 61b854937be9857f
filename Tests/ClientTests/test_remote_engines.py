"""Engines behind https that want a key: served through a fleet of two peers, and the key is nowhere to be found."""
import contextlib
import http.client
import json
import os
import socket
import subprocess
import time

import pytest

from herdlab import BINARY, wait_until
from loopback import Loopback, fetch
from tlsdoor import Authority, TLSDoor

KEY = "sk-remote-0123456789-secret"
OTHER_KEY = "sk-other-abcdefghij-secret"
CHAT = {"model": "far", "messages": [{"role": "user", "content": "count"}]}


class World:
    """Two peers. The first has a remote engine of OpenAI's kind under a path, and an Ollama behind https by its address."""

    def __init__(self, folder, monkeypatch):
        self.loopback = Loopback(folder)
        self.doors = []
        authority = Authority(folder / "ca")
        self.ca = authority.certificate
        self.engine = self.loopback.engine("far", "far-embed", token_delay_ms=20)
        self.ollama = self.loopback.engine("far-ollama")
        self.named = authority.sign("localhost", "DNS:localhost")
        self.far = self.door(self.engine, self.named, KEY, prefix="/api")
        numbered = self.door(self.ollama, authority.sign("numbered", "IP:127.0.0.1"), OTHER_KEY)
        monkeypatch.setenv("FAR_KEY", KEY)
        self.key_file = folder / "other.key"
        self.key_file.write_text(OTHER_KEY + "\n")
        self.key_file.chmod(0o600)
        self.first = self.loopback.peer(
            "first", "--backend", f"openai=https://localhost:{self.far.port}/api/v1,key-env=FAR_KEY,ca={self.ca}",
            "--backend", f"ollama=https://127.0.0.1:{numbered.port},key-file={self.key_file},ca={self.ca}")
        self.near = self.loopback.peer("near", "--router-url", self.first)
        for url in (self.first, self.near):
            self.loopback.wait_for_models(url, "far", "far-embed", "far-ollama")

    def door(self, engine: str, context, key: str, prefix: str = "") -> TLSDoor:
        self.doors.append(TLSDoor(int(engine.rsplit(":", 1)[1]), context, key, prefix))
        return self.doors[-1]

    def problems(self, url: str) -> list[str]:
        """What the log of a peer says of engines that cannot be used."""
        return [json.loads(line)["problem"] for line in self.log(url).splitlines() if '"problem"' in line]

    def log(self, name: str) -> str:
        return (self.loopback.folder / name / "logs/herd.jsonl").read_text()

    def stop(self) -> None:
        self.loopback.stop()
        for door in self.doors:
            door.stop()


@pytest.fixture
def world(tmp_path, monkeypatch):
    if not BINARY.exists():
        pytest.skip(f"no binary at {BINARY}: build it, or set HERD_PEER_BINARY")
    world = World(tmp_path, monkeypatch)
    try:
        yield world
    finally:
        world.stop()


def post(url: str, path: str, body: dict, timeout: float = 30, **headers: str):
    """Status, headers with lower-case names, and text."""
    connection = http.client.HTTPConnection(url.removeprefix("http://"), timeout=timeout)
    with contextlib.closing(connection):
        connection.request("POST", path, json.dumps(body), {"Content-Type": "application/json"} | headers)
        answer = connection.getresponse()
        return answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read().decode()


def test_every_dialect_is_served(world):
    mine = {"Authorization": "Bearer client-token", "x-api-key": "client-token", "Cookie": "a=client-token", "X-Fleet-Tags": "client-token"}
    for url in (world.near, world.first):
        status, headers, text = post(url, "/v1/chat/completions", CHAT | {"stream": False}, **mine)
        assert status == 200 and json.loads(text)["choices"][0]["message"]["content"], text
        assert headers["x-fleet-node"] == "first" and headers["x-fleet-backend"] == "openai"
        status, _, text = post(url, "/v1/chat/completions", CHAT | {"stream": True}, **mine)
        assert status == 200 and text.count("data: ") > 3 and text.endswith("data: [DONE]\n\n"), text
        status, _, text = post(url, "/v1/embeddings", {"model": "far-embed", "input": ["a", "b"]}, **mine)
        assert status == 200 and len(json.loads(text)["data"]) == 2, text
        status, _, text = post(url, "/api/chat", CHAT, **mine)
        lines = [json.loads(line) for line in text.splitlines()]
        assert status == 200 and lines[-1]["done"] and len(lines) > 3, text
        status, _, text = post(url, "/v1/messages", CHAT | {"max_tokens": 9}, **mine)
        assert status == 200 and json.loads(text)["content"], text
        status, headers, text = post(url, "/api/chat", CHAT | {"model": "far-ollama", "stream": False}, **mine)
        assert status == 200 and json.loads(text)["done"], text
        assert json.loads(fetch(f"{url}/api/show", {"model": "far-ollama"})[2])["details"]
    # An Ollama behind https may be somebody else's: nothing is put into it, and nothing deleted.
    assert post(world.near, "/api/pull", {"model": "new", "stream": False, "node_id": "first"})[0] == 503
    assert fetch(f"{world.ollama}/api/tags")[2].count('"far-ollama') > 0
    seen = "\n".join(head for door in world.doors for head in door.heads)
    assert "client-token" not in seen
    # The first door is one engine's, and gets one key only.
    assert OTHER_KEY not in "\n".join(world.far.heads) and KEY not in "\n".join(world.doors[1].heads)
    assert all(f"Host: localhost:{world.far.port}" in head for head in world.far.heads)
    assert "x-herd-path" not in seen.lower()
    # Connections are kept: far fewer than requests.
    assert world.far.connections < len(world.far.heads)


def test_the_key_is_nowhere(world):
    post(world.near, "/v1/chat/completions", CHAT)
    post(world.first, "/api/chat", CHAT | {"model": "far-ollama", "stream": False})
    post(world.near, "/v1/chat/completions", CHAT | {"model": "unknown"})
    shown = [subprocess.run([str(BINARY), *words], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)
             for words in (["serve", "--help"], ["status", "--url", world.first, "--json"], ["traces", "--url", world.near, "--json"],
                           ["doctor", "--json", "--no-mdns", "--backend",
                            f"openai=https://localhost:{world.far.port}/api/v1,key-env=FAR_KEY,ca={world.ca}"])]
    texts = {"commands": "".join(r.stdout + r.stderr for r in shown)}
    assert '"level":"ok","part":"openai"' in texts["commands"], texts["commands"]
    for url in (world.first, world.near):
        for path in ("/fleet/status", "/fleet/queue", "/dashboard/api/settings", "/dashboard/api/traces", "/metrics", "/api/tags", "/api/ps",
                     "/v1/models", "/api/config", "/health", "/herd/v1/mesh", "/dashboard/api/health"):
            texts[url + path] = fetch(url + path)[2]
    for program in world.loopback.programs:
        pid = program.process.pid
        texts[f"ps {pid}"] = open(f"/proc/{pid}/cmdline").read()
    # What a stopping program says of its parts is looked at as well.
    world.loopback.stop()
    for program in world.loopback.programs:
        texts[str(program.log)] = program.log.read_text()
    for name in ("first", "near"):
        for path in (world.loopback.folder / name).rglob("*"):
            if path.is_file():
                texts[str(path)] = path.read_bytes().decode(errors="replace")
    for place, text in texts.items():
        for secret in (KEY, OTHER_KEY):
            assert secret not in text, f"{place} shows a key"
    # What stands in the logs is enough to know the engine by.
    assert f"https://localhost:{world.far.port}" in world.log("first")


def test_a_client_that_leaves_stops_the_engine(world):
    def running() -> int:
        entries = json.loads(fetch(f"{world.engine}/demo/log")[2])
        return sum(e["outcome"] == "running" and e["path"] == "/v1/chat/completions" for e in entries)

    idle = world.far.open
    for url in (world.first, world.near):
        for stream in (True, False):
            body = json.dumps(CHAT | {"stream": stream, "max_tokens": 2000})
            with socket.create_connection(("127.0.0.1", int(url.rsplit(":", 1)[1]))) as client:
                client.sendall((f"POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                                f"Content-Length: {len(body)}\r\n\r\n{body}").encode())
                wait_until("the engine works", 30, lambda: running() == 1, pause=0.005)
                if stream:
                    assert client.recv(1000)
            left = time.monotonic()
            wait_until("the engine stops", 30, lambda: running() == 0, pause=0.002)
            print(f"{url} stream={stream}: the engine stopped after {(time.monotonic() - left) * 1000:.0f} ms")
            wait_until("the slot is free", 30,
                       lambda: json.loads(fetch(f"{world.first}/fleet/queue")[2])["queue_depth"] == 0)
    wait_until("no connection is left over", 30, lambda: world.far.open <= max(idle, 2))


def test_a_wrong_key(world):
    # Its lists can still be read, so that it is no lost engine.
    world.far.post_key = "sk-a-new-one"
    for url in (world.near, world.first):
        for path, body in (("/v1/chat/completions", CHAT), ("/api/chat", CHAT), ("/v1/messages", CHAT | {"max_tokens": 9}),
                           ("/v1/embeddings", {"model": "far-embed", "input": "a"})):
            status, headers, text = post(url, path, body)
            assert status == 401, text
            assert KEY not in text + str(headers) and "X-Echo" not in headers
            error = json.loads(text)["error"]
            assert (path == "/api/chat") == isinstance(error, str), text
            assert "refuses the key" in (error if isinstance(error, str) else error["message"]), text
    rows = json.loads(fetch(f"{world.near}/dashboard/api/traces")[2])["traces"]
    assert rows[0]["status"] == "failed" and "401" in str(rows[0]), rows[0]
    # Now nothing of it can be read: it is lost, and the log and the doctor say why.
    world.far.key = world.far.post_key
    post(world.near, "/v1/chat/completions", CHAT)
    wait_until("the log says so", 30, lambda: any("refuses the key that it gets (status 401)" in p for p in world.problems("first")))
    doctor = subprocess.run(
        [str(BINARY), "doctor", "--no-mdns", "--backend", f"openai=https://localhost:{world.far.port}/api/v1,key-env=FAR_KEY,ca={world.ca}"],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)
    assert "refuses the key" in doctor.stdout and "FAR_KEY" in doctor.stdout and KEY not in doctor.stdout


def test_a_bad_certificate(world):
    plain = world.loopback.peer("strict", "--backend", f"openai=https://localhost:{world.far.port}/api/v1,key-env=FAR_KEY")
    wait_until("the log says so", 30, lambda: any("certificate" in p for p in world.problems("strict")))
    assert json.loads(fetch(f"{plain}/v1/models")[2])["data"] == []
    for engine, said in ((f"openai=https://localhost:{world.far.port}/api/v1", "ca=/path/to/ca.pem"),
                         (f"openai=https://127.0.0.1:{world.far.port}/api/v1,ca={world.ca}", "Check the host name")):
        before = len(world.far.heads)
        doctor = subprocess.run([str(BINARY), "doctor", "--no-mdns", "--backend", engine], stdin=subprocess.DEVNULL,
                                capture_output=True, text=True, timeout=60)
        assert doctor.returncode == 1 and "cannot be trusted" in doctor.stdout and said in doctor.stdout, doctor.stdout
        assert len(world.far.heads) == before, "a key was shown to a server that nobody vouches for"


def test_a_server_that_dies(world):
    # Within the stream: an error event in the client's dialect, and a trace that says so.
    body = json.dumps(CHAT | {"stream": True, "max_tokens": 2000})
    with socket.create_connection(("127.0.0.1", int(world.near.rsplit(":", 1)[1]))) as client:
        client.sendall((f"POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nConnection: close\r\n"
                        f"Content-Length: {len(body)}\r\n\r\n{body}").encode())
        text = client.recv(1000)
        world.far.kill()
        while more := client.recv(65536):
            text += more
    assert b'"error"' in text and b"[DONE]" not in text and text.endswith(b"0\r\n\r\n"), text[-300:]
    rows = json.loads(fetch(f"{world.near}/dashboard/api/traces")[2])["traces"]
    assert rows[0]["status"] in ("failed", "incomplete"), rows[0]
    # Before the first byte: another machine that has the model serves it.
    spare = world.loopback.engine("far")
    world.loopback.peer("spare", "--router-url", world.first, ollama=spare)
    wait_until("another machine serves it", 30, lambda: post(world.near, "/v1/chat/completions", CHAT)[0] == 200, pause=0.1)
    # A new server at the old place is found again.
    assert KEY not in world.log("near")


def test_keys_that_cannot_be_used_stop_the_start(world):
    def start(backend: str, **environment: str) -> str:
        r = subprocess.run([str(BINARY), "serve", "--no-mdns", "--backend", backend, "--data-dir", str(world.loopback.folder / "x")],
                           stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, env=os.environ | environment)
        assert r.returncode != 0
        assert KEY not in r.stdout + r.stderr
        return r.stderr

    assert "command line" in start(f"openai=https://localhost/v1,key={KEY}")
    assert "is not set" in start("openai=https://localhost/v1,key-env=NO_SUCH_KEY")
    world.key_file.chmod(0o644)
    assert f"chmod 600 {world.key_file}" in start(f"openai=https://localhost/v1,key-file={world.key_file}")
    assert "FLEET_BACKEND_KEYS" in start("openai=https://localhost/v1", FLEET_BACKEND_KEYS=KEY)
    assert "no engine of that address" in start("openai=https://localhost/v1", FLEET_BACKEND_KEYS=json.dumps({"https://other/v1": KEY}))
    assert "holds no certificate" in start(f"openai=https://localhost/v1,ca={world.key_file}")


def test_chosen_models_own_names_and_nomyos_file(world, monkeypatch):
    """What somebody brings along who comes from NOMYO Router, and names of his own over it."""
    config = world.loopback.folder / "config.yaml"
    config.write_text(f"""# engines
endpoints:
  - {world.engine}
  - https://localhost:{world.far.port}/api/v1   # refused: its certificate is nobody's

api_keys:
  "https://localhost:{world.far.port}/api/v1": "${{FAR_KEY}}"
max_concurrent_connections: 2
nomyo-router-api-key: "${{ROUTER_KEY}}"
""")
    monkeypatch.setenv("FLEET_NOMYO_CONFIG", str(config))
    monkeypatch.setenv("FLEET_MODEL_ALIASES", json.dumps({"mine": ["gone", "far"]}))
    monkeypatch.setenv("FLEET_BACKENDS", f"openai={world.ollama}/v1,models=no-such-*|far-oll*,slots=3")
    url = world.loopback.peer("migrant")
    world.loopback.wait_for_models(url, "far", "far-embed", "far-ollama", "mine")
    status, headers, text = post(url, "/v1/chat/completions", CHAT | {"model": "mine"})
    assert status == 200 and headers["x-fleet-served-model"].startswith("far") and headers["x-fleet-requested-model"] == "mine", text
    assert post(url, "/api/show", {"model": "mine"})[0] == 200
    assert any("certificate" in p for p in world.problems("migrant"))
    assert any("own key is not taken over" in p for p in world.problems("migrant"))
