"""Client keys on two peers: made at one, good at both, revoked at both, and nowhere to be found."""
import json
import os
import subprocess
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from herdlab import BINARY, wait_until
from loopback import Loopback, Program

CHAT = {"model": "llama-demo", "messages": [{"role": "user", "content": "count"}], "stream": False}


class Peer:
    def __init__(self, url: str, folder: Path):
        self.url, self.folder = url, folder

    def ask(self, path: str, body=None, method: str | None = None, **headers: str):
        """Status, headers with lower-case names, and text."""
        data = None if body is None else json.dumps(body).encode()
        names = {"Content-Type": "application/json"} | {k.replace("_", "-"): v for k, v in headers.items()}
        request = urllib.request.Request(self.url + path, data, names, method=method)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status, {k.lower(): v for k, v in answer.headers.items()}, answer.read().decode()
        except urllib.error.HTTPError as e:
            return e.code, {k.lower(): v for k, v in e.headers.items()}, e.read().decode()

    def keys(self, *words: str, code: int = 0, **environment: str) -> subprocess.CompletedProcess:
        return self.run("keys", *words, "--port", self.url.rsplit(":", 1)[1], "--data-dir", str(self.folder), code=code,
                        **environment)

    def run(self, *words: str, code: int = 0, **environment: str) -> subprocess.CompletedProcess:
        r = subprocess.run([str(BINARY), *words], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60,
                           env=os.environ | environment)
        assert r.returncode == code, f"{words}: {r.returncode} {r.stdout} {r.stderr}"
        return r

    def refused(self) -> dict[str, int]:
        """`herd_access_refused_total` as the owner sees it, by reason."""
        token = (self.folder / "identity" / "admin-token").read_text().strip()
        lines = [x for x in self.ask("/metrics", x_herd_admin=token)[2].splitlines() if x.startswith("herd_access_refused_total{")]
        return {x.split('"')[1]: int(x.rsplit(" ", 1)[1]) for x in lines}


class Pair(tuple):
    """Both peers, and what started them."""

    def __new__(cls, first: Peer, second: Peer, loopback: Loopback):
        made = super().__new__(cls, (first, second))
        made.loopback, made.programs = loopback, loopback.programs
        return made


@pytest.fixture
def pair(tmp_path):
    """Two peers of one fleet; the engine is at the first."""
    if not BINARY.exists():
        pytest.skip(f"no binary at {BINARY}: build it, or set HERD_PEER_BINARY")
    loopback = Loopback(tmp_path)
    try:
        first = Peer(loopback.peer("first", ollama=loopback.engine("llama-demo")), tmp_path / "first")
        second = Peer(loopback.peer("second", "--router-url", first.url, "--read-only-management"), tmp_path / "second")
        for peer in (first, second):
            loopback.wait_for_models(peer.url, "llama-demo")
        wait_until("both know a router", 30, lambda: all(
            json.loads(p.ask("/fleet/status")[2])["mesh"]["router"] for p in (first, second)))
        yield Pair(first, second, loopback)
    finally:
        loopback.stop()


def traces_of(folder: Path, text: str) -> list[str]:
    """Files below a folder that hold the text."""
    return [str(f) for f in folder.rglob("*") if f.is_file() and text.encode() in f.read_bytes()]


def command_lines() -> str:
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            found.append(path.read_bytes().replace(b"\0", b" ").decode(errors="replace"))
        except OSError:
            pass
    return "\n".join(found)


def test_a_key_is_good_everywhere_until_it_is_revoked_everywhere(pair, tmp_path):
    first, second = pair
    assert second.ask("/api/chat", CHAT)[0] == 200, "without keys everything is open"

    made = first.keys("add", "laptop")
    text = made.stdout.strip()
    assert text.startswith("hp-") and len(text) == 76 and "\n" not in text
    assert "shown this once" in made.stderr and "open" in made.stderr and text not in made.stderr
    for peer in pair:
        wait_until("a key is wanted", 10, lambda: peer.ask("/api/chat", CHAT)[0] == 401)
        assert peer.ask("/api/chat", CHAT, Authorization=f"Bearer {text}")[0] == 200
        assert peer.ask("/v1/models", x_api_key=text)[0] == 200
        assert peer.ask(f"/fleet/status?api_key={text}")[0] == 200
        status, headers, body = peer.ask("/api/chat", CHAT)
        assert status == 401 and "herd-peer keys add" in json.loads(body)["error"] and "Bearer" in headers["www-authenticate"]
        bad = text[:-1] + ("0" if text[-1] != "0" else "1")
        status, _, body = peer.ask("/v1/chat/completions", CHAT, Authorization=f"Bearer {bad}")
        assert status == 401 and json.loads(body)["error"]["code"] == "invalid_api_key"
        status, _, body = peer.ask("/v1/messages", CHAT, x_api_key=bad, anthropic_version="2023-06-01")
        assert status == 401 and json.loads(body)["error"]["type"] == "authentication_error"
        assert peer.ask("/api/delete", {"model": "x"}, "DELETE", Authorization=f"Bearer {text}")[0] == 403
        assert peer.ask("/health/live")[0] == 200

    # Commands on the machine itself go on working.
    port = second.url.rsplit(":", 1)[1]
    words = ["--url", f"http://127.0.0.1:{port}"]
    assert "first" in second.run("status", *words, "--data-dir", str(second.folder)).stdout
    second.run("settings", "set", "ticket_wait", "20", *words, "--data-dir", str(second.folder))
    refused = second.run("status", *words, "--data-dir", str(tmp_path / "nowhere"), code=1, HOME=str(tmp_path / "nowhere"))
    assert "wants a client key" in refused.stderr and "FLEET_API_KEY" in refused.stderr
    assert "first" in second.run("status", *words, "--data-dir", str(tmp_path / "nowhere"), FLEET_API_KEY=text).stdout

    # A name is there once; what was used is shown; nobody else may look.
    assert "already" in second.keys("add", "laptop", code=1).stderr
    shown = json.loads(second.keys("list", "--json").stdout)
    assert [k["name"] for k in shown["keys"]] == ["laptop"] and shown["keys"][0]["requests"] >= 1
    assert shown["read_only_management"] and second.ask("/fleet/client-keys", Authorization=f"Bearer {text}")[0] == 403

    # Neither files nor command lines have the key; the trace has its name.
    assert traces_of(tmp_path, text) == [] and traces_of(tmp_path, text[12:]) == []
    assert text[12:] not in command_lines()
    wait_until("a trace has its name", 10, lambda: [
        t for t in json.loads(second.ask("/dashboard/api/traces", Authorization=f"Bearer {text}")[2])["traces"]
        if "key:laptop" in (t.get("tags") or [])])

    second.keys("revoke", "laptop")
    for peer in pair:
        wait_until("the key is refused", 10, lambda: peer.ask("/api/chat", CHAT, Authorization=f"Bearer {text}")[0] == 401)
        assert peer.ask("/api/chat", CHAT)[0] == 401, "revoking the last key does not open the fleet"
        assert peer.refused()["unknown"] >= 1
    first.keys("off", code=1)
    first.keys("off", "--yes")
    for peer in pair:
        wait_until("open again", 10, lambda: peer.ask("/api/chat", CHAT)[0] == 200)


def test_limits_scopes_and_read_only(pair):
    first, second = pair
    made = json.loads(first.keys("add", "ci", "--scope", "infer", "--requests-per-minute", "1", "--json").stdout)
    boss = json.loads(first.keys("add", "boss", "--scope", "manage,observe", "--json").stdout)["key"]
    ci = {"Authorization": f"Bearer {made['key']}"}
    wait_until("both know the keys", 10, lambda: all(
        p.ask("/api/tags", x_api_key=k)[0] == 200 for p in pair for k in (made["key"], boss)))
    assert first.ask("/api/chat", CHAT, **ci)[0] == 200
    status, headers, body = first.ask("/v1/chat/completions", CHAT, **ci)
    assert status == 429 and 1 <= int(headers["retry-after"]) <= 60
    assert json.loads(body)["error"]["code"] == "rate_limit_exceeded" and made["key"] not in body
    assert first.ask("/fleet/status", **ci)[0] == 403

    settings = "/dashboard/api/settings"
    assert first.ask(settings, {"max_retries": 1}, **ci)[0] == 403
    assert first.ask(settings, {"max_retries": 1}, x_api_key=boss)[0] == 200
    status, _, body = second.ask(settings, {"max_retries": 2}, x_api_key=boss)
    assert status == 403 and "--read-only-management" in body, "read-only holds for every key"
    assert "client-key" not in second.ask(settings, x_api_key=boss)[2], "keys are not shown among the settings"
    assert "limit" not in first.keys("add", "-x", code=64).stdout


def test_a_restart_is_closed_from_its_first_moment_and_forgets_no_tokens(pair, tmp_path):
    first, _ = pair
    text = first.keys("add", "day", "--tokens-per-day", "1").stdout.strip()
    mine = {"Authorization": f"Bearer {text}"}
    assert first.ask("/api/chat", CHAT, **mine)[0] == 200
    status, headers, _ = first.ask("/api/chat", CHAT, **mine)
    assert status == 429 and 1 <= int(headers["retry-after"]) <= 86_400
    wait_until("the trace is written", 10, lambda: [
        t for t in json.loads(first.ask("/dashboard/api/traces", **mine)[2])["traces"] if "key:day" in (t.get("tags") or [])])

    old = next(p for p in pair.programs if p.log.name == "first.log")
    argv = old.process.args
    old.stop()
    seen: list[int] = []
    again = pair.loopback.add(Program(argv, tmp_path / "again.log"))
    while 401 not in seen:
        assert again.process.poll() is None, again.log.read_text(errors="replace")[-2000:]
        try:
            seen.append(first.ask("/api/chat", CHAT)[0])
        except OSError:
            pass
    assert set(seen) <= {401, 503}, seen
    wait_until("its engine is found", 30, lambda: "llama-demo" in first.ask("/api/tags", **mine)[2])
    assert first.ask("/api/chat", CHAT, **mine)[0] == 429


def test_published_clients_use_keys(pair):
    openai = pytest.importorskip("openai")
    ollama = pytest.importorskip("ollama")
    first, second = pair
    text = first.keys("add", "sdk").stdout.strip()
    # Until the other peer has heard of the first key it lets everybody in.
    wait_until("the other peer knows it", 10, lambda: second.ask("/api/tags")[0] == 401)
    good = openai.OpenAI(base_url=f"{second.url}/v1", api_key=text, timeout=30, max_retries=0)
    assert good.chat.completions.create(model="llama-demo", messages=CHAT["messages"]).choices[0].message.content
    assert [m.id for m in good.models.list()]
    bad = openai.OpenAI(base_url=f"{second.url}/v1", api_key="unused", timeout=30, max_retries=0)
    with pytest.raises(openai.AuthenticationError) as refused:
        bad.chat.completions.create(model="llama-demo", messages=CHAT["messages"])
    assert refused.value.code == "invalid_api_key"
    client = ollama.Client(host=second.url, headers={"Authorization": f"Bearer {text}"})
    assert client.chat(model="llama-demo", messages=CHAT["messages"]).message.content
    with pytest.raises(ollama.ResponseError) as refused:
        ollama.Client(host=second.url).chat(model="llama-demo", messages=CHAT["messages"])
    assert refused.value.status_code == 401


def test_without_a_running_peer(tmp_path):
    if not BINARY.exists():
        pytest.skip(f"no binary at {BINARY}: build it, or set HERD_PEER_BINARY")
    for words in (["add", "laptop"], ["list"], ["revoke", "laptop"], ["off", "--yes"]):
        r = Peer("http://127.0.0.1:9", tmp_path).keys(*words, code=1)
        assert "herd-peer serve" in r.stderr and r.stdout == ""
