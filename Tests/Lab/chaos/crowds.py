"""Names that repeat, and many hosts."""
import os
import time
from pathlib import Path

from herdlab import API, wait_until

from chaos.fleet import Fleet, MODEL

TICKS = os.sysconf("SC_CLK_TCK")


def name_twins(make_lab, figures) -> None:
    """Two machines of one name meet when a split heals."""
    lab = make_lab(3)
    h1, h2, h3 = lab.hosts
    for host in lab.hosts:
        host.start_engine(MODEL)
    lab.run("partition", "h1,h2", "h3")
    h1.start_peer()
    h2.start_peer(node_id="twin")
    h3.start_peer(node_id="twin")
    wait_until("the pair is together", 30, lambda: h1.members() == ["h1", "twin"])
    lab.run("heal")
    began = time.monotonic()

    def apart() -> bool:
        views = [h.members() for h in lab.hosts]
        return all(len(v) == 3 and len(set(v)) == 3 and "twin" in v for v in views) and len(set(map(tuple, views))) == 1
    wait_until("three members of three names everywhere", 60, apart)
    figures.measure("three members of three names after the heal", time.monotonic() - began, 15)
    load = h1.load(MODEL, rate=50, seconds=5, targets=[f"{h.address}:{API}" for h in lab.hosts])
    records = load.finish(120)
    failed = [r for r in records if not (r["status"] == 200 and r["complete"])]
    assert not failed, failed[:3]
    served = {r["node"] for r in records}
    assert len(served) == 3, f"all three serve, each by its own name: {served}"
    figures.note("requests", f"{len(records)}, none failed")
    figures.note("histories", lab.judge_histories(None))
    figures.conclude()


def many(make_lab, figures, count: int = 16) -> None:
    """Sixteen hosts meet, elect one router, cost little, and lose the router's machine."""
    began = time.monotonic()
    fleet = Fleet(make_lab, figures, count)
    figures.note(f"{count} hosts ready after", time.monotonic() - began, "s, start of the lab and all processes included")
    fleet.measure("all obeyed one router after the last process had started", settled_after(fleet), 10)
    span = 20
    before = {h.name: spent(h) for h in fleet.hosts}
    traffic = {h.name: sent(h) for h in fleet.hosts}
    time.sleep(span)
    router = fleet.router()
    costs = [(spent(h) - before[h.name]) / span * 100 for h in fleet.hosts]
    bytes_sent = [(sent(h) - traffic[h.name]) / span for h in fleet.hosts]
    fleet.measure("idle cost of a peer, the most", max(costs), 5, "% of a core")
    figures.note("idle cost of a peer, the mean", f"{sum(costs) / len(costs):.2f}", "% of a core")
    figures.note("sent by an idle peer", f"{sorted(bytes_sent)[count // 2]:.0f}", "B/s over its interface, Avahi included")
    figures.note("memory of a peer, the most", f"{max(memory(h) for h in fleet.hosts):.0f}", "MiB RSS")
    survivors = fleet.others(router)
    load = fleet.load(survivors, 8)
    # So little for so many that most of it is served where it enters: the router's machine may have none of it.
    load.wait_for(survivors[0].name, 2)
    at = router.stop_by("kill")
    fleet.spared(load.finish(), router.name, at)
    fleet.measure("new router after a power cut", fleet.new_router(at, survivors), 3)
    fleet.done()


def settled_after(fleet: Fleet) -> float:
    """From the start of the last process until its host first obeyed the router of all."""
    started = max(h.peer.began for h in fleet.hosts)
    return max(0.0, fleet.obeyed_by_all(started))


def spent(host) -> float:
    """Processor seconds of the host's peer."""
    fields = Path(f"/proc/{host.peer.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def memory(host) -> float:
    status = Path(f"/proc/{host.peer.pid}/status").read_text()
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS"))) / 1024


def sent(host) -> int:
    """Bytes that the host has sent."""
    return int(host.shell("awk '/eth0/ {print $10}' /proc/net/dev").strip())
