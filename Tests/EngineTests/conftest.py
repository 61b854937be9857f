"""A real llama.cpp server with tiny models behind one of two peers."""
import json
import os
import sys
import time
from pathlib import Path

import pytest

from herdlab import BINARY, wait_until
from loopback import Loopback, Program, fetch, free_port

MODELS = Path(__file__).resolve().parent.parent / "Fixtures/models"
CACHE = Path(__file__).resolve().parent.parent.parent / ".test-cache/models"


def model(name: str, *options: str) -> Path:
    """Makes a model once; its weights are the same on every machine."""
    CACHE.mkdir(parents=True, exist_ok=True)
    path, script = CACHE / f"{name}.gguf", MODELS / "make_tiny_gguf.py"
    if not path.exists() or path.stat().st_mtime < script.stat().st_mtime:
        fresh = path.with_suffix(f".{os.getpid()}")
        log = Program([sys.executable, str(script), str(fresh), "--name", name, *options], CACHE / f"{name}.log")
        assert log.process.wait(120) == 0, log.log.read_text()
        fresh.rename(path)
    return path


@pytest.fixture(scope="session")
def fleet(tmp_path_factory):
    """Two peers: `a` has the engines, `b` has nothing and joins through `a`."""
    pytest.importorskip("xllamacpp")
    pytest.importorskip("gguf")
    if not BINARY.exists():
        pytest.skip(f"no binary at {BINARY}: build it, or set HERD_PEER_BINARY")
    loopback = Loopback(tmp_path_factory.mktemp("engines"))
    try:
        urls = []
        for name, embed in (("tiny", "0"), ("tiny-embed", "1")):
            port = free_port()
            path = model(name, *(["--embed"] if embed == "1" else []))
            environment = {**os.environ, "MODEL_PATH": str(path), "PORT": str(port), "ALIAS": name, "EMBED": embed, "PARALLEL": "1"}
            server = Program([sys.executable, str(MODELS / "serve_llamacpp.py")], loopback.folder / f"{name}.log", environment)
            loopback.add(server).wait_for(f"http://127.0.0.1:{port}/health", limit=60)
            urls.append(f"http://127.0.0.1:{port}")
        a = loopback.peer("a", *(word for url in urls for word in ("--backend", f"llamacpp={url}")))
        b = loopback.peer("b", "--router-url", a)
        for url in (a, b):
            loopback.wait_for_models(url, "tiny", "tiny-embed")
        yield {"a": a, "b": b, "chat": urls[0], "embed": urls[1]}
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
