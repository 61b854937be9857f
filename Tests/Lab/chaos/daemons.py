"""The helpers of the machine go away: Avahi, the bus, the room on the disk."""
import os
import signal
import time
from contextlib import contextmanager

from herdlab import wait_until

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
    """It says so, and the daemon knows its service: one that was started anew knows what it was told since."""
    return "is announced" in str(host.mesh().get("discovery")) and f";{host.name}-" in host.shell(
        "timeout 5 avahi-browse -pt _herd-peer._tcp || true")


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


def small_disk(host) -> None:
    """The data directory of the host's peer is a file system of its own, with little room."""
    folder = host.lab.data / host.name
    host.shell(f"mkdir -p {folder} && mount -t tmpfs -o size=24m tmpfs {folder}")


def fill(host) -> None:
    """To the last byte: what is smaller than a block must not fit either."""
    folder = host.lab.data / host.name
    host.shell(f"dd if=/dev/zero of={folder}/fill bs=64k 2>/dev/null || true; cat /dev/zero >>{folder}/fill 2>/dev/null || true")


def make_room(host) -> None:
    host.shell(f"rm {host.lab.data / host.name}/fill")


def full_disk_of_the_router(make_lab, figures, seconds: float) -> None:
    """Its disk fills up: it goes on, because renewals need no disk, and nobody notices."""
    fleet = Fleet(make_lab, figures, prepare=small_disk)
    router = fleet.router()
    load = fleet.load(fleet.others(router), seconds)
    load.wait_for(router.name)
    began = time.monotonic()
    fill(router)
    records = load.finish()
    assert fleet.elections(began) == 0 and fleet.router() is router, "renewals need no disk"
    fleet.unharmed(records)
    figures.note("elections while it was full", fleet.elections(began))
    make_room(router)
    fleet.ready()
    fleet.done()


def full_disk_of_a_target(make_lab, figures) -> None:
    """A peer with a full disk gives no new grant and says so; when there is room, it gives one again."""
    fleet = Fleet(make_lab, figures, prepare=small_disk)
    router = fleet.router()
    host, other = fleet.others(router)
    load = fleet.load([other, host], 14)
    load.wait_for(router.name)
    fill(host)
    at = router.stop_by("kill")
    wait_until("its health warns that it cannot write", 20, lambda: warns(host))
    fleet.spared(load.finish(), router.name, at)
    # Who stands gives itself a grant and takes it back in the same moment, when the row turns out not to be on disk.
    ends = [line["t"] for line in fleet.events(host, "expire", at)]
    kept = [line for line in fleet.events(host, "renew", at + 0.2) if not any(0 <= end - line["t"] < 0.1 for end in ends)]
    assert not kept, f"a grant that cannot be on disk was kept: {kept}"
    assert not fleet.events(other, "elect", at), "one of two is no majority"
    freed = time.monotonic()
    make_room(host)
    fleet.lab.settle([host, other], limit=60)
    fleet.measure("one router that both obey after there is room again", time.monotonic() - freed, 10)
    wait_until("its health warns no more", 20, lambda: not warns(host))
    fleet.done()


def warns(host) -> bool:
    health = host.ask("GET", "/health")
    assert health.status == 200, "it serves as before"
    return "make room" in str(health.json["warnings"])
