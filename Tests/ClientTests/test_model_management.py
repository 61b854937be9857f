"""The `ollama` package manages the models of other machines through a peer that has none."""
import json
import subprocess

import ollama
import pytest

from herdlab import BINARY, wait_until
from loopback import Loopback, fetch


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


def test_a_file_travels_over_the_sealed_links_of_a_closed_fleet(tmp_path):
    """Created where the file went, by a peer that must show the fleet's certificates on the way."""
    def fleet_command(*words):
        return subprocess.run([str(BINARY), "fleet", *words], check=True, capture_output=True, text=True, timeout=30).stdout

    loopback = Loopback(tmp_path)
    try:
        fleet_command("init", "--data-dir", str(tmp_path / "far"))
        token = fleet_command("token", "--data-dir", str(tmp_path / "far")).split()[-1]
        fleet_command("join", "--data-dir", str(tmp_path / "near"), token)
        engine = loopback.engine("sealed-demo")
        far = loopback.peer("far", ollama=engine)
        near = loopback.peer("near", "--router-url", far)
        loopback.wait_for_models(near, "sealed-demo")
        weights = tmp_path / "weights.gguf"
        weights.write_bytes(bytes(range(256)) * 40_000)
        client = ollama.Client(host=near, timeout=60)
        digest = client.create_blob(weights)
        assert client.create("sealed-file", files={"weights.gguf": digest}).status == "success"
        blobs = [e for e in json.loads(fetch(f"{engine}/demo/log")[2]) if e["path"].startswith("/api/blobs/")]
        assert [(e["method"], e["status"]) for e in blobs if e["method"] == "POST"] == [("POST", 201)]
    finally:
        loopback.stop()
