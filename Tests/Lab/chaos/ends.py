"""The router's machine, process or order of the day ends: power cuts, kills, hand-overs, reboots, storms."""
import random
import signal
import time

from herdlab import end, wait_until
from judging import summary

from chaos.fleet import Fleet


def power_cuts(make_lab, figures, times: int, hosts: int = 3) -> None:
    fleet = Fleet(make_lab, figures, hosts)
    took = []
    for _ in range(times):
        router = fleet.router()
        survivors = fleet.others(router)
        load = fleet.load(survivors, 6)
        load.wait_for(router.name)
        at = router.stop_by("kill")
        fleet.spared(load.finish(), router.name, at)
        took.append(fleet.new_router(at, survivors))
        power_back(fleet, router)
    fleet.spread("new router after a power cut", took, 2.2, 3.0)
    fleet.done()


def power_back(fleet: Fleet, host) -> None:
    fleet.lab.run("start", host.name)
    fleet.start_engine(host)
    host.start_peer(*fleet.serve(host))
    fleet.ready()


def process_kills(make_lab, figures, times: int) -> None:
    fleet = Fleet(make_lab, figures)
    took = []
    for _ in range(times):
        router = fleet.router()
        survivors = fleet.others(router)
        load = fleet.load(survivors, 4)
        load.wait_for(router.name)
        at = end(router.peer, signal.SIGKILL)
        fleet.spared(load.finish(), router.name, at)
        took.append(fleet.new_router(at, survivors))
        router.start_peer(*fleet.serve(router))
        fleet.ready()
    fleet.spread("new router after SIGKILL of its process", took, None, 0.5)
    fleet.done()


def hand_overs(make_lab, figures, times: int) -> None:
    fleet = Fleet(make_lab, figures)
    took, gaps = [], []
    for _ in range(times):
        router = fleet.router()
        survivors = fleet.others(router)
        load = fleet.load(survivors, 4)
        load.wait_for(router.name)
        at = end(router.peer, signal.SIGTERM, limit=60)
        fleet.unharmed(load.finish())
        took.append(fleet.new_router(at, survivors))
        stepped = fleet.events(router, "step-down", at)
        if stepped:
            gaps.append(at + took[-1] - stepped[0]["t"])
        router.start_peer(*fleet.serve(router))
        fleet.ready()
    fleet.spread("new router after SIGTERM", took, 0.1, None)
    if gaps:
        fleet.spread("of which nobody was router", gaps, 0.1, None)
    fleet.done()


def reboots(make_lab, figures, times: int) -> None:
    """A machine that is no router loses power and comes back under its name, as the same peer."""
    fleet = Fleet(make_lab, figures)
    took = []
    for _ in range(times):
        router = fleet.router()
        host, load_host = fleet.others(router)
        before = {m["id"] for m in router.mesh()["members"]}
        load = fleet.load([load_host, router], 12)
        load.wait_for(host.name)
        at = host.stop_by("kill")
        time.sleep(2)
        fleet.lab.run("start", host.name)
        fleet.start_engine(host)
        began = time.monotonic()
        host.start_peer(*fleet.serve(host))
        wait_until("all are members again", 30, fleet.lab.complete, pause=0.02)
        took.append(time.monotonic() - began)
        fleet.spared(load.finish(), host.name, at)
        fleet.ready()
        assert fleet.router() is router, "nobody else became router"
        assert {m["id"] for m in router.mesh()["members"]} == before, "a reboot makes no new peer"
    fleet.spread("full membership after the start of its process", took, None, 6)
    fleet.done()


def restart_storm(make_lab, figures, seconds: float, seed: int = 1) -> None:
    """The processes of all machines but one are killed and started again, at random times."""
    fleet = Fleet(make_lab, figures)
    steady, *stormy = fleet.hosts
    chance = random.Random(seed)
    load = fleet.load([steady], seconds + 8)
    for host in stormy:
        load.wait_for(host.name, 2)
    kills, deaths, until = 0, {h.name: [] for h in stormy}, time.monotonic() + seconds
    while time.monotonic() < until:
        host = chance.choice(stormy)
        if host.peer.alive:
            deaths[host.name].append(end(host.peer, signal.SIGKILL))
            kills += 1
        time.sleep(chance.uniform(0.1, 1.0))
        host.start_peer(*fleet.serve(host), wait=False)
        time.sleep(chance.uniform(0.1, 1.5))
    began = time.monotonic()
    wait_until("all are members again", 30, fleet.lab.complete, pause=0.02)
    fleet.measure("full membership after the last restart", time.monotonic() - began, 6)
    fleet.router()
    fleet.measure("one router that all obey after the last restart", time.monotonic() - began, 10)
    records = load.finish()
    failed = [r for r in records if not (r["status"] == 200 and r["complete"] and not r["error_event"])]
    broken = [r for r in failed if r["stream"] and r["first"] is not None and r["error_event"]
              and any(r["t"] <= at <= r["t"] + r["total"] for at in deaths.get(r["node"] or "", []))]
    others = [r for r in failed if r not in broken]
    assert not others, f"{len(others)} of {summary(records)} failed, such as {others[:3]}"
    fleet.broken += len(broken)
    figures.note("processes killed", kills)
    fleet.done()
