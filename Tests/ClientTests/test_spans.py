"""Spans of requests: what a collector gets of them, and that a missing one costs no request."""
import http.server
import json
import threading
import urllib.request

import pytest

from herdlab import BINARY, wait_until
from loopback import Loopback, fetch, free_port

LIMIT = 60
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
CALLER = "00f067aa0ba902b7"
SECRET = "the-prompt-that-nobody-may-see"


class Collector:
    """Takes exports, and keeps the spans with what was said of their service."""

    def __init__(self):
        self.spans, self.paths, self.keys, self.bodies, self.status = [], set(), set(), [], 200
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                outer.paths.add(self.path)
                outer.keys.add(self.headers.get("X-Collector-Key"))
                assert self.headers["Content-Type"] == "application/json"
                status, outer.status = outer.status, 200
                if status == 200:
                    outer.bodies.append(body)
                    for part in json.loads(body)["resourceSpans"]:
                        service = {a["key"]: a["value"]["stringValue"] for a in part["resource"]["attributes"]}
                        for scope in part["scopeSpans"]:
                            outer.spans += [(service, span) for span in scope["spans"]]
                self.send_response(status)
                self.send_header("Content-Length", "2")
                self.end_headers()
                self.wfile.write(b"{}")

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def of(self, trace):
        return [(service, span) for service, span in self.spans if span["traceId"] == trace]

    def close(self):
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def collector():
    made = Collector()
    yield made
    made.close()


@pytest.fixture
def loopback(tmp_path):
    if not BINARY.exists():
        pytest.skip(f"no binary at {BINARY}: build it, or set HERD_PEER_BINARY")
    loopback = Loopback(tmp_path / "peers")
    yield loopback
    loopback.stop()


def ask(url, model, traceparent=None):
    body = json.dumps({"model": model, "messages": [{"role": "user", "content": SECRET}]}).encode()
    request = urllib.request.Request(f"{url}/api/chat", body, {"Content-Type": "application/json"})
    if traceparent:
        request.add_header("traceparent", traceparent)
    with urllib.request.urlopen(request, timeout=60) as answer:
        return answer.status, answer.read()


def attributes(span):
    return {a["key"]: next(iter(a["value"].values())) for a in span["attributes"]}


def metric(url, name):
    return next(float(line.split(" ")[1]) for line in fetch(f"{url}/metrics")[2].splitlines() if line.startswith(name + " "))


def seen_by(engine):
    """The `traceparent` of each request that the engine got."""
    return [dict(e["headers"]).get("traceparent") for e in json.loads(fetch(f"{engine}/demo/log")[2]) if e["path"] == "/api/chat"]


def test_spans_of_both_hops_hang_together(loopback, collector, monkeypatch):
    monkeypatch.setenv("FLEET_OTLP_ENDPOINT", collector.url + "/")
    monkeypatch.setenv("FLEET_OTLP_HEADERS", "X-Collector-Key=k1")
    engine = loopback.engine("traced")
    target = loopback.peer("target", ollama=engine)
    near = loopback.peer("near", "--router-url", target)
    loopback.wait_for_models(near, "traced")
    collector.status = 503
    assert ask(near, "traced", f"00-{TRACE}-{CALLER}-01")[0] == 200
    wait_until("both spans are there", LIMIT, lambda: len(collector.of(TRACE)) == 2)
    spans = {service["service.instance.id"]: span for service, span in collector.of(TRACE)}
    entry, work = spans["near"], spans["target"]
    assert entry["parentSpanId"] == CALLER and work["parentSpanId"] == entry["spanId"]
    assert len({CALLER, entry["spanId"], work["spanId"]}) == 3
    assert entry["name"] == "chat traced" and entry["kind"] == 2 and entry["status"]["code"] == 0
    assert int(entry["startTimeUnixNano"]) <= int(entry["endTimeUnixNano"])
    facts = attributes(entry)
    assert facts["gen_ai.operation.name"] == "chat" and facts["gen_ai.provider.name"] == "ollama"
    assert facts["gen_ai.request.model"] == "traced" and facts["herd.node"] == "target"
    assert int(facts["gen_ai.usage.output_tokens"]) > 0 and facts["http.response.status_code"] == "200"
    assert attributes(work)["herd.hop"] == "1" and attributes(work)["herd.request.id"] == facts["herd.request.id"]
    assert collector.paths == {"/v1/traces"} and collector.keys == {"k1"}
    assert not any(SECRET.encode() in body for body in collector.bodies)
    # Without a caller's trace one begins here; one that is not recorded leaves no span, and what is none counts as none.
    before = len(collector.spans)
    ask(near, "traced", f"00-{'ab' * 16}-{CALLER}-00")
    ask(near, "traced", "nonsense")
    ask(near, "traced")
    wait_until("both requests' spans are there", LIMIT, lambda: len(collector.spans) >= before + 4)
    assert not collector.of("ab" * 16)
    roots = [span for service, span in collector.spans[before:] if service["service.instance.id"] == "near"]
    assert len(roots) == 2 and all("parentSpanId" not in span for span in roots)
    assert len({span["traceId"] for span in roots}) == 2
    wait_until("they are counted", LIMIT, lambda: metric(near, "herd_spans_exported_total") == 3)
    assert metric(near, "herd_spans_dropped_total") == 0


def test_a_collector_that_is_not_there_costs_no_request(loopback, monkeypatch):
    monkeypatch.setenv("FLEET_OTLP_ENDPOINT", f"http://127.0.0.1:{free_port()}")
    near = loopback.peer("near", ollama=loopback.engine("traced"))
    loopback.wait_for_models(near, "traced")
    for _ in range(20):
        assert ask(near, "traced")[0] == 200
    wait_until("they are counted as lost", LIMIT, lambda: metric(near, "herd_spans_dropped_total") >= 1)


def test_off_by_default_the_line_goes_through_as_it_is(loopback):
    engine = loopback.engine("traced")
    target = loopback.peer("target", ollama=engine)
    near = loopback.peer("near", "--router-url", target)
    loopback.wait_for_models(near, "traced")
    line = f"00-{TRACE}-{CALLER}-01"
    assert ask(near, "traced", line)[0] == 200
    assert seen_by(engine)[-1] == line
    assert metric(near, "herd_spans_exported_total") == 0
