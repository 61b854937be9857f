"""The `ollama` package manages the models of other machines through a peer that has none."""
import json

import ollama
import pytest

from herdlab import wait_until
from loopback import fetch


@pytest.fixture
def client(near):
    return ollama.Client(host=near, timeout=30)


def names(url):
    return {m["name"].removesuffix(":latest") for m in json.loads(fetch(f"{url}/api/tags")[2])["models"]}


def test_a_model_is_pulled_copied_made_and_deleted(client, fleet):
    progress = list(client.pull("llama-demo", stream=True))
    assert progress[-1].status == "success" and len(progress) > 2
    assert client.pull("llama-demo").status == "success"

    client.copy("llama-demo", "second-demo")
    wait_until("the copy is listed", 10, lambda: "second-demo" in names(fleet["near"]))
    assert client.create("third-demo", from_="llama-demo", system="be brief").status == "success"
    wait_until("the made model is listed", 10, lambda: "third-demo" in names(fleet["near"]))
    assert client.chat("third-demo", messages=[{"role": "user", "content": "count"}]).done

    for name in ("second-demo", "third-demo"):
        assert client.delete(name).status == "success"
    wait_until("they are gone", 10, lambda: not names(fleet["near"]) & {"second-demo", "third-demo"})
    assert not names(fleet["demo"].engine) & {"second-demo", "third-demo"}


def test_what_cannot_be_done_is_said(client, near):
    for ask in (lambda: client.delete("no-such-model"), lambda: client.copy("no-such-model", "x"),
                lambda: client.create("x", from_="no-such-model"), lambda: client.push("no-such-model")):
        with pytest.raises(ollama.ResponseError) as caught:
            ask()
        assert caught.value.status_code == 404 and "no-such-model" in caught.value.error
    with pytest.raises(ollama.ResponseError) as caught:
        list(client.pull("no-such-model", stream=True))
    assert "does not exist" in caught.value.error
    status, _, text = fetch(f"{near}/api/pull", {"model": "llama-demo", "node_id": "nobody"})
    assert status == 404 and "demo-host" in json.loads(text)["error"]


def test_a_model_is_made_out_of_a_file(client, fleet, tmp_path):
    """The file goes to the machine that then makes the model, whatever its size."""
    weights = tmp_path / "weights.gguf"
    with weights.open("wb") as file:
        for number in range(200):
            file.write(bytes([number]) * (1 << 20))
    digest = client.create_blob(weights)
    assert digest.startswith("sha256:") and len(digest) == 71
    assert client.create("file-demo", files={"weights.gguf": digest}).status == "success"
    wait_until("the made model is listed", 10, lambda: "file-demo" in names(fleet["near"]))
    client.delete("file-demo")
    with pytest.raises(ollama.ResponseError) as caught:
        client.create("no-file", files={"weights.gguf": "sha256:" + "0" * 64})
    assert caught.value.status_code == 400 and "0" * 64 in caught.value.error
