"""Machines that stop for a while: stalls, and laptops that sleep."""
import time

from herdlab import wait_until

from chaos.fleet import Fleet


def stall(make_lab, figures, seconds: float) -> None:
    """Every process of the router's machine is stopped for a while; its kernel still answers."""
    fleet = Fleet(make_lab, figures)
    router = fleet.router()
    survivors = fleet.others(router)
    load = fleet.load(survivors, seconds + 10)
    load.wait_for(router.name)
    at = router.stop_by("pause")
    time.sleep(seconds)
    woke = time.monotonic()
    fleet.lab.run("resume", router.name)
    if seconds > 2.5:
        fleet.measure("new router after the stall began", fleet.new_router(at, survivors), 3)
    fleet.lab.settle(limit=60)
    fleet.measure("one router that all obey after the wake", time.monotonic() - woke, 10)
    fleet.spared(load.finish(), router.name, at)
    nothing_of_the_old_lease(fleet, router, at, woke)
    figures.note("elections since the stall", fleet.elections(at))
    fleet.done()


def sleeping_router(make_lab, figures, seconds: float) -> None:
    """The router is a laptop that sleeps without a word: stopped and off the wire."""
    fleet = Fleet(make_lab, figures)
    router = fleet.router()
    survivors = fleet.others(router)
    load = fleet.load(survivors, 12)
    load.wait_for(router.name)
    at = router.stop_by("pause", "--cut-link")
    fleet.spared(load.finish(), router.name, at)
    fleet.measure("new router after the lid was closed", fleet.new_router(at, survivors), 3)
    time.sleep(max(0.0, at + seconds - time.monotonic()))
    load = fleet.load(survivors, 8)
    woke = time.monotonic()
    fleet.lab.run("resume", router.name)
    wait_until("it is a member again", 30, fleet.lab.complete, pause=0.02)
    fleet.measure("full membership after the wake", time.monotonic() - woke, 10)
    fleet.lab.settle(limit=60)
    fleet.measure("one router that all obey after the wake", time.monotonic() - woke, 10)
    fleet.unharmed(load.finish())
    nothing_of_the_old_lease(fleet, router, at, woke)
    assert fleet.router() is not router, "a sleeper that wakes does not take the role back"
    fleet.done()


def nothing_of_the_old_lease(fleet: Fleet, sleeper, at: float, woke: float) -> None:
    """After it woke, nobody obeyed it in an epoch of before, unless its lease had lasted all the time."""
    mine = fleet.history(sleeper)
    identity = mine[-1]["peer"]
    reigns = [line for line in mine if line["event"] in ("elect", "step-down")]
    old = max((line["epoch"] for line in reigns if line["t"] < at and line["event"] == "elect"), default=0)
    for host in fleet.others(sleeper):
        events = fleet.history(host)
        ended = [line["t"] for line in events if line["event"] == "expire" and line["other"] == identity
                 and line["epoch"] == old and at <= line["t"]]
        later = [line for line in events if line["event"] in ("grant", "renew", "command") and line["other"] == identity
                 and line["epoch"] <= old and ended and line["t"] > ended[0]]
        assert not later, f"{host.name} obeyed the sleeper in its old epoch: {later[0]}"
