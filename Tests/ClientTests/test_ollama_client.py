"""The `ollama` package against a peer whose models live on other peers: Ollama's own dialect at one, llama.cpp's at the other."""
import asyncio
import json

import ollama
import pytest

from known import CALL, LONG, QUESTION, REPLY, REPLY_TOKENS, REPORT, TOO_LONG, TOOL, VECTOR_WIDTH, is_report
from loopback import fetch


@pytest.fixture
def client(near):
    return ollama.Client(host=near, timeout=30)


@pytest.fixture
def direct(demo):
    """The demo engine itself: the measure for every answer of its own."""
    return ollama.Client(host=demo.engine, timeout=30)


def test_list_show_ps(client, machine):
    listed = {m.model.removesuffix(":latest") for m in client.list().models}
    assert {"llama-demo", "embed-demo", "tiny", "tiny-embed"} <= listed
    shown = client.show(machine.chat)
    assert shown.details is not None and "completion" in shown.capabilities
    client.generate(machine.chat, "load it")
    assert client.ps().models is not None


def test_chat(client, machine):
    answer = client.chat(machine.chat, messages=QUESTION)
    assert answer.done and answer.done_reason == "stop" and answer.model == machine.chat
    assert answer.message.role == "assistant" and answer.message.content.strip() == REPLY
    assert answer.eval_count == REPLY_TOKENS and answer.prompt_eval_count > 0 and answer.total_duration > 0


def test_chat_stream(client, machine):
    parts = list(client.chat(machine.chat, messages=QUESTION, stream=True))
    assert "".join(p.message.content or "" for p in parts).strip() == REPLY
    assert len(parts) > 5 and parts[-1].done and parts[-1].eval_count == REPLY_TOKENS and not any(p.done for p in parts[:-1])


def test_generate_and_stream(client, machine):
    assert client.generate(machine.chat, "count").response.strip() == REPLY
    parts = list(client.generate(machine.chat, "count", stream=True))
    assert parts[-1].done and "".join(p.response for p in parts).strip() == REPLY


def test_options_and_tag_are_passed_on(client, machine):
    answer = client.chat(f"{machine.chat}:latest", messages=QUESTION, options={"num_predict": 2}, keep_alive="5m")
    assert answer.done and answer.done_reason == "length" and answer.eval_count == 2


def test_tools(client, machine):
    for stream in (False, True):
        answer = client.chat(machine.chat, messages=QUESTION, tools=[TOOL], stream=stream)
        answers = list(answer) if stream else [answer]
        calls = [call for a in answers for call in a.message.tool_calls or []]
        assert [(c.function.name, dict(c.function.arguments)) for c in calls] == [CALL]
        assert answers[-1].done and answers[-1].done_reason == "stop"
    message = ollama.Message(role="assistant", tool_calls=calls)
    told = [*QUESTION, message, {"role": "tool", "tool_name": CALL[0], "content": "sunny"}]
    assert client.chat(machine.chat, messages=told, tools=[TOOL]).message.content.strip() == REPLY


def test_a_function_as_tool(client, machine):
    def get_weather(city: str) -> str:
        """The weather.

        Args:
            city: Where.
        """
        return city

    calls = client.chat(machine.chat, messages=QUESTION, tools=[get_weather]).message.tool_calls
    assert [(c.function.name, dict(c.function.arguments)) for c in calls] == [CALL]


def test_embeddings(client, machine):
    answer = client.embed(machine.embed, input=["one", "two"])
    assert [len(v) for v in answer.embeddings] == [VECTOR_WIDTH] * 2 and answer.embeddings[0] != answer.embeddings[1]
    assert abs(sum(x * x for x in answer.embeddings[0]) - 1) < 1e-3
    assert len(client.embed(machine.embed, input="one").embeddings) == 1
    assert client.embed(machine.embed, input=[]).embeddings == []
    assert len(client.embeddings(machine.embed, prompt="one").embedding) == VECTOR_WIDTH


def test_structured_output(client, machine):
    answer = client.chat(machine.chat, messages=QUESTION, format=REPORT, options={"temperature": 0})
    assert is_report(json.loads(answer.message.content)), answer.message.content
    parts = list(client.generate(machine.chat, "count", format=REPORT, stream=True))
    assert parts[-1].done and is_report(json.loads("".join(p.response for p in parts)))


def test_unknown_model(client):
    asked = [
        lambda: client.chat("no-such-model", messages=QUESTION),
        lambda: list(client.chat("no-such-model", messages=QUESTION, stream=True)),
        lambda: client.generate("no-such-model", "count"),
        lambda: client.embed("no-such-model", input="one"),
        lambda: client.show("no-such-model"),
    ]
    for ask in asked:
        with pytest.raises(ollama.ResponseError, match="not found") as caught:
            ask()
        assert caught.value.status_code == 404


def test_bad_request(client, near, machine):
    with pytest.raises(ollama.ResponseError, match="context") as caught:
        client.chat(machine.chat, messages=TOO_LONG)
    assert caught.value.status_code == 400
    with pytest.raises(ollama.ResponseError, match="does not support thinking") as caught:
        client.chat(machine.chat, messages=QUESTION, think=True)
    assert caught.value.status_code == 400
    status, _, text = fetch(f"{near}/api/chat", {"model": machine.chat, "messages": "hi"})
    assert status == 400 and "messages" in json.loads(text)["error"]


def test_embeddings_of_a_chat_model_are_refused_as_by_the_engine(client, direct, demo):
    for asked in (client, direct):
        with pytest.raises(ollama.ResponseError, match="does not support embeddings") as caught:
            asked.embed(demo.chat, input="one")
        assert caught.value.status_code == 501


def test_cancel_in_mid_stream(client, machine, runs, freed):
    stream = client.chat(machine.chat, messages=LONG, stream=True)
    said = "".join(next(stream).message.content for _ in range(4))
    assert "tick" in said
    runs(machine)
    stream.close()
    freed(machine)
    assert client.chat(machine.chat, messages=QUESTION).message.content.strip() == REPLY


def test_cancel_of_a_whole_answer(near, demo, runs, freed):
    async def ask():
        task = asyncio.create_task(ollama.AsyncClient(host=near, timeout=30).chat(demo.chat, messages=LONG))
        await asyncio.to_thread(runs, demo)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(ask())
    freed(demo)


def test_many_at_once(near, fleet):
    models = [fleet["demo"].chat, fleet["llama"].chat]

    async def ask_all():
        client = ollama.AsyncClient(host=near, timeout=60)
        return await asyncio.gather(*(client.chat(models[n % 2], messages=QUESTION) for n in range(12)))

    answers = asyncio.run(ask_all())
    assert all(a.done for a in answers) and {a.message.content.strip() for a in answers} == {REPLY}
