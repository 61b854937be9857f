"""Two peers and a demo engine; the clients ask the peer that does not have the model."""
import json

import pytest

from herdlab import BINARY
from loopback import Loopback, fetch


@pytest.fixture(scope="session")
def fleet(tmp_path_factory):
    if not BINARY.exists():
        pytest.skip(f"no binary at {BINARY}: build it, or set HERD_PEER_BINARY")
    loopback = Loopback(tmp_path_factory.mktemp("clients"))
    try:
        engine = loopback.engine("llama-demo", "embed-demo")
        far = loopback.peer("far", ollama=engine)
        near = loopback.peer("near", "--router-url", far)
        for url in (far, near):
            loopback.wait_for_models(url, "llama-demo", "embed-demo")
        yield {"near": near, "far": far, "engine": engine}
    finally:
        loopback.stop()


@pytest.fixture
def embeddings(fleet):
    """Skips where the demo engine cannot be given an embedding model."""
    shown = json.loads(fetch(f"{fleet['engine']}/api/show", {"model": "embed-demo"})[2])
    if "embedding" not in shown.get("capabilities", []):
        pytest.skip("the demo engine makes no embedding model of the name embed-demo")


@pytest.fixture
def near(fleet):
    """The peer without an engine."""
    return fleet["near"]
