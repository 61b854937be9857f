"""A peer with engines, and a peer without, through which recorded requests are sent."""
import pytest

from herdlab import BINARY
from loopback import Loopback
from recorded import MODELS


@pytest.fixture(scope="session")
def loopback(tmp_path_factory):
    if not BINARY.exists():
        pytest.skip(f"no binary at {BINARY}: build it, or set HERD_PEER_BINARY")
    loopback = Loopback(tmp_path_factory.mktemp("recorded"))
    yield loopback
    loopback.stop()


@pytest.fixture(scope="session")
def demo(loopback):
    """The demo engine with the recorded server's models, and a remote peer before it."""
    engine = loopback.engine(*MODELS, slots=1, token_delay_ms=0)
    far = loopback.peer("far", ollama=engine)
    near = loopback.peer("near", "--router-url", far)
    loopback.wait_for_models(near, *MODELS)
    return engine, near


@pytest.fixture(scope="session")
def llama(loopback):
    """llama.cpp's own server, and a remote peer before it. It has a fleet of its own: no model has two machines."""
    chat, embed = loopback.llamacpp("tiny", slots=2), loopback.llamacpp("tiny-embed", embeds=True)
    far = loopback.peer("llama-far", "--fleet", "llama", "--backend", f"llamacpp={chat}", "--backend", f"llamacpp={embed}")
    near = loopback.peer("llama-near", "--fleet", "llama", "--router-url", far)
    loopback.wait_for_models(near, "tiny", "tiny-embed")
    return {"chat": chat, "embed": embed, "near": near}
