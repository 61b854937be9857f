"""Three peers with different models: one before the demo engine, one before llama.cpp, and one with no engine, which clients ask."""
import asyncio
import json
from dataclasses import dataclass
from typing import Callable

import pytest

from herdlab import BINARY, wait_until
from loopback import Loopback, fetch


@dataclass(frozen=True)
class Machine:
    """A machine of the fleet: its name, its models, its engine, and how many of its requests run now."""
    node: str
    chat: str
    embed: str
    engine: str
    running: Callable[[], int]
    # Its engine speaks Ollama's dialect itself: nothing is translated there.
    is_ollama: bool


def demo_running(engine: str) -> int:
    return sum(entry["outcome"] == "running" and entry["path"].startswith(("/api/chat", "/api/generate", "/v1/"))
               for entry in json.loads(fetch(f"{engine}/demo/log")[2]))


def llama_running(engine: str) -> int:
    return sum(slot["is_processing"] for slot in json.loads(fetch(f"{engine}/slots")[2]))


@pytest.fixture(scope="session")
def fleet(tmp_path_factory):
    if not BINARY.exists():
        pytest.skip(f"no binary at {BINARY}: build it, or set HERD_PEER_BINARY")
    loopback = Loopback(tmp_path_factory.mktemp("clients"))
    try:
        demo = loopback.engine("llama-demo", "embed-demo", slots=1)
        llama, vectors = loopback.llamacpp("tiny"), loopback.llamacpp("tiny-embed", embeds=True)
        first = loopback.peer("demo-host", ollama=demo)
        second = loopback.peer("llama-host", "--router-url", first, "--backend", f"llamacpp={llama}", "--backend", f"llamacpp={vectors}")
        near = loopback.peer("near", "--router-url", first)
        for url in (first, second, near):
            loopback.wait_for_models(url, "llama-demo", "embed-demo", "tiny", "tiny-embed")
        yield {
            "near": near,
            "demo": Machine("demo-host", "llama-demo", "embed-demo", demo, lambda: demo_running(demo), True),
            "llama": Machine("llama-host", "tiny", "tiny-embed", llama, lambda: llama_running(llama), False),
        }
    finally:
        loopback.stop()


@pytest.fixture
def near(fleet):
    """The peer without an engine."""
    return fleet["near"]


@pytest.fixture(params=["demo", "llama"])
def machine(request, fleet):
    """Each machine that has models."""
    return fleet[request.param]


@pytest.fixture
def demo(fleet):
    """The machine with the demo engine. llama.cpp's server misses that its client is gone while it makes a whole answer, with and
    without peers before it: such tests have this machine alone."""
    return fleet["demo"]


@pytest.fixture(scope="session")
def loop():
    """Runs coroutines, all on one event loop: some packages keep connections from one call to the next."""
    with asyncio.Runner() as runner:
        yield runner


@pytest.fixture
def freed(near):
    """Waits until the engine of a machine runs nothing any more and the peer has no request under way: the client left."""
    def wait(machine: Machine) -> None:
        wait_until(f"the engine of {machine.node} runs nothing", 4, lambda: machine.running() == 0, pause=0.005)
        if machine.is_ollama:
            entries = json.loads(fetch(f"{machine.engine}/demo/log")[2])
            last = [e for e in entries if e["method"] == "POST" and "admitted_ms" in e][-1]
            assert last["outcome"] == "cancelled", last

        wait_until("the peer counts no request", 10, lambda: json.loads(fetch(f"{near}/fleet/queue")[2])["queue_depth"] == 0)
    return wait


@pytest.fixture
def runs():
    """Waits until the engine of a machine runs a request: what a test cancels must have begun."""
    return lambda machine: wait_until(f"the engine of {machine.node} runs a request", 10, lambda: machine.running() > 0)
