"""Checks of health whose cause lies outside the fleet: clocks, memory, disks, the routers of a fleet, time that passes."""
import contextlib
import json
import os
import shutil
import signal
import socket
import sqlite3
import struct
import subprocess
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from badengine import GB, loaded, stored
from herdlab import BINARY, wait_until
from loopback import Program, fetch, free_port
from test_health import LIMIT, broken_off, chat, clears, engine, environment, findings, fires, health, leave, loopback  # noqa: F401

HERE = Path(__file__).resolve().parent
DAY = 25 * 3600


class Clock:
    """The wall clock of the programs that start while it is in force."""

    def __init__(self, folder: Path):
        compiler = next((found for name in ("cc", "gcc", "clang") if (found := shutil.which(name))), None)
        if compiler is None:
            pytest.skip("a C compiler moves the clock")
        library = folder / "wallclock.so"
        subprocess.run([compiler, "-shared", "-fPIC", "-O1", "-o", str(library), str(HERE / "wallclock.c")], check=True)
        self.file = folder / "clock"
        self.set(0)
        self.environment = {"LD_PRELOAD": str(library), "HERD_TEST_CLOCK": str(self.file)}

    def set(self, seconds: float) -> None:
        # In place: the program has the file in its memory.
        with open(self.file, "r+b" if self.file.exists() else "wb") as file:
            file.write(struct.pack("d", seconds))


def settled(*urls):
    for url in urls:
        wait_until("everybody sees everybody", LIMIT, lambda: health(url)["shards"]["answered"] == len(urls))


def test_clocks_that_differ_and_a_day_that_passes(loopback, engine):  # noqa: F811
    names = [stored(f"{n}:latest") for n in ("broken", "drop", "cut", "mute", "endless", "embed-broken")]
    clock = Clock(loopback.folder)
    with environment({**clock.environment, "FLEET_ANTHROPIC_AUTO_ROUTE": "false", "FLEET_AUTO_PULL": "false"}):
        one = loopback.peer("one", ollama=engine(*names, running=tuple(loaded(m["name"]) for m in names)).url)
    two = loopback.peer("two", "--router-url", one)
    loopback.wait_for_models(one, "broken", "drop", "cut", "mute", "endless", "embed-broken")
    settled(one, two)
    with ThreadPoolExecutor(8) as pool:
        jobs = [pool.submit(chat, one, "broken") for _ in range(22)]
        jobs += [pool.submit(broken_off, one, "cut") for _ in range(3)] + [pool.submit(chat, one, "mute")]
        jobs += [pool.submit(fetch, f"{one}/api/embed", {"model": "embed-broken", "input": "x"})]
        jobs += [pool.submit(fetch, f"{one}/v1/images/generations", {"model": "paints", "prompt": "x"})]
        jobs += [pool.submit(fetch, f"{one}/v1/messages", {"model": "claude-x", "max_tokens": 5, "messages": [
            {"role": "user", "content": "x"}]})]
        for job in jobs:
            job.result()
    for _ in range(4):
        leave(one, "endless")
    of_a_day = ["high_error_rate", "incomplete_streams", "empty_generations", "embed_error_rate", "client_disconnects",
                "image_generation", "anthropic_unrouted_config"]
    for check in of_a_day:
        fires(one, check)
    assert not findings(two, "peer_clock_drift")
    clock.set(5)
    drift = fires(two, "peer_clock_drift", "info")["data"]["nodes"]
    assert [n["node_id"] for n in drift] == ["one"] and 3 < drift[0]["ahead_s"] < 7
    assert fires(one, "peer_clock_drift", "info")["data"]["nodes"][0]["ahead_s"] < -3, "whoever is asked, the other one is off"
    clock.set(DAY)
    fires(two, "peer_clock_drift", "warning")
    for check in of_a_day:
        clears(one, check)
    assert health(one, "local")["vitals"]["total_requests_24h"] == 0
    clock.set(0)
    clears(two, "peer_clock_drift")
    # They were there all the time: a clock that was wrong loses nothing.
    fires(one, "high_error_rate")


def test_memory_that_gets_short(loopback, engine):  # noqa: F811
    if subprocess.run(["unshare", "-m", "true"], capture_output=True).returncode:
        pytest.skip("mounts take more rights")
    made = engine(*(stored(f"{n}:latest") for n in "abc"))
    kernel = loopback.folder / "meminfo"

    def machine(free: int, swap_free: int = 40) -> None:
        """What the kernel says of this machine, in GB of 64 and 40."""
        with open(kernel, "r+" if kernel.exists() else "w") as file:
            file.write("".join(f"{name + ':':<16}{size * 1024 ** 2:>8} kB\n" for name, size in {
                "MemTotal": 64, "MemFree": free, "MemAvailable": free, "SwapTotal": 40, "SwapFree": swap_free}.items()))
            file.truncate()

    machine(40)
    port = free_port()
    serve = [str(BINARY), "serve", "--host", "127.0.0.1", "--port", str(port), "--mesh-port", str(free_port(udp=True)), "--node-id",
             "one", "--ollama-host", made.url, "--no-mdns", "--data-dir", str(loopback.folder / "one"), "--learn-capacity"]
    (loopback.folder / "one").mkdir()
    (loopback.folder / "one/capacity-learner.json").write_text(json.dumps({"began": time.time() - 8 * 86_400, "hours": {}}))
    # This peer alone sees another kernel's file, and no limit of a container.
    script = f'mount --bind "{kernel}" /proc/meminfo && mount -t tmpfs none /sys/fs/cgroup && exec "$@"'
    program = loopback.add(Program(["unshare", "-m", "sh", "-c", script, "sh", *serve], loopback.folder / "one.log"))
    one = f"http://127.0.0.1:{port}"
    program.wait_for(f"{one}/fleet/status")
    loopback.wait_for_models(one, *"abc")
    found = fires(one, "underutilized_memory", "info", "one")["data"]
    assert found["models_loaded"] == 0 and found["available_gb"] == 40
    made.running = [loaded(f"{n}:latest") for n in "abc"]
    clears(one, "underutilized_memory")
    assert not findings(one, "memory_pressure") and not findings(one, "swap_usage")
    # It has learned for a week, and says how free it is.
    wait_until("the machine says how free it is", LIMIT, lambda: (live(one)["nodes"][0].get("capacity") or {}).get("availability_score"))
    machine(8)
    assert fires(one, "memory_pressure", "warning", "one")["data"]["used_gb"] == 56
    machine(2, swap_free=4)
    fires(one, "memory_pressure", "critical", "one")
    assert fires(one, "swap_usage", "warning", "one")["data"]["swap_used_gb"] == 36
    machine(40)
    for check in ("memory_pressure", "swap_usage"):
        clears(one, check)
    # No test can take eight gigabytes: the kernel says so of this process.
    status = loopback.folder / "status"
    status.write_text("Name:\therd-peer\nVmRSS:\t 9437184 kB\n")
    where = f"/proc/{program.process.pid}/status"
    inside = ["nsenter", "-t", str(program.process.pid), "-m"]
    if subprocess.run([*inside, "mount", "--bind", str(status), where], capture_output=True).returncode == 0:
        assert fires(one, "herd_process_memory", "warning", "one")["data"]["processes"][0]["memory_gb"] == 9
        subprocess.run([*inside, "umount", where], check=True)
        clears(one, "herd_process_memory")


def test_a_fleet_that_loses_its_routers(loopback):  # noqa: F811
    near = loopback.peer("near", "--router-priority", "0")
    others = {name: loopback.peer(name, "--router-url", near, "--router-priority", "90") for name in ("one", "two")}
    processes = {name: loopback.programs[number + 1].process for number, name in enumerate(others)}
    settled(near, *others.values())

    def router():
        return (json.loads(fetch(f"{near}/fleet/status")[2])["mesh"]["router"] or {}).get("node_id")

    def members():
        return json.loads(fetch(f"{near}/fleet/mesh")[2])["members"]
    first = wait_until("one of the two is router", LIMIT, lambda: router() if router() in others else None)
    # A newcomer counts after a moment.
    wait_until("all three belong to the fleet", LIMIT, lambda: len(members()) >= 2 and all(m["in_roster"] for m in members()))
    second = ({"one", "two"} - {first}).pop()
    assert not any(findings(near, check) for check in ("no_router", "partition_suspected", "state_not_writable"))
    # Nothing can be written where the file is made: the next reign cannot be noted.
    obstacle = loopback.folder / "near/identity/lease.json.tmp"
    obstacle.mkdir()
    processes[first].send_signal(signal.SIGKILL)
    fires(near, "state_not_writable", "critical")
    obstacle.rmdir()
    clears(near, "state_not_writable")
    wait_until("the other one is router", LIMIT, lambda: router() == second)
    assert not findings(near, "partition_suspected"), "one of three is less than half"
    processes[second].send_signal(signal.SIGKILL)
    lost = fires(near, "partition_suspected", "warning")["data"]
    assert lost["roster"] == 3 and sorted(lost["unreachable"]) == ["one", "two"]
    assert fires(near, "no_router", "warning")["data"]["without_router_s"] >= 10
    again = [subprocess.Popen(process.args, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
             for process in processes.values()]
    try:
        for check in ("no_router", "partition_suspected", "node_offline"):
            clears(near, check)
    finally:
        for process in again:
            process.terminate()
            process.wait(30)


def test_a_disk_that_is_held_up_and_models_that_are_missing(loopback, engine):  # noqa: F811
    made = engine(stored("embed:latest"))
    with environment({"FLEET_AUTO_PULL": "false", "FLEET_NUM_CTX_OVERRIDES": '{"other":2048}'}):
        one = loopback.peer("one", ollama=made.url)
    loopback.wait_for_models(one, "embed")
    # Somebody asks in Anthropic's form before there is a model that talks.
    question = {"model": "claude-x", "max_tokens": 5, "messages": [{"role": "user", "content": "x"}]}
    assert fetch(f"{one}/v1/messages", question)[0] == 404
    fires(one, "anthropic_no_chat_model", "warning")
    made.models.append(stored("fine:latest"))
    clears(one, "anthropic_no_chat_model")
    # Overrides are in use, and this model has none.
    assert chat(one, "fine")[0] == 200
    made.running = [loaded("fine:latest")]
    assert fires(one, "num_ctx_unmanaged")["data"]["unmanaged_models"] == ["fine:latest"]
    made.running = []
    clears(one, "num_ctx_unmanaged")
    # Another program holds the file's lock, and requests go on.
    with contextlib.closing(sqlite3.connect(loopback.folder / "one/latency.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        # Some are in the batch that waits for the lock.
        refused(one, 6_500)
        began = time.monotonic()
        waiting = fires(one, "trace_writer_behind", "warning", "one")["data"]
        assert waiting["waiting"] >= 4_096 and waiting["limit"] == 8_192
        assert time.monotonic() - began < 10, "health does not wait for the disk that it complains of"
        assert chat(one, "fine")[0] == 200
        other.execute("ROLLBACK")
    clears(one, "trace_writer_behind")
    assert not findings(one, "trace_store_write_failures"), "nothing was lost"


def live(url):
    """What pages that watch get first."""
    with urllib.request.urlopen(f"{url}/dashboard/events", timeout=LIMIT) as events:
        return json.loads(next(line for line in events if line.startswith(b"data:"))[5:])


def refused(url, count):
    """Requests without a body, one after the other on one connection; each has a row."""
    one = b"POST /api/chat HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 0\r\n\r\n"
    with socket.create_connection(("127.0.0.1", int(url.rsplit(":", 1)[1]))) as connection:
        connection.settimeout(LIMIT)
        for first in range(0, count, 100):
            sent = min(100, count - first)
            connection.sendall(one * sent)
            answers = b""
            while answers.count(b"HTTP/1.1 400") < sent:
                more = connection.recv(1 << 16)
                assert more, "the connection ended"
                answers += more
