"""The helpers of the machine go away: Avahi, the bus, the room on the disk."""
import os
import signal
import time
from contextlib import contextmanager

from herdlab import wait_until
from judging import summary

from chaos.fleet import Fleet


@contextmanager
def undisturbed(fleet: Fleet, seconds: float):
    """Nobody loses sight of anybody, nobody is elected, and no request fails."""
    began = time.monotonic()
    load = fleet.load(fleet.hosts, seconds)
    yield began
    records = load.finish()
    fleet.unharmed(records)
    lost = [line for h in fleet.hosts for line in fleet.events(h, "status", began) if line["detail"].endswith("unreachable")]
    assert not lost, f"a member was lost: {lost[0]}"
    fleet.figures.note("elections while it lasted", fleet.elections(began))


def discovers(host) -> bool:
    return (host.mesh().get("discovery") or {}).get("state") == "running"


def avahi(make_lab, figures, fault: str, seconds: float) -> None:
    """The Avahi daemon of the router's machine stops, is restarted, dies, or hangs."""
    fleet = Fleet(make_lab, figures)
    router = fleet.router()
    daemon = next(h for h in fleet.lab.status()["hosts"] if h["host"] == router.name)["avahi_pid"]
    with undisturbed(fleet, seconds + 4):
        if fault == "hang":
            os.kill(daemon, signal.SIGSTOP)
        else:
            fleet.lab.run("avahi", router.name, fault)
        time.sleep(seconds)
    back = time.monotonic()
    if fault == "hang":
        os.kill(daemon, signal.SIGCONT)
    elif fault != "restart":
        fleet.lab.run("avahi", router.name, "start")
    wait_until("mDNS works again", 90, lambda: discovers(router))
    fleet.measure("mDNS works again after the daemon is back", time.monotonic() - back, 40)
    fleet.done()


def bus(make_lab, figures, seconds: float) -> None:
    """The system bus of the router's machine dies, and Avahi with it."""
    fleet = Fleet(make_lab, figures)
    router = fleet.router()
    with undisturbed(fleet, seconds + 4):
        fleet.lab.run("dbus", router.name, "kill")
        time.sleep(seconds)
    fleet.lab.run("dbus", router.name, "start")
    fleet.lab.run("avahi", router.name, "start")
    back = time.monotonic()
    wait_until("mDNS works again", 90, lambda: discovers(router))
    fleet.measure("mDNS works again after the bus is back", time.monotonic() - back, 40)
    fleet.done()


def full_disk(make_lab, figures) -> None:
    """The state directory of the router is on a small file system, which fills up and is emptied again."""
    fleet = Fleet(make_lab, figures)
    router = fleet.router()
    survivors = fleet.others(router)
    # A fresh machine with a small disk: its peer begins anew there.
    from herdlab import end
    end(router.peer)
    folder = fleet.lab.data / f"{router.name}-small"
    router.shell(f"mkdir -p {folder} && mount -t tmpfs -o size=24m tmpfs {folder}")
    router.start_peer(*fleet.serve(router), data=f"{router.name}-small")
    fleet.ready()
    # Make it the router: the others hand over or leave.
    for host in survivors:
        end(host.peer)
    wait_until("it is router", 30, lambda: router.router() == router.name)
    for host in survivors:
        host.start_peer(*fleet.serve(host))
    fleet.ready()
    assert fleet.router() is router, "a router stays router when others come"
    load = fleet.load(survivors, 16)
    load.wait_for(router.name)
    router.shell(f"dd if=/dev/zero of={folder}/fill bs=64k 2>/dev/null || true")
    time.sleep(4)
    assert fleet.router() is router, "renewals need no disk"
    # A new term needs a grant that is on disk: the survivors elect one of themselves when this one goes.
    router.shell(f"rm {folder}/fill")
    records = load.finish()
    fleet.unharmed(records)
    figures.note("requests while its disk was full", summary(records))
    fleet.ready()
    fleet.done()


def full_disk_at_a_target(make_lab, figures) -> None:
    """A target with a full disk gives no new grant, says so, and gives one again when there is room."""
    fleet = Fleet(make_lab, figures)
    router = fleet.router()
    host, other = fleet.others(router)
    from herdlab import end
    end(host.peer)
    folder = fleet.lab.data / f"{host.name}-small"
    host.shell(f"mkdir -p {folder} && mount -t tmpfs -o size=24m tmpfs {folder}")
    host.start_peer(*fleet.serve(host), data=f"{host.name}-small")
    fleet.ready()
    host.shell(f"dd if=/dev/zero of={folder}/fill bs=64k 2>/dev/null || true")
    load = fleet.load([other, host], 14)
    load.wait_for(router.name)
    at = router.stop_by("kill")
    fleet.spared(load.finish(), router.name, at)
    early = [line for line in fleet.events(host, "grant", at)]
    assert not early, f"a grant that cannot be on disk was given: {early[0]}"
    said = str(host.ask("GET", "/health").text) + str(host.mesh())
    assert "writ" in said or "disk" in said or "space" in said, "status says that the state directory cannot be written"
    freed = time.monotonic()
    host.shell(f"rm {folder}/fill")
    fleet.lab.settle([host, other], limit=60)
    fleet.measure("one router that both obey after there is room again", time.monotonic() - freed, 10)
    fleet.done()
