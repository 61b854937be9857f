"""The `ollama` Python package against a peer whose model lives on another peer."""
import asyncio

import pytest

ollama = pytest.importorskip("ollama")
QUESTION = [{"role": "user", "content": "count"}]


@pytest.fixture
def client(near):
    return ollama.Client(host=near, timeout=30)


@pytest.fixture
def direct(fleet):
    """The engine itself: the measure for every answer."""
    return ollama.Client(host=fleet["engine"], timeout=30)


def test_chat(client, direct):
    answer = client.chat("llama-demo", messages=QUESTION)
    assert answer.done and answer.done_reason == "stop"
    assert answer.message.content == direct.chat("llama-demo", messages=QUESTION).message.content
    assert answer.eval_count > 0


def test_chat_stream(client, direct):
    parts = list(client.chat("llama-demo", messages=QUESTION, stream=True))
    assert len(parts) > 2 and parts[-1].done and not any(p.done for p in parts[:-1])
    assert "".join(p.message.content or "" for p in parts) == direct.chat("llama-demo", messages=QUESTION).message.content


def test_generate_and_stream(client, direct):
    wanted = direct.generate("llama-demo", "count").response
    assert client.generate("llama-demo", "count").response == wanted
    parts = list(client.generate("llama-demo", "count", stream=True))
    assert parts[-1].done and "".join(p.response for p in parts) == wanted


def test_options_and_tag_are_passed_on(client):
    answer = client.chat("llama-demo:latest", messages=QUESTION, options={"num_predict": 2}, keep_alive="5m")
    assert answer.done and answer.done_reason == "length" and answer.eval_count == 2


def test_list_show_ps(client):
    listed = {m.model for m in client.list().models}
    assert {"llama-demo:latest", "embed-demo:latest"} <= listed
    shown = client.show("llama-demo")
    assert shown.details is not None
    client.generate("llama-demo", "load it")
    assert client.ps().models is not None


def test_embed(client, embeddings):
    answer = client.embed("embed-demo", input=["one", "two"])
    assert len(answer.embeddings) == 2 and len(answer.embeddings[0]) == len(answer.embeddings[1]) > 0


def test_embeddings_of_a_chat_model_are_refused_as_by_the_engine(client, direct):
    for asked in (client, direct):
        with pytest.raises(ollama.ResponseError) as caught:
            asked.embed("llama-demo", input="one")
        assert caught.value.status_code == 501
        assert "does not support embeddings" in caught.value.error


def test_unknown_model(client):
    with pytest.raises(ollama.ResponseError) as caught:
        client.chat("no-such-model", messages=QUESTION)
    assert caught.value.status_code == 404
    assert "not found" in caught.value.error
    with pytest.raises(ollama.ResponseError) as caught:
        list(client.chat("no-such-model", messages=QUESTION, stream=True))
    assert caught.value.status_code == 404


def test_many_at_once(near):
    async def ask_all():
        client = ollama.AsyncClient(host=near, timeout=60)
        return await asyncio.gather(*(client.chat("llama-demo", messages=QUESTION) for _ in range(12)))

    answers = asyncio.run(ask_all())
    assert all(a.done for a in answers) and len({a.message.content for a in answers}) == 1
