"""The `openai` package asks for sound, pictures and rankings, through a peer without an engine."""
import io
import json

import openai
import pytest

from herdlab import BINARY
from known import REPLY
from loopback import Loopback, fetch


@pytest.fixture(scope="module")
def fleet(tmp_path_factory):
    if not BINARY.exists():
        pytest.skip(f"no binary at {BINARY}: build it, or set HERD_PEER_BINARY")
    loopback = Loopback(tmp_path_factory.mktemp("media"))
    try:
        engine = loopback.engine("hear-demo", "deaf-demo")
        llama = loopback.llamacpp("tiny")
        far = loopback.peer("ears", "--backend", f"llamacpp={llama}", ollama=engine)
        near = loopback.peer("near", "--router-url", far)
        loopback.wait_for_models(near, "hear-demo", "deaf-demo", "tiny")
        yield {"near": near, "engine": engine}
    finally:
        loopback.stop()


@pytest.fixture
def client(fleet):
    # Two retries, as the package does by itself: what nobody can do is not asked again.
    return openai.OpenAI(base_url=f"{fleet['near']}/v1", api_key="unused", timeout=30)


def sound(size=3 << 20):
    file = io.BytesIO(b"RIFF" + bytes(range(256)) * (size // 256))
    file.name = "speech.wav"
    return file


def asked(fleet, path):
    return [e for e in json.loads(fetch(f"{fleet['engine']}/demo/log")[2]) if e["path"].startswith(path)]


def test_speech_becomes_text(client, fleet):
    answer = client.audio.transcriptions.with_raw_response.create(model="hear-demo", file=sound(), language="en")
    assert answer.headers["x-fleet-node"] == "ears" and int(answer.headers["x-transcription-time"]) >= 0
    assert answer.parse().text == REPLY
    assert client.audio.transcriptions.create(model="hear-demo", file=sound(), response_format="text").strip() == REPLY
    assert len(asked(fleet, "/v1/audio/transcriptions")) == 2


@pytest.mark.parametrize("model", ["deaf-demo", "tiny"])
def test_sound_does_not_come_to_a_model_that_cannot_hear(client, fleet, model):
    before = len(asked(fleet, "/v1/audio"))
    with pytest.raises(openai.BadRequestError) as caught:
        client.audio.transcriptions.create(model=model, file=sound())
    assert "does not support transcription" in caught.value.message
    part = {"type": "input_audio", "input_audio": {"data": "UklGRg==", "format": "wav"}}
    with pytest.raises(openai.BadRequestError) as caught:
        client.chat.completions.create(model=model, messages=[{"role": "user", "content": [part]}])
    assert "does not support audio" in caught.value.message
    assert len(asked(fleet, "/v1/audio")) == before


def accepted(fleet):
    """Requests that the peer took from clients so far."""
    lines = fetch(f"{fleet['near']}/metrics")[2].splitlines()
    return sum(float(line.split()[-1]) for line in lines if line.startswith("herd_requests_total") and '"accepted"' in line)


def test_what_no_engine_does_is_said_once(client, fleet):
    before = accepted(fleet)
    for ask in (lambda: client.images.generate(model="hear-demo", prompt="a cat"),
                lambda: client.audio.speech.create(model="tiny", input="hi", voice="alloy"),
                lambda: client.audio.translations.create(model="hear-demo", file=sound())):
        with pytest.raises(openai.InternalServerError) as caught:
            ask()
        assert caught.value.status_code == 501 and "has a route for" in caught.value.message
    with pytest.raises(openai.NotFoundError):
        client.audio.transcriptions.create(model="nobody", file=sound())
    assert accepted(fleet) == before + 4


def test_a_ranking_reaches_llamacpp(fleet):
    """Its server was not started for it and says so itself."""
    for path in ("/v1/rerank", "/rerank", "/v2/rerank"):
        status, headers, text = fetch(f"{fleet['near']}{path}", {"model": "tiny", "query": "q", "documents": ["a", "b"]})
        assert status == 501 and headers["x-fleet-node"] == "ears" and "rerank" in text, text
