"""Each check of health that can be caused on one machine fires by its cause, and clears after it where a cause can be taken away."""
import contextlib
import http.client
import json
import os
import signal
import socket
import sqlite3
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from badengine import GB, BadEngine, loaded, stored
from herdlab import BINARY, wait_until
from loopback import Loopback, Program, fetch, free_port

QUESTION = [{"role": "user", "content": "x"}]
LIMIT = 60


@pytest.fixture
def loopback(tmp_path):
    if not BINARY.exists():
        pytest.skip(f"no binary at {BINARY}: build it, or set HERD_PEER_BINARY")
    loopback = Loopback(tmp_path / "peers")
    yield loopback
    loopback.stop()


@pytest.fixture
def engine():
    """Makes engines, and closes them."""
    with contextlib.ExitStack() as stack:
        def make(*models, **more):
            made = BadEngine(*models, **more)
            stack.callback(made.close)
            return made
        yield make


def health(url, scope="fleet"):
    return json.loads(fetch(f"{url}/dashboard/api/health?refresh=1&scope={scope}")[2])


def findings(url, check):
    return [f for f in health(url)["recommendations"] if f["check_id"] == check]


def fires(url, check, severity=None, node=None, limit=LIMIT):
    """Waits until a check fires, and gives its finding."""
    def found():
        hits = [f for f in findings(url, check) if node in (None, f["node_id"]) and severity in (None, f["severity"])]
        return hits[0] if hits else None
    return wait_until(f"{check} fires ({severity}, {node}); there is {[f['check_id'] for f in health(url)['recommendations']]}",
                      limit, found, pause=0.2)


def clears(url, check, node=None, limit=LIMIT):
    wait_until(f"{check} clears", limit, lambda: not [f for f in findings(url, check) if node in (None, f["node_id"])], pause=0.2)


def chat(url, model, **more):
    return fetch(f"{url}/api/chat", {"model": model, "messages": QUESTION, "stream": False, **more}, timeout=120)


def broken_off(url, model):
    """A streamed answer that ends too early, asked of the machine that has the model: over the hop the other peer's word for it
    is an error in the stream, and the request counts as failed."""
    try:
        return fetch(f"{url}/api/chat", {"model": model, "messages": QUESTION})[:1]
    except (OSError, http.client.HTTPException):
        return (200,)


def leave(url, model):
    """A client that goes away in the middle of its answer."""
    body = json.dumps({"model": model, "messages": QUESTION}).encode()
    with socket.create_connection(("127.0.0.1", int(url.rsplit(":", 1)[1]))) as connection:
        connection.settimeout(LIMIT)
        connection.sendall(b"POST /api/chat HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
                           % len(body) + body)
        assert connection.recv(100).startswith(b"HTTP/1.1 200")


def test_a_machine_that_is_cut_off_and_comes_back(loopback, engine):
    one = loopback.peer("one", ollama=engine(stored("fine:latest")).url)
    two = loopback.peer("two", "--router-url", one, ollama=engine(stored("fine:latest")).url)
    wait_until("both see both", LIMIT, lambda: health(one)["shards"]["answered"] == 2 and health(two)["shards"]["answered"] == 2)
    assert not findings(one, "node_offline") and not findings(one, "shard_unreachable")
    fires(one, "open_fleet", "warning")
    before = json.loads(fetch(f"{one}/fleet/status")[2])["mesh"]["router"]
    process = loopback.programs[-1].process
    process.send_signal(signal.SIGKILL)
    process.wait()
    found = fires(one, "node_offline", "critical", "two")
    assert found["data"]["last_heartbeat_ago_s"] > 0
    missing = fires(one, "shard_unreachable", "info")["data"]["missing"]
    assert missing[0]["node_id"] == "two" and missing[0]["last_seen"] > time.time() - 600
    assert health(one)["vitals"]["nodes_offline"] == 1
    began = time.monotonic()
    assert health(one)["shards"]["answered"] == 1
    assert time.monotonic() - began < 10
    assert before is not None
    again = subprocess.Popen(process.args, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for check in ("node_offline", "shard_unreachable"):
            clears(one, check)
        assert health(one)["shards"] == {"answered": 2, "total": 2, "missing": []}
    finally:
        again.terminate()
        again.wait(30)


def test_a_machine_that_stands_still(loopback, engine):
    one = loopback.peer("one", ollama=engine(stored("fine:latest")).url)
    two = loopback.peer("two", "--router-url", one, ollama=engine(stored("fine:latest")).url)
    wait_until("both see both", LIMIT, lambda: health(one)["shards"]["answered"] == 2 and health(two)["shards"]["answered"] == 2)
    process = loopback.programs[-1].process
    process.send_signal(signal.SIGSTOP)
    try:
        # First its shard does not answer in time, then its probes fail, then it is out of sight.
        fires(one, "node_degraded", "warning", "two")
        fires(one, "node_offline", "critical", "two")
        assert not findings(one, "node_degraded")
    finally:
        process.send_signal(signal.SIGCONT)
    for check in ("node_offline", "node_degraded", "shard_unreachable"):
        clears(one, check)


def test_a_router_that_changes_often(loopback):
    near = loopback.peer("near", "--router-priority", "0")
    others = {}
    for name in ("one", "two"):
        loopback.peer(name, "--router-url", near, "--router-priority", "90")
        others[name] = loopback.programs[-1].process

    def router():
        found = json.loads(fetch(f"{near}/fleet/status")[2])["mesh"]["router"] or {}
        return (found["node_id"], found["epoch"]) if found.get("node_id") in others else None
    again = []
    try:
        for _ in range(4):
            name, epoch = wait_until("one of the two is router", LIMIT, router)
            others[name].terminate()
            others[name].wait(30)
            others[name] = subprocess.Popen(others[name].args, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                            stderr=subprocess.DEVNULL)
            again.append(others[name])
            wait_until("a later reign", LIMIT, lambda: (router() or ("", 0))[1] > epoch)
        assert fires(near, "router_flapping", "warning")["data"]["changes_10m"] >= 3
    finally:
        for process in again:
            process.terminate()
            process.wait(30)


def test_engines_that_are_away_and_models_that_are_wrong(loopback, engine):
    port = free_port()
    overrides = {"FLEET_NUM_CTX_OVERRIDES": '{"bloat":2048}', "FLEET_ANTHROPIC_MODEL_MAP": '{"claude-x":"nowhere","claude-y":"cold"}'}
    with environment(overrides):
        one = loopback.peer("one", ollama=f"http://127.0.0.1:{port}")
    fires(one, "backend_unreachable", "warning", "one")
    assert fires(one, "mapped_model_missing", "critical")["data"]["missing"][0]["model"] == "nowhere:latest"
    made = engine(stored("bloat:latest", 10 * GB), stored("cold:latest"), stored("twin:latest"), port=port)
    clears(one, "backend_unreachable")
    fires(one, "mapped_model_cold", "warning")
    made.running = [loaded("bloat:latest", 30 * GB, context=8192)]
    found = fires(one, "kv_cache_bloat", "critical", "one")
    assert found["data"]["kv_cache_gb"] == 20 and found["data"]["bloated_models"][0]["model"] == "bloat:latest"
    assert fires(one, "num_ctx_override_inert")["data"]["mismatched_models"][0]["override"] == 2048
    made.running = [loaded("bloat:latest", 10 * GB, context=2048), loaded("twin:latest", 34 * GB),
                    loaded("twin:latest", 33 * GB, digest="b"), loaded("cold:latest")]
    clears(one, "num_ctx_override_inert")
    assert fires(one, "duplicate_runners", "warning", "one")["data"]["reclaimable_gb"] == 33
    clears(one, "mapped_model_cold")
    made.running = []
    for check in ("duplicate_runners", "kv_cache_bloat"):
        clears(one, check)
    made.models.append(stored("nowhere:latest"))
    clears(one, "mapped_model_missing")


@contextlib.contextmanager
def environment(values):
    before = {key: os.environ.get(key) for key in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for key, value in before.items():
            os.environ.pop(key, None) if value is None else os.environ.update({key: value})


def test_requests_that_fail(loopback, engine):
    names = [stored(f"{n}:latest") for n in ("broken", "drop", "cut", "mute", "endless", "fine", "embed-broken")]
    running = tuple(loaded(m["name"]) for m in names)
    one = loopback.peer("one", ollama=engine(*names, running=running).url)
    two = loopback.peer("two", "--router-url", one, ollama=engine(*(m for m in names if m["name"] != "cut:latest"), running=running[:2]).url)
    for url in (one, two):
        loopback.wait_for_models(url, "broken", "drop", "cut", "mute", "endless", "fine", "embed-broken")
    wait_until("both machines", LIMIT, lambda: health(one)["shards"]["answered"] == 2)
    for check in ("high_error_rate", "high_retry_rate", "incomplete_streams", "empty_generations", "embed_error_rate",
                  "client_disconnects", "connection_failures", "priority_model_not_loaded"):
        assert not findings(one, check), check
    with ThreadPoolExecutor(8) as pool:
        jobs = [pool.submit(chat, url, "broken") for url in (one, two) for _ in range(22)]
        jobs += [pool.submit(chat, two, model) for model in ("drop", "drop", "mute")]
        jobs += [pool.submit(broken_off, one, "cut") for _ in range(3)]
        jobs += [pool.submit(fetch, f"{one}/api/embed", {"model": "embed-broken", "input": "x"}) for _ in range(3)]
        answers = [job.result()[0] for job in jobs]
    assert answers[0] >= 500
    for number in range(4):
        leave(one if number % 2 else two, "endless")
    for url in (one, two):
        assert fires(url, "high_error_rate")["data"]["failed"] > 0
        fires(url, "high_retry_rate")
        assert fires(url, "incomplete_streams", "warning")["data"]["by_model"] == {"cut:latest": 3}
        assert fires(url, "empty_generations", "warning")["data"]["by_model"] == {"mute:latest": 1}
        assert fires(url, "embed_error_rate", "warning")["data"]["failed_1h"] == 3
        assert fires(url, "client_disconnects", "warning")["data"]["disconnects_24h"] == 4
        fires(url, "connection_failures")
    assert health(one)["vitals"]["total_requests_24h"] == health(two)["vitals"]["total_requests_24h"] == 44 + 6 + 3 + 4
    assert health(one, "local")["vitals"]["total_requests_24h"] < 57


def test_models_that_are_wanted_and_contexts_that_do_not_do(loopback, engine):
    made = engine(stored("fine:latest"), stored("other:latest"))
    one = loopback.peer("one", ollama=made.url)
    loopback.wait_for_models(one, "fine", "other")
    for _ in range(10):
        assert chat(one, "fine")[0] == 200
    assert fires(one, "priority_model_not_loaded", "warning")["data"]["missing_models"][0]["model"] == "fine:latest"
    made.running = [loaded("fine:latest", context=100_000)]
    clears(one, "priority_model_not_loaded")
    found = fires(one, "context_waste", "warning")["data"]["wasteful_models"][0]
    assert found["model"] == "fine:latest" and found["allocated_ctx"] == 100_000 and found["request_count"] == 10
    usage = json.loads(fetch(f"{one}/dashboard/api/context-usage")[2])["models"]
    assert [m["recommended_ctx"] for m in usage] == [4096]
    # Kept at what is in memory; then one that wants more.
    assert chat(one, "fine", options={"num_ctx": 2048})[0] == 200
    fires(one, "context_protection_active", "info")
    assert chat(one, "fine", options={"num_ctx": 120_000})[0] == 200
    fires(one, "context_protection_insufficient", "warning")
    clears(one, "context_protection_active")
    assert chat(one, "absent", fallback_models=["other"])[0] == 200
    assert fires(one, "vram_fallback_active", "info")["data"]["top_requested"][0]["model"].startswith("absent")
    made.running = [loaded("fine:latest", context=2 * found["p99_total_tokens"])]
    clears(one, "context_waste")


def test_stores_that_are_deleted_and_disks_that_are_full(loopback, engine):
    made = engine(stored("fine:latest"))
    port, small = free_port(), loopback.folder / "small"
    small.mkdir()
    serve = [str(BINARY), "serve", "--host", "127.0.0.1", "--port", str(port), "--mesh-port", str(free_port(udp=True)), "--node-id",
             "one", "--ollama-host", made.url, "--no-mdns", "--data-dir", str(small / "data")]
    # A disk of its own, seen by this peer alone; the file that fills it is written where the peer is.
    script = f'mount -t tmpfs -o size=64m none "{small}" && exec "$@"'
    if subprocess.run(["unshare", "-m", "true"], capture_output=True).returncode:
        pytest.skip("mounts take more rights")
    program = loopback.add(Program(["unshare", "-m", "sh", "-c", script, "sh", *serve], loopback.folder / "one.log"))
    one = f"http://127.0.0.1:{port}"
    program.wait_for(f"{one}/fleet/status")
    loopback.wait_for_models(one, "fine")
    inside = f"/proc/{program.process.pid}/root{small}"
    fires(one, "disk_almost_full", "critical", "one")
    assert not findings(one, "trace_store_write_failures") and not findings(one, "trace_store_missing")
    with contextlib.suppress(OSError), open(f"{inside}/filler", "wb", buffering=0) as filler:
        while filler.write(b"x" * 4096):
            pass
    long = [{"role": "user", "content": "x" * 2000}]
    for _ in range(200):
        assert fetch(f"{one}/api/chat", {"model": "fine", "messages": long, "stream": False})[0] == 200, "requests go on"
        if findings(one, "trace_store_write_failures"):
            break
    fires(one, "trace_store_write_failures", node="one")
    os.unlink(f"{inside}/filler")

    def written():
        chat(one, "fine")
        found = findings(one, "trace_store_write_failures")
        return not found or found[0]["data"]["last_error"] is None
    wait_until("rows are written again", LIMIT, written, pause=0.3)
    os.unlink(f"{inside}/data/latency.db")
    fires(one, "trace_store_missing", "critical", "one")
    assert chat(one, "fine")[0] == 200
    subprocess.run(["nsenter", "-m", "-t", str(program.process.pid), "mount", "-o", "remount,size=64g", str(small)], check=True)
    clears(one, "disk_almost_full")
    # A new file takes the old one's place with the next rows.
    assert chat(one, "fine")[0] == 200
    clears(one, "trace_store_missing")


def test_a_damaged_store_is_moved_aside(loopback):
    folder = loopback.folder / "one"
    folder.mkdir()
    (folder / "latency.db").write_bytes(b"no database" * 1000)
    one = loopback.peer("one")
    path = fires(one, "trace_store_moved_aside", "info", "one")["data"]["path"]
    assert os.path.exists(path)
    # That it was so is said until the next start.
    loopback.programs[-1].stop()
    one = loopback.peer("one")
    assert not findings(one, "trace_store_moved_aside") and os.path.exists(path)
    # An open fleet is closed by a key, which takes a start as well.
    fires(one, "open_fleet", "warning")
    loopback.programs[-1].stop()
    subprocess.run([str(BINARY), "fleet", "init", "--data-dir", str(loopback.folder / "one")], check=True, capture_output=True, timeout=60)
    assert not findings(loopback.peer("one"), "open_fleet")


def test_discovery_without_a_bus_and_two_of_one_name(loopback):
    with environment({"DBUS_SYSTEM_BUS_ADDRESS": "unix:path=/nonexistent/bus"}):
        port = free_port()
        argv = [str(BINARY), "serve", "--host", "127.0.0.1", "--port", str(port), "--mesh-port", str(free_port(udp=True)), "--node-id",
                "one", "--ollama-host", "http://127.0.0.1:9", "--data-dir", str(loopback.folder / "first")]
        loopback.add(Program(argv, loopback.folder / "first.log")).wait_for(f"http://127.0.0.1:{port}/fleet/status")
    one = f"http://127.0.0.1:{port}"
    assert fires(one, "discovery_blind", "warning")["data"]["state"] in ("no-bus", "no-daemon")
    twin = loopback.peer("one", "--router-url", one)
    names = {(f["check_id"]) for url in (one, twin) for f in wait_for_clash(one, twin)}
    assert "name_clash" in names
    for program in loopback.programs[-2:]:
        program.stop()
    assert not findings(loopback.peer("one"), "name_clash")


def wait_for_clash(*urls):
    return wait_until("one of two says that its name is taken", LIMIT,
                      lambda: [f for url in urls for f in findings(url, "name_clash")])


def test_slow_loads_and_programs_that_go_past_the_fleet(loopback, engine):
    """Takes a minute: a first token after 40 s is what counts as a load, and connections are read once a minute."""
    made = engine(stored("slow:latest"))
    with environment({"FLEET_SLOTS_PER_MODEL": "3"}):
        one = loopback.peer("one", ollama=made.url)
    loopback.wait_for_models(one, "slow")
    with socket.create_connection(("127.0.0.1", made.port)), ThreadPoolExecutor(3) as pool:
        jobs = [pool.submit(chat, one, "slow") for _ in range(3)]
        # It is this test's own connection that is foreign.
        assert fires(one, "backend_bypass_clients", "warning", "one", limit=120)["data"]["clients"][0]["peer"] == "localhost"
        assert [job.result()[0] for job in jobs] == [200] * 3
        found = fires(one, "model_thrashing", "warning", "one")
        assert found["data"]["cold_loads_24h"] == 3
        assert health(one)["vitals"]["cold_loads_24h"] == 3
    clears(one, "backend_bypass_clients", limit=120)


def test_the_figures_are_those_of_sqlite(loopback, engine):
    made = engine(stored("fine:latest"), stored("broken:latest"), running=(loaded("fine:latest"), loaded("broken:latest")))
    one = loopback.peer("one", ollama=made.url)
    loopback.wait_for_models(one, "fine", "broken")
    for model in ["fine"] * 7 + ["broken"] * 3:
        chat(one, model)
    vitals = health(one)["vitals"]
    with contextlib.closing(sqlite3.connect(f"file:{loopback.folder}/one/latency.db?mode=ro", uri=True)) as file:
        rows = dict(file.execute("SELECT status, count(*) FROM request_traces GROUP BY status").fetchall())
    assert vitals["total_requests_24h"] == sum(n for status, n in rows.items() if status != "retried") == 10
    assert vitals["overall_error_rate_pct"] == 30 and vitals["total_retries_24h"] == rows.get("retried", 0)
