"""The log file and the console: what is in them, and that nothing of what people ask is."""
import json
import re

import pytest

from herdlab import BINARY, wait_until
from loopback import Loopback, fetch
from test_health import clears, environment, fires

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


def test_what_is_asked_is_kept_where_its_owner_says_so(loopback):
    target = loopback.peer("target", ollama=loopback.engine("quiet"))
    with environment({"FLEET_DEBUG_REQUEST_BODIES": "true"}):
        near = loopback.peer("near", "--router-url", target)
    loopback.wait_for_models(near, "quiet")
    found = fires(near, "debug_capture_on", "warning", "near")
    assert found["data"]["retention_days"] == 7 and found["data"]["dropped"] == 0
    status, headers, _ = fetch(f"{near}/api/chat", {
        "model": "quiet", "messages": [{"role": "user", "content": SECRET}], "stream": False})
    assert status == 200 and ask(near, "nobody-has-this", auto_pull=False) >= 400
    folder = loopback.folder / "near/debug"

    def lines():
        return [json.loads(line) for path in folder.glob("requests.*.jsonl") for line in path.read_text().splitlines()]
    wait_until("both lines are there", 60, lambda: len(lines()) == 2)
    line = next(line for line in lines() if line["request_id"] == headers["x-herd-request-id"])
    assert json.loads(line["body"])["messages"][0]["content"] == SECRET and line["path"] == "/api/chat"
    assert [path.stat().st_mode & 0o777 for path in (folder, *folder.iterdir())] == [0o700, 0o600]
    assert not (loopback.folder / "target/debug").exists(), "who runs it for another peer keeps nothing"
    assert SECRET not in (loopback.folder / "near/logs/herd.jsonl").read_text()
    # Why machines were out, is in the trace: near has no engine.
    trace = wait_until("the trace is written", 60, lambda: json.loads(
        fetch(f"{target}/fleet/traces/{headers['x-herd-request-id']}")[2]).get("attempts"))[0]
    assert trace["node_id"] == "target" and len(trace["candidates"]) == 1
    assert [machine["reason"] for machine in trace["eliminated"]] == ["no_backend"]
    # Without the setting it keeps nothing, and health is silent.
    loopback.programs[-1].stop()
    again = loopback.peer("near", "--router-url", target)
    loopback.wait_for_models(again, "quiet")
    assert ask(again, "quiet") == 200
    clears(again, "debug_capture_on")
    assert len(lines()) == 2
