"""Every recorded request, sent to an engine directly and through a peer that has none: the answers are the same.

`expected` lists where they are not, and why. An entry that is no longer true fails as well.
"""
import json
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

import expected
from herdlab import wait_until
from loopback import fetch
from recorded import COMPOUND, MODELS, Answer, Asked, differences, load, names, send

# Requests that must run first, by the names of their recordings.
PREPARATIONS = {
    "delete": ["copy"], "create-delete": ["create-from"],
    "ps": ["chat-think-off", "chat-keepalive-string"], "ps-forever": ["chat-think-off", "chat-keepalive-forever"],
    "unload-chat": ["chat"], "unload-embed": ["embed"], "unload-generate": ["chat-think"],
}


def single(engine):
    return [name for name in names(engine) if name not in COMPOUND]


def reset(engine):
    """Unloads all models of a demo engine and deletes those that a request made."""
    for model in json.loads(fetch(f"{engine}/api/ps")[2])["models"]:
        fetch(f"{engine}/api/generate", {"model": model["name"], "keep_alive": 0})
    for model in json.loads(fetch(f"{engine}/api/tags")[2])["models"]:
        if model["name"].removesuffix(":latest") not in MODELS:
            send(engine, Asked("DELETE", "/api/delete", {}, json.dumps({"model": model["name"]}).encode()))


def check(wanted: Answer, asked: Asked, peer: str, missing: set[str], different: dict[str, set[str]], name: str) -> None:
    """Sends a request through a peer and compares. What a peer shows of the fleet may be some seconds old."""
    end = time.monotonic() + (10 if asked.method == "GET" else 0)
    while True:
        found = send(peer, asked)
        if name in missing:
            assert (found.status, found.headers.get("content-type")) == (404, "text/plain"), f"{name} is not missing any more: {found}"
            assert found.text == ("" if asked.method == "HEAD" else "404 page not found")
            return
        places = differences(wanted, found)
        if set(places) == different.get(name, set()):
            return
        if time.monotonic() > end:
            unexpected = [words for place, words in places.items() if place not in different.get(name, set())]
            gone = different.get(name, set()) - set(places)
            raise AssertionError("\n".join([f"{asked.method} {asked.path}", *unexpected, *(f"no longer different: {g}" for g in gone)]))
        time.sleep(0.2)


def test_the_tables_name_recordings_only():
    ollama, llama = set(names("ollama")), set(names("llamacpp"))
    assert len(ollama) >= 133 and len(llama) >= 25
    assert set(expected.DIFFERENT) <= ollama
    for table in (expected.LLAMA_AT_DEMO, expected.LLAMA):
        assert set(table) <= llama
    assert expected.LLAMA_MISSING <= llama


@pytest.mark.parametrize("name", single("ollama"))
def test_requests_of_ollama(name, demo):
    engine, peer = demo
    asked = Asked.read(load("ollama", name))
    prepared = [Asked.read(load("ollama", earlier)) for earlier in PREPARATIONS.get(name, [])]
    answers = []
    for _ in range(2):
        reset(engine)
        for earlier in prepared:
            assert send(engine, earlier).status == 200
        if not answers:
            answers.append(send(engine, asked))
    check(answers[0], asked, peer, set(), expected.DIFFERENT, name)


@pytest.mark.parametrize("name", single("llamacpp"))
def test_requests_of_llamacpp_to_the_demo_engine(name, demo):
    engine, peer = demo
    asked = Asked.read(load("llamacpp", name))
    reset(engine)
    wanted = send(engine, asked)
    reset(engine)
    check(wanted, asked, peer, set(), expected.LLAMA_AT_DEMO, name)


@pytest.mark.parametrize("name", single("llamacpp"))
def test_requests_of_llamacpp(name, llama):
    asked = Asked.read(load("llamacpp", name))
    engine = llama["embed" if b"tiny-embed" in (asked.body or b"") else "chat"]
    check(send(engine, asked), asked, llama["near"], expected.LLAMA_MISSING, expected.LLAMA, name)


@pytest.fixture
def failing(demo):
    """Makes the demo engine fail, until the test is over."""
    engine, _ = demo
    yield lambda plan: fetch(f"{engine}/demo/control", {"failure": plan})
    fetch(f"{engine}/demo/control", {"failure": None})


@pytest.mark.parametrize("route", sorted(load("ollama", "err-queue-full-503")))
def test_a_full_queue(route, demo, failing):
    """Ollama says 503 at once. A peer keeps the request in its own line until a machine has a place."""
    engine, peer = demo
    asked = Asked.read(load("ollama", "err-queue-full-503")[route])
    wanted = send(engine, asked)
    failing({"kind": "busy503"})
    assert send(engine, asked).status == 503
    with ThreadPoolExecutor(1) as pool:
        held = pool.submit(send, peer, asked)
        wait_until("the request waits at the peer", 10, lambda: json.loads(fetch(f"{peer}/fleet/queue")[2])["pending"] > 0)
        failing(None)
        assert differences(wanted, held.result(timeout=50)) == {}


KILLED = {
    "api-chat": ("/api/chat", True), "api-generate": ("/api/generate", True), "v1-chat": ("/v1/chat/completions", True),
    "v1-messages": ("/v1/messages", True), "v1-responses": ("/v1/responses", True), "api-chat-nostream": ("/api/chat", False),
}


@pytest.mark.parametrize("name", sorted(load("ollama", "runner-killed-mid-stream")))
def test_a_runner_that_dies(name, demo, failing):
    """Where Ollama says nothing, the peer adds an error in the client's dialect: see `expected.SILENT`."""
    engine, peer = demo
    path, stream = KILLED[name]
    body = {"model": "tiny", "stream": stream, "max_tokens": 50, "prompt": "hi", "input": "hi",
            "messages": [{"role": "system", "content": "LONG"}, {"role": "user", "content": "hi"}]}
    asked = Asked("POST", path, {}, json.dumps(body).encode())
    failing({"kind": "errorMidStream", "after_tokens": 5})
    wanted, found = send(engine, asked), send(peer, asked)
    if name in expected.SILENT:
        blocks = found.text.split("\n\n")
        added = blocks[-2]
        assert blocks[-1] == "" and json.loads(added[added.index("{"):])["error"]["message"], added
        found = Answer(found.status, found.headers, found.body.removesuffix(f"{added}\n\n".encode()), found.broken)
    assert differences(wanted, found) == {}
    assert not any(marker in found.text for marker in ('"done":true', "[DONE]", "message_stop", "response.completed"))


@pytest.mark.parametrize("name", sorted(load("llamacpp", "busy")))
def test_questions_to_a_busy_llamacpp(name, llama):
    """A peer keeps its own counts of what runs: the engine's pages are not the fleet's."""
    asked = Asked.read(load("llamacpp", "busy")[name])
    assert send(llama["chat"], asked).status == 200
    found = send(llama["near"], asked)
    assert (found.status, found.headers["content-type"].split(";")[0]) == ((200 if name == "metrics" else 404), "text/plain")
