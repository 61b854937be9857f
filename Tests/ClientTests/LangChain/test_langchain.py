"""`langchain-ollama` and `langchain-openai` against a peer whose models live on other peers; each family asks every engine."""
import asyncio
from typing import Literal

import ollama
import openai
import pytest
from langchain_core.messages import HumanMessage, SystemMessage, ToolMessage
from langchain_core.tools import tool
from langchain_ollama import ChatOllama, OllamaEmbeddings, OllamaLLM
from langchain_openai import ChatOpenAI, OpenAI, OpenAIEmbeddings
from pydantic import BaseModel, ConfigDict

from known import CALL, REPLY, REPLY_TOKENS, VECTOR_WIDTH

LONG = [SystemMessage("LONG"), HumanMessage("go")]
UNKNOWN = {"ollama": ollama.ResponseError, "openai": openai.NotFoundError, "responses": openai.NotFoundError}
REFUSED = {"ollama": ollama.ResponseError, "openai": openai.BadRequestError, "responses": openai.BadRequestError}


class Report(BaseModel):
    """A report."""
    model_config = ConfigDict(extra="forbid")
    city: Literal["Paris", "Rome"]
    sunny: bool


@tool
def get_weather(city: str) -> str:
    """The weather."""
    return f"sunny in {city}"


@pytest.fixture(params=["ollama", "openai", "responses"])
def family(request):
    return request.param


@pytest.fixture
def chat(near, family):
    """Makes a chat model of one family."""
    def make(model: str, **more):
        if family == "ollama":
            return ChatOllama(model=model, base_url=near, temperature=0, **more)
        return ChatOpenAI(model=model, base_url=f"{near}/v1", api_key="unused", timeout=30, max_retries=0, temperature=0,
                          use_responses_api=family == "responses", **more)
    return make


def test_chat(chat, machine):
    answer = chat(machine.chat).invoke("count")
    assert answer.text.strip() == REPLY
    assert answer.usage_metadata["output_tokens"] == REPLY_TOKENS and answer.usage_metadata["input_tokens"] > 0


def test_the_model_is_found_in_the_list(near, machine):
    assert ChatOllama(model=machine.chat, base_url=near, validate_model_on_init=True).invoke("count").text.strip() == REPLY
    with pytest.raises(ValueError, match="not found"):
        ChatOllama(model="no-such-model", base_url=near, validate_model_on_init=True)


def test_stream(chat, machine):
    parts = list(chat(machine.chat).stream("count"))
    assert len(parts) > 5 and "".join(part.text for part in parts).strip() == REPLY


def test_asynchronous_stream(loop, chat, machine):
    async def ask():
        return [part.text async for part in chat(machine.chat).astream("count")]

    assert "".join(loop.run(ask())).strip() == REPLY


def test_batch_over_both_machines(chat, fleet):
    for machine in (fleet["demo"], fleet["llama"]):
        assert {answer.text.strip() for answer in chat(machine.chat).batch(["one", "two", "three"])} == {REPLY}


def test_tools(chat, machine):
    bound = chat(machine.chat).bind_tools([get_weather])
    answer = bound.invoke("count")
    assert [(c["name"], c["args"]) for c in answer.tool_calls] == [CALL]
    told = [HumanMessage("count"), answer, ToolMessage("sunny", tool_call_id=answer.tool_calls[0]["id"])]
    assert bound.invoke(told).text.strip() == REPLY
    whole = None
    for part in bound.stream("count"):
        whole = part if whole is None else whole + part
    assert [(c["name"], c["args"]) for c in whole.tool_calls] == [CALL]


def test_structured_output(chat, machine):
    assert isinstance(chat(machine.chat).with_structured_output(Report, method="json_schema").invoke("count"), Report)


def test_structured_output_by_a_call(chat, fleet):
    """The demo engine knows one tool; llama.cpp makes a call of any."""
    answer = chat(fleet["llama"].chat).with_structured_output(Report, method="function_calling").invoke("count")
    assert isinstance(answer, Report)


def test_plain_prompts(near, machine):
    assert OllamaLLM(model=machine.chat, base_url=near).invoke("count").strip() == REPLY
    assert "".join(OllamaLLM(model=machine.chat, base_url=near).stream("count")).strip() == REPLY
    plain = OpenAI(model=machine.chat, base_url=f"{near}/v1", api_key="unused", max_retries=0, max_tokens=8)
    assert plain.invoke("count") and "".join(plain.stream("count"))


def test_embeddings(near, machine):
    texts = ["one", "two"]
    by_ollama = OllamaEmbeddings(model=machine.embed, base_url=near)
    by_openai = OpenAIEmbeddings(
        model=machine.embed, base_url=f"{near}/v1", api_key="unused", max_retries=0, check_embedding_ctx_length=False)
    for vectors in (by_ollama.embed_documents(texts), by_openai.embed_documents(texts)):
        assert [len(vector) for vector in vectors] == [VECTOR_WIDTH] * 2 and vectors[0] != vectors[1]
    assert by_ollama.embed_query("one") == pytest.approx(by_openai.embed_query("one"), abs=1e-3)


def test_unknown_model(chat, family):
    with pytest.raises(UNKNOWN[family], match="not found"):
        chat("no-such-model").invoke("count")
    with pytest.raises(UNKNOWN[family], match="not found"):
        list(chat("no-such-model").stream("count"))


def test_bad_request(chat, family, machine):
    with pytest.raises(REFUSED[family], match="context"):
        chat(machine.chat).invoke("x" * 20_000)


def test_cancel_in_mid_stream(loop, chat, machine, runs, freed):
    async def ask():
        stream = chat(machine.chat).astream(LONG)
        said = ""
        async for part in stream:
            said += part.text
            if "tick1" in said:
                break
        await asyncio.to_thread(runs, machine)
        await stream.aclose()
        await asyncio.to_thread(freed, machine)  # the package closes its connection in a later turn of the loop

    loop.run(ask())


def test_cancel_of_a_synchronous_stream(chat, machine, runs, freed):
    stream = chat(machine.chat).stream(LONG)
    said = ""
    while "tick1" not in said:
        said += next(stream).text
    runs(machine)
    stream.close()
    freed(machine)
    assert chat(machine.chat).invoke("count").text.strip() == REPLY
