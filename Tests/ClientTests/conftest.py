"""Two peers and a demo engine; the clients ask the peer that does not have the model."""
import pytest

from herdlab import BINARY
from loopback import Loopback


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
def near(fleet):
    """The peer without an engine."""
    return fleet["near"]
