"""A stranger floods a closed fleet with forged datagrams: it costs little and moves nobody."""
import os
import threading
import time
from pathlib import Path

import pytest

from herdlab import BINARY, MESH, wait_until
from sealing import Wire, close, put_on_wire, refused

pytestmark = pytest.mark.chaos
RATE = 10_000
SECONDS = 20
# An unoptimised program's CPU time says nothing: there only the behaviour is asserted.
IS_RELEASE = "debug" not in BINARY.resolve().parts


def cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Onlooker(threading.Thread):
    """Keeps every picture that the peers give of the fleet while it runs."""

    def __init__(self, hosts):
        super().__init__(daemon=True)
        self.hosts, self.seen, self.over = hosts, set(), threading.Event()

    def run(self):
        while not self.over.wait(0.25):
            for host in self.hosts:
                mesh = host.mesh()
                members = tuple(sorted((m["node_id"], m["status"]) for m in mesh["members"]))
                router = mesh["router"] or {}
                self.seen.add((members, router.get("node_id"), router.get("epoch")))

    def stop(self):
        self.over.set()
        self.join(30)
        return self.seen


def test_ten_thousand_forged_datagrams_a_second(make_lab, figures):
    lab = make_lab(4)
    *members, stranger = lab.hosts
    h1, h2, h3 = members
    close(lab, members)
    for host in members:
        host.start_peer()
    lab.settle(members)
    wire = Wire(h1, "flood")
    time.sleep(4)  # Each member probes the others every second or so.
    real = {source: payload[:28].hex() for source, payload in wire.stop().datagrams(h1.address)}
    assert {source[0] for source in real} == {h2.address, h3.address}, real
    pid = h1.peer.pid
    began, before = time.monotonic(), cpu_seconds(pid)
    time.sleep(8)
    quiet = (cpu_seconds(pid) - before) / (time.monotonic() - began)

    onlooker = Onlooker(members)
    onlooker.start()
    counts = sum(refused(h1).values())
    flood = put_on_wire(stranger, "forge", {
        "target": h1.address, "port": MESH, "rate": RATE, "seconds": SECONDS, "envelopes": list(real.items())})
    wait_until("the flood has begun", 20, lambda: flood.lines)
    began, before = time.monotonic(), cpu_seconds(pid)
    time.sleep(SECONDS - 2)
    busy = (cpu_seconds(pid) - before) / (time.monotonic() - began)
    last = flood.finish(60)[-1]
    time.sleep(6)  # A suspicion would show by now.
    pictures = onlooker.stop()

    figures.note("forged datagrams", f"{last['sent'] / last['seconds']:.0f}", "/s")
    figures.note("of them refused and counted", sum(refused(h1).values()) - counts)
    figures.note("CPU of the peer without the flood", quiet * 100, "% of a core")
    figures.note("CPU of the peer under the flood", busy * 100, "% of a core")
    assert last["sent"] / last["seconds"] > RATE * 0.5, "the stranger did not get its datagrams out"
    assert sum(refused(h1).values()) - counts > last["sent"] * 0.3, "what did not drown in the socket is refused"
    assert len(pictures) == 1, f"nobody's view may change: {pictures}"
    ((statuses, router, _),) = pictures
    assert router and {status for _, status in statuses} == {"alive"} and len(statuses) == 3
    if IS_RELEASE:
        assert busy - quiet < 0.15, f"{busy:.3f} of a core under the flood, {quiet:.3f} without"
