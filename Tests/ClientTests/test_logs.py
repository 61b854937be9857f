"""The log file and the console: what is in them, and that nothing of what people ask is."""
import json
import re

import pytest

from herdlab import BINARY, wait_until
from loopback import Loopback, fetch

SECRET = "a-prompt-that-nobody-may-see"


@pytest.fixture
def loopback(tmp_path):
    if not BINARY.exists():
        pytest.skip(f"no binary at {BINARY}: build it, or set HERD_PEER_BINARY")
    loopback = Loopback(tmp_path / "peers")
    yield loopback
    loopback.stop()


def ask(url, model, text=SECRET, route="/api/chat", **more):
    return fetch(f"{url}{route}", {"model": model, "messages": [{"role": "user", "content": text}], "stream": False, **more})[0]


def test_what_is_asked_stands_nowhere_and_the_console_is_quiet(loopback):
    engine = loopback.engine("quiet")
    target = loopback.peer("target", "--log-level", "info", ollama=engine)
    near = loopback.peer("near", "--log-level", "info", "--router-url", target)
    loopback.wait_for_models(near, "quiet")
    consoles = [loopback.folder / "target.log", loopback.folder / "near.log"]
    # What is said at the start and about the mesh may still come: what comes for requests is told apart by their number.
    before = sum(len(console.read_text().splitlines()) for console in consoles)
    for _ in range(100):
        assert ask(near, "quiet") == 200
    assert ask(near, "quiet", SECRET, "/v1/chat/completions") == 200
    assert ask(near, "nobody-has-this") >= 400
    assert fetch(f"{near}/api/chat", {"model": 7, "messages": SECRET})[0] >= 400
    assert sum(len(console.read_text().splitlines()) for console in consoles) - before < 50
    # The traces are written by now.
    wait_until("the traces are there", 60, lambda: len(json.loads(
        fetch(f"{near}/dashboard/api/traces?limit=1000")[2])["traces"]) >= 102)
    for node in ("near", "target"):
        for path in (loopback.folder / node).rglob("*"):
            if path.is_file():
                assert SECRET.encode() not in path.read_bytes(), path
    lines = [json.loads(line) for line in (loopback.folder / "near/logs/herd.jsonl").read_text().splitlines()]
    assert lines
    for line in lines:
        assert {"ts", "level", "logger", "msg"} <= set(line), line
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", line["ts"])
        assert line["level"] in {"TRACE", "DEBUG", "INFO", "NOTICE", "WARNING", "ERROR", "CRITICAL"}
        assert all(isinstance(value, str) for value in line.values())
    assert any(line.get("node_id") == "near" for line in lines)
