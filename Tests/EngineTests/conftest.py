"""A real llama.cpp server with tiny models behind one of two peers."""
import json
import time

import pytest

from herdlab import BINARY, wait_until
from loopback import Loopback, fetch


@pytest.fixture(scope="session")
def fleet(tmp_path_factory):
    """Two peers: `a` has the engines, `b` has nothing and joins through `a`."""
    pytest.importorskip("xllamacpp")
    pytest.importorskip("gguf")
    if not BINARY.exists():
        pytest.skip(f"no binary at {BINARY}: build it, or set HERD_PEER_BINARY")
    loopback = Loopback(tmp_path_factory.mktemp("engines"))
    try:
        chat, embed = loopback.llamacpp("tiny"), loopback.llamacpp("tiny-embed", embeds=True)
        a = loopback.peer("a", "--backend", f"llamacpp={chat}", "--backend", f"llamacpp={embed}")
        b = loopback.peer("b", "--router-url", a)
        for url in (a, b):
            loopback.wait_for_models(url, "tiny", "tiny-embed")
        yield {"a": a, "b": b, "chat": chat, "embed": embed}
    finally:
        loopback.stop()


@pytest.fixture(params=["a", "b"])
def peer(request, fleet):
    """The peer that is asked: the one with the engine, and the other."""
    return fleet[request.param]


@pytest.fixture
def idle(fleet):
    """Waits until the chat server's slots are idle; gives the seconds that took."""
    def is_idle() -> bool:
        return not any(slot["is_processing"] for slot in json.loads(fetch(f"{fleet['chat']}/slots")[2]))

    def wait(limit: float) -> float:
        began = time.monotonic()
        wait_until("the engine is idle", limit, is_idle)
        return time.monotonic() - began
    return wait
