"""An Ollama that fails in ways which a test chooses by the model's name, and says of its models what the test wants."""
from __future__ import annotations

import contextlib
import hashlib
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

GB = 1_000_000_000


def stored(name: str, size: int = GB, digest: str = "") -> dict:
    """A model on disk. Each name has weights of its own: peers ask once for what weights can do."""
    return {"name": name, "model": name, "size": size, "digest": hashlib.sha256((name + digest).encode()).hexdigest(), "modified_at": "2026-01-01T00:00:00Z",
            "details": {"family": "llama", "families": ["llama"], "format": "gguf", "parameter_size": "1B", "quantization_level": "Q4_0"}}


def loaded(name: str, size: int = GB, digest: str = "", context: int = 4096) -> dict:
    return {**stored(name, size, digest), "size_vram": 0, "context_length": context, "expires_at": "2099-01-01T00:00:00Z"}


class BadEngine:
    """Listens until it is closed. `models` is what it has, `running` what it has in memory; both may change at any time."""

    def __init__(self, *models: dict, running: tuple[dict, ...] = (), port: int = 0, slow: float = 41):
        self.models, self.running, self.slow = list(models), list(running), slow
        self.loads: list[dict] = []
        engine = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_) -> None:
                pass

            def answer(self, body: object, status: int = 200) -> None:
                data = json.dumps(body).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def do_GET(self) -> None:
                pages = {"/api/tags": {"models": engine.models}, "/api/ps": {"models": engine.running},
                         "/api/version": {"version": "0.12.0"}, "/": "Ollama is running"}
                page = pages.get(self.path)
                self.answer(page if page is not None else {"error": "not found"}, 200 if page is not None else 404)

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))) or b"{}")
                if self.path == "/api/show":
                    embeds = body.get("model", "").startswith("embed")
                    return self.answer({"capabilities": ["embedding"] if embeds else ["completion"], "details": {}, "model_info": {}})
                with contextlib.suppress(OSError):
                    engine.work(self, body)

        self.server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def work(self, handler, body: dict) -> None:
        """One inference; its model's name says how it goes."""
        name = body.get("model", "")
        if handler.path == "/api/generate" and not body.get("prompt"):
            return self.load(handler, body)
        kind = name.split(":")[0].rstrip("0123456789").rstrip("-")
        if kind.endswith("broken"):
            return handler.answer({"error": "llama runner process has terminated"}, 500)
        if kind == "drop":
            handler.connection.close()
            handler.close_connection = True
            return None
        if kind == "slow":
            time.sleep(self.slow)
        handler.send_response(200)
        handler.send_header("Content-Type", "application/x-ndjson")
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()

        def line(value: dict) -> None:
            data = json.dumps({"model": name, "created_at": "2026-01-01T00:00:00Z", **value}).encode() + b"\n"
            handler.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))
            handler.wfile.flush()

        word = {"message": {"role": "assistant", "content": "x"}, "done": False}
        if kind != "mute":
            line(word)
        if kind == "cut":
            # A clean end of the body, and no end of the answer.
            handler.wfile.write(b"0\r\n\r\n")
            return None
        while kind == "endless":
            time.sleep(0.05)
            line(word)
        line({"message": {"role": "assistant", "content": ""}, "done": True, "done_reason": "stop", "prompt_eval_count": 5,
              "eval_count": 0 if kind == "mute" else 3, "total_duration": 1, "eval_duration": 1})
        handler.wfile.write(b"0\r\n\r\n")
        return None

    def load(self, handler, body: dict) -> None:
        """Loads or unloads a model, as an empty prompt does."""
        self.loads.append(body)
        name = body["model"] if ":" in body["model"] else body["model"] + ":latest"
        model = next((m for m in self.models if m["name"] == name), None)
        if model is None:
            return handler.answer({"error": f"model '{name}' not found"}, 404)
        self.running = [m for m in self.running if m["name"] != name]
        if body.get("keep_alive") != 0:
            self.running.append(loaded(name, model["size"]))
        return handler.answer({"model": name, "response": "", "done": True, "done_reason": "load"})
