"""The `openai` Python package against a peer whose model lives on another peer."""
import pytest

openai = pytest.importorskip("openai")
QUESTION = [{"role": "user", "content": "count"}]


@pytest.fixture
def client(near):
    return openai.OpenAI(base_url=f"{near}/v1", api_key="unused", timeout=30, max_retries=0)


@pytest.fixture
def wanted(fleet):
    direct = openai.OpenAI(base_url=f"{fleet['engine']}/v1", api_key="unused", timeout=30, max_retries=0)
    return direct.chat.completions.create(model="llama-demo", messages=QUESTION).choices[0].message.content


def test_chat(client, wanted):
    answer = client.chat.completions.with_raw_response.create(model="llama-demo", messages=QUESTION)
    assert answer.headers["x-fleet-node"] == "far"
    parsed = answer.parse()
    assert parsed.choices[0].message.content == wanted
    assert parsed.choices[0].finish_reason == "stop"
    assert parsed.usage.completion_tokens > 0


def test_chat_stream(client, wanted):
    stream = client.chat.completions.create(
        model="llama-demo", messages=QUESTION, stream=True, stream_options={"include_usage": True})
    parts = list(stream)
    assert "".join(c.choices[0].delta.content or "" for c in parts if c.choices) == wanted
    assert [c.choices[0].finish_reason for c in parts if c.choices][-1] == "stop"
    assert parts[-1].usage is not None


def test_completions(client):
    answer = client.completions.create(model="llama-demo", prompt="count")
    assert answer.choices[0].text


def test_models(client):
    listed = {m.id.removesuffix(":latest") for m in client.models.list()}
    assert {"llama-demo", "embed-demo"} <= listed
    assert client.models.retrieve("llama-demo").id.removesuffix(":latest") == "llama-demo"


def test_embeddings(client, embeddings):
    answer = client.embeddings.create(model="embed-demo", input=["one", "two"])
    assert len(answer.data) == 2 and len(answer.data[0].embedding) > 0
    floats = client.embeddings.create(model="embed-demo", input=["one"], encoding_format="float")
    assert len(floats.data[0].embedding) == len(answer.data[0].embedding)


def test_unknown_model(client):
    with pytest.raises(openai.NotFoundError) as caught:
        client.chat.completions.create(model="no-such-model", messages=QUESTION)
    assert "not found" in str(caught.value)
    with pytest.raises(openai.NotFoundError):
        list(client.chat.completions.create(model="no-such-model", messages=QUESTION, stream=True))


def test_bad_request(client):
    with pytest.raises(openai.BadRequestError):
        client.chat.completions.create(model="", messages=QUESTION)
