"""The commands for people, run from outside: at a pseudo-terminal and without one, against two peers with demo engines."""
import contextlib
import fcntl
import json
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import time

import pytest

from badengine import BadEngine, stored
from herdlab import BINARY, wait_until
from loopback import Loopback, fetch, free_port

LIMIT = 120


@pytest.fixture(scope="module")
def two(tmp_path_factory):
    """The URLs of `one` and `two`; `two` can pull a model."""
    if not BINARY.exists():
        pytest.skip(f"no binary at {BINARY}: build it, or set HERD_PEER_BINARY")
    loopback = Loopback(tmp_path_factory.mktemp("terminal"))
    try:
        one = loopback.peer("one", ollama=loopback.engine("shared", "only-one"))
        two = loopback.peer("two", "--router-url", one, ollama=loopback.engine("shared", "only-two", more=("--pullable", "fetched")))
        for url in (one, two):
            loopback.wait_for_models(url, "shared", "only-one", "only-two")
        yield one, two
    finally:
        loopback.stop()


def run(url, *words, env=None, code=0):
    """Without a terminal; what it printed."""
    done = subprocess.run([BINARY, *words, "--url", url], capture_output=True, text=True, timeout=LIMIT,
                          env={**os.environ, **(env or {})}, stdin=subprocess.DEVNULL)
    assert done.returncode == code, (words, done.returncode, done.stdout, done.stderr)
    return done.stdout + done.stderr


class Screen:
    """A command at a pseudo-terminal."""

    def __init__(self, *words, columns=80, rows=24):
        self.master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        environment = {k: v for k, v in os.environ.items() if k not in ("COLUMNS", "NO_COLOR")} | {"TERM": "xterm"}
        self.process = subprocess.Popen([BINARY, *words], stdin=slave, stdout=slave, stderr=slave, env=environment,
                                        start_new_session=True)
        os.close(slave)
        self.text = ""

    def read(self) -> str:
        while select.select([self.master], [], [], 0.05)[0]:
            try:
                chunk = os.read(self.master, 65536)
            except OSError:
                break
            if not chunk:
                break
            self.text += chunk.decode(errors="replace")
        return self.text

    def wait_for(self, what: str) -> None:
        wait_until(f"the screen shows {what!r}", LIMIT, lambda: what in self.read())

    def interrupt(self) -> int:
        self.process.send_signal(signal.SIGINT)
        return self.end()

    def end(self) -> int:
        wait_until("the command ends", LIMIT, lambda: (self.read(), self.process.poll() is not None)[1])
        self.read()
        os.close(self.master)
        return self.process.returncode


@contextlib.contextmanager
def running(*words):
    """A command without a terminal, whose lines are read as they come."""
    process = subprocess.Popen([BINARY, *words], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    os.set_blocking(process.stdout.fileno(), False)
    seen = [b""]

    def read() -> str:
        with contextlib.suppress(BlockingIOError):
            seen[0] += process.stdout.read() or b""
        return seen[0].decode()
    try:
        yield process, read
    finally:
        if process.poll() is None:
            process.kill()
        process.wait(LIMIT)


def bare(text: str) -> str:
    """Without colours and cursor movements."""
    return re.sub(r"\x1b\[[?0-9;]*[a-zA-Z]", "", text)


def chat(url, model):
    status, headers, _ = fetch(f"{url}/api/chat", {"model": model, "messages": [{"role": "user", "content": "x"}], "stream": False})
    assert status == 200
    return headers["x-herd-request-id"]


def test_the_watch_draws_on_a_terminal_and_gives_it_back(two):
    screen = Screen("status", "--watch", "--url", two[0], columns=80)
    screen.wait_for("Health ")
    first = len(screen.text)
    wait_until("it draws again", LIMIT, lambda: screen.read()[first:].count("\x1b[H") >= 1)
    assert screen.interrupt() == 0
    assert screen.text.count("\x1b[?25l") == 1 and screen.text.endswith("\x1b[?25h\x1b[?1049l")
    frame = screen.text.split("\x1b[H")[1]
    assert "\x1b[32monline\x1b[0m" in frame
    assert all(len(line) <= 80 for line in bare(frame).split("\r\n")), frame
    assert "one *" in frame and "two" in frame and "Requests: 0 running" in frame


def test_the_watch_without_a_terminal_writes_pictures(two):
    with running("status", "--watch", "--url", two[0]) as (process, read):
        wait_until("two pictures", LIMIT, lambda: read().count("Fleet '") >= 2 and "Health " in read())
        process.send_signal(signal.SIGINT)
        assert process.wait(LIMIT) == 0
        assert "\x1b" not in read()
    with running("status", "--watch", "--json", "--url", two[0]) as (process, read):
        wait_until("two lines", LIMIT, lambda: read().count("\n") >= 2)
        assert len(json.loads(read().splitlines()[1])["nodes"]) == 2


def test_traces_of_all_peers_are_followed(two):
    old = chat(two[0], "shared")
    wait_until("the trace is kept", LIMIT, lambda: old in run(two[1], "traces", "--json"))
    with running("traces", "--follow", "--json", "--limit", "1", "--url", two[0]) as (process, read), \
            running("traces", "--follow", "--model", "only-one", "--limit", "1000", "--url", two[1]) as (_, table):
        wait_until("the last one", LIMIT, lambda: old in read())
        wait_until("the head", LIMIT, lambda: "MODEL" in table())
        new = [chat(two[0], "only-two"), chat(two[1], "only-one"), chat(two[1], "shared")]
        wait_until("the new ones", LIMIT, lambda: all(read().count(request) == 1 for request in new))
        with contextlib.suppress(AssertionError):
            wait_until("the one of the filter", LIMIT, lambda: "only-one" in table())
        assert "only-one" in table(), table()
        process.send_signal(signal.SIGINT)
        assert process.wait(LIMIT) == 0
        lines = [json.loads(line) for line in read().splitlines()]
        assert [line["request_id"] for line in lines].count(old) == 1
        assert {line["shard"] for line in lines if line["request_id"] in new} == {"one", "two"}
        assert "only-two" not in table() and "shared" not in table()
    assert "only-two" in run(two[0], "traces", "--node", "two", "--model", "only-two")
    assert "No trace is like that." in run(two[0], "traces", "--status", "rejected", "--model", "only-one")


def test_models_and_what_is_in_memory(two):
    chat(two[0], "only-two")
    wait_until("it is loaded", LIMIT, lambda: "only-two" in run(two[0], "models", "--loaded"))
    lines = run(two[0], "models").splitlines()
    assert [line.split()[:2] for line in lines if line.startswith("only-")] == [["only-one", "one"], ["only-two", "two"]]
    assert any(line.startswith("two: ") and "model" in line for line in lines)
    assert "only-one" not in run(two[1], "models", "--node", "two")
    assert "one, two" in run(two[0], "models", "--node", "three", code=1)
    assert {n["node_id"] for n in json.loads(run(two[0], "models", "--json"))["nodes"]} == {"one", "two"}


def test_a_model_is_pulled_and_deleted(two):
    text = run(two[0], "pull", "fetched", "--node", "two")
    assert "success" in text and "100 %" in text and "two has fetched." in text and "\x1b" not in text and "\r" not in text
    wait_until("all see it", LIMIT, lambda: "fetched" in run(two[0], "models"))
    assert "fetched is deleted from two." in run(two[0], "delete", "fetched", "--node", "two")
    assert "not found" in run(two[0], "delete", "fetched", "--node", "two", code=1)
    assert "--node" in run(two[0], "delete", "fetched", code=64)
    assert "the fleet has" in run(two[0], "pull", "fetched", "--node", "three", code=1)
    assert "could not pull" in run(two[0], "pull", "nobody-has-this", "--node", "two", code=1)
    lines = [json.loads(line) for line in run(two[1], "pull", "fetched", "--node", "two", "--json").splitlines()]
    assert lines[-1]["status"] == "success" and any(line.get("total") for line in lines)


class SlowRegistry(BadEngine):
    """An engine whose pulls go on for ever."""

    ended = False

    def work(self, handler, body):
        handler.send_response(200)
        handler.send_header("Content-Type", "application/x-ndjson")
        handler.end_headers()
        handler.close_connection = True
        try:
            for step in range(10_000):
                line = {"status": "pulling 8eeb52dfb3bb", "total": 4_000_000_000, "completed": 1_000_000 * step}
                handler.wfile.write(json.dumps(line).encode() + b"\n")
                handler.wfile.flush()
                time.sleep(0.05)
        except OSError:
            self.ended = True


def test_a_pull_at_a_terminal_shows_a_bar_and_can_be_ended(tmp_path):
    if not BINARY.exists():
        pytest.skip(f"no binary at {BINARY}: build it, or set HERD_PEER_BINARY")
    loopback, registry = Loopback(tmp_path), SlowRegistry(stored("here:latest"))
    try:
        url = loopback.peer("one", ollama=registry.url)
        loopback.wait_for_models(url, "here")
        screen = Screen("pull", "big", "--node", "one", "--url", url, columns=70)
        screen.wait_for("/s")
        assert screen.interrupt() == 130
        assert "of 4.0 GB" in screen.text and "░" in screen.text and "Cancelled" in screen.text
        assert screen.text.rindex("\x1b[?25h") > screen.text.rindex("\x1b[?25l")
        parts = [bare(part) for line in screen.text.split("\r\n") for part in line.split("\r")]
        assert all(len(part) <= 70 for part in parts if "Cancelled" not in part), parts
        wait_until("the engine's pull ends with it", LIMIT, lambda: registry.ended)
    finally:
        loopback.stop()
        registry.close()


def test_where_a_request_would_go(two):
    lines = run(two[0], "explain", "only-two").splitlines()
    assert "two" in lines[0]
    assert [line.split()[:2] for line in lines if line.startswith("1 ")] == [["1", "two"]]
    assert any(line.startswith("one ") for line in lines[3:]), lines
    ranked = json.loads(run(two[1], "explain", "shared", "--path", "/v1/chat/completions", "--json"))
    assert {c["node_id"] for c in ranked["candidates"]} == {"one", "two"}
    assert "no route" in run(two[0], "explain", "shared", "--path", "/nonsense", code=1)


def test_health_ends_with_what_it_found(two):
    # An open fleet is a warning at least; the machine below may be the cause of more.
    found = json.loads(fetch(f"{two[0]}/dashboard/api/health?refresh=1")[2])
    severities = {f["severity"] for f in found["recommendations"]}
    code = 2 if "critical" in severities else 1
    assert "warning" in severities and "open_fleet" in run(two[0], "health", code=code)
    found = json.loads(run(two[0], "health", "--json", code=code))
    assert any(f["check_id"] == "open_fleet" for f in found["recommendations"])
    nobody = f"http://127.0.0.1:{free_port()}"
    assert "herd-peer serve" in run(nobody, "health", code=3)


def test_errors_say_what_to_do(two):
    nobody = f"http://127.0.0.1:{free_port()}"
    for words in (["status", "--watch"], ["traces", "--follow"], ["models"], ["pull", "x"], ["delete", "x", "--all"], ["explain", "x"]):
        text = run(nobody, *words, code=1)
        assert "herd-peer serve" in text and "--url" in text, (words, text)
    for command in ("status", "traces", "models", "pull", "delete", "explain", "health"):
        text = subprocess.run([BINARY, command, "--help"], capture_output=True, text=True, timeout=LIMIT).stdout
        assert "Examples:" in text and "--json" in text, command


def test_no_colour_and_no_more_columns_than_there_are(two):
    text = run(two[0], "status", env={"COLUMNS": "50"})
    table = [line for line in text.splitlines() if line.startswith(("NODE", "one", "two "))]
    assert len(table) >= 3 and "\x1b" not in text
    screen = Screen("status", "--url", two[0], columns=200)
    assert screen.end() == 0 and "\x1b[32monline" in screen.text
