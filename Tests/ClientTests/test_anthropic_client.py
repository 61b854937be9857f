"""The `anthropic` package against a peer whose models live on other peers."""
import asyncio
import json

import anthropic
import pytest

from known import CALL, CITY, QUESTION, REPLY, REPLY_TOKENS, REPORT, TOO_LONG, is_report

TOOL = {"name": "get_weather", "description": "the weather", "input_schema": CITY}
LIMIT = 500
GO = [{"role": "user", "content": "go"}]


@pytest.fixture
def client(near):
    return anthropic.Anthropic(base_url=near, api_key="unused", timeout=30, max_retries=0)


def test_models(client):
    assert {"llama-demo", "tiny"} <= {m.id.removesuffix(":latest") for m in client.models.list()}


def test_message(client, machine):
    answer = client.messages.with_raw_response.create(model=machine.chat, max_tokens=LIMIT, messages=QUESTION)
    assert answer.headers["x-fleet-node"] == machine.node
    message = answer.parse()
    assert message.role == "assistant" and message.model == machine.chat and message.stop_reason == "end_turn"
    assert [block.type for block in message.content] == ["text"] and message.content[0].text.strip() == REPLY
    assert message.usage.output_tokens == REPLY_TOKENS and message.usage.input_tokens > 0


def test_system_and_limit(client, machine):
    answer = client.messages.create(model=machine.chat, max_tokens=4, system="be short", messages=QUESTION)
    assert answer.stop_reason == "max_tokens" and answer.usage.output_tokens == 4
    blocks = [{"role": "user", "content": [{"type": "text", "text": "count"}]}]
    assert client.messages.create(model=machine.chat, max_tokens=LIMIT, messages=blocks).content[0].text.strip() == REPLY


def test_stream(client, machine):
    with client.messages.stream(model=machine.chat, max_tokens=LIMIT, messages=QUESTION) as stream:
        said = list(stream.text_stream)
        final = stream.get_final_message()
    assert len(said) > 5 and "".join(said).strip() == REPLY == final.content[0].text.strip()
    assert final.stop_reason == "end_turn" and final.usage.output_tokens == REPLY_TOKENS
    names = [e.type for e in client.messages.create(model=machine.chat, max_tokens=LIMIT, messages=QUESTION, stream=True)]
    assert names[0] == "message_start" and names[-2:] == ["message_delta", "message_stop"]


def test_tools(client, machine):
    answer = client.messages.create(model=machine.chat, max_tokens=LIMIT, messages=QUESTION, tools=[TOOL])
    calls = [block for block in answer.content if block.type == "tool_use"]
    assert answer.stop_reason == "tool_use" and [(c.name, c.input) for c in calls] == [CALL]
    result = {"type": "tool_result", "tool_use_id": calls[0].id, "content": "sunny"}
    told = [*QUESTION, {"role": "assistant", "content": answer.content}, {"role": "user", "content": [result]}]
    again = client.messages.create(model=machine.chat, max_tokens=LIMIT, messages=told, tools=[TOOL])
    assert again.content[0].text.strip() == REPLY
    with client.messages.stream(model=machine.chat, max_tokens=LIMIT, messages=QUESTION, tools=[TOOL]) as stream:
        final = stream.get_final_message()
    assert [(c.name, c.input) for c in final.content if c.type == "tool_use"] == [CALL] and final.stop_reason == "tool_use"


def test_a_tool_that_must_be_called(client, machine):
    choice = {"type": "tool", "name": "get_weather"}
    answer = client.messages.create(model=machine.chat, max_tokens=LIMIT, messages=QUESTION, tools=[TOOL], tool_choice=choice)
    assert answer.stop_reason == "tool_use" and answer.content[-1].name == "get_weather"


def test_structured_output(client, fleet):
    """Where the engine is asked in its own dialect; what Ollama makes of it on its own route is Ollama's business."""
    answer = client.messages.create(
        model=fleet["llama"].chat, max_tokens=LIMIT, messages=QUESTION,
        output_config={"format": {"type": "json_schema", "schema": REPORT}})
    assert is_report(json.loads(answer.content[0].text)), answer.content[0].text


def test_count_tokens(client, machine):
    short = client.messages.count_tokens(model=machine.chat, messages=QUESTION).input_tokens
    long = client.messages.count_tokens(model=machine.chat, messages=TOO_LONG, system="be short", tools=[TOOL]).input_tokens
    assert 0 < short < long


def test_unknown_model(client):
    for stream in (False, True):
        with pytest.raises(anthropic.NotFoundError, match="not found") as caught:
            client.messages.create(model="no-such-model", max_tokens=LIMIT, messages=QUESTION, stream=stream)
        assert caught.value.body["type"] == "error" and caught.value.body["error"]["type"] == "not_found_error"


def test_bad_request(client, machine):
    asked = [
        dict(max_tokens=0, messages=QUESTION), dict(max_tokens=LIMIT, messages=[]), dict(max_tokens=LIMIT, messages=TOO_LONG),
        dict(max_tokens=LIMIT, messages=TOO_LONG, stream=True),
    ]
    for arguments in asked:
        with pytest.raises(anthropic.BadRequestError) as caught:
            client.messages.create(model=machine.chat, **arguments)
        assert caught.value.body["error"]["type"] == "invalid_request_error" and caught.value.body["error"]["message"]


def test_cancel_in_mid_stream(client, machine, runs, freed):
    stream = client.messages.create(model=machine.chat, max_tokens=60_000, system="LONG", messages=GO, stream=True)
    assert any(event.type == "content_block_delta" for event in stream)
    runs(machine)
    stream.close()
    freed(machine)
    answer = client.messages.create(model=machine.chat, max_tokens=LIMIT, messages=QUESTION)
    assert answer.content[0].text.strip() == REPLY


def test_cancel_of_a_whole_answer(near, demo, runs, freed):
    async def ask():
        client = anthropic.AsyncAnthropic(base_url=near, api_key="unused", timeout=30, max_retries=0)
        request = client.messages.create(model=demo.chat, max_tokens=8000, system="LONG", messages=GO)
        task = asyncio.create_task(request)
        await asyncio.to_thread(runs, demo)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(ask())
    freed(demo)
