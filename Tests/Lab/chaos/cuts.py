"""The network breaks in two, or between two, or in one direction; or a cable is pulled."""
import json
import threading
import time

from herdlab import wait_until

from chaos.fleet import Fleet, MODEL


def unplugged(make_lab, figures, seconds: float, *options: str) -> None:
    """The router's cable is pulled and put back."""
    fleet = Fleet(make_lab, figures)
    router = fleet.router()
    survivors = fleet.others(router)
    load = fleet.load(survivors, seconds + 8)
    load.wait_for(router.name)
    fleet.lab.run("unplug", *options, router.name)
    at = time.monotonic()
    wait_until("the unplugged one serves alone", 30, lambda: router.chat(MODEL).node == router.name)
    time.sleep(max(0.0, at + seconds - time.monotonic()))
    fleet.measure("new router after the cable was pulled", fleet.new_router(at, survivors), 3)
    back = time.monotonic()
    fleet.lab.run("plug", router.name)
    wait_until("it is a member again", 60, fleet.lab.complete, pause=0.02)
    fleet.measure("full membership after it was put back", time.monotonic() - back, 10)
    fleet.lab.settle(limit=60)
    fleet.measure("one router that all obey after it was put back", time.monotonic() - back, 13)
    fleet.spared(load.finish(), router.name, at)
    fleet.done()


def partition(make_lab, figures, seconds: float, mdns: tuple[bool, ...] = (True,)) -> None:
    """The router alone on one side. Runs once with each way of discovery, side by side."""
    fleets = []
    for uses in mdns:
        def serve(host, uses=uses):
            return [] if uses else ["--no-mdns", "--router-url", host.lab.hosts[0].url, "--router-url", host.lab.hosts[1].url]
        fleets.append((uses, Fleet(make_lab, figures, serve=serve)))
    cuts = [split(fleet) for _, fleet in fleets]
    time.sleep(max(0.0, max(at for _, at in cuts) + seconds - time.monotonic()))
    for (uses, fleet), (lone, _) in zip(fleets, cuts):
        mended(fleet, lone, "by mDNS" if uses else "without mDNS")


def split(fleet: Fleet):
    router = fleet.router()
    pair = fleet.others(router)
    load = fleet.load(pair, 8)
    load.wait_for(router.name)
    fleet.lab.run("partition", ",".join(h.name for h in pair), router.name)
    at = time.monotonic()
    fleet.spared(load.finish(), router.name, at)
    fleet.measure("new router of the larger side", fleet.new_router(at, pair), 3)
    wait_until("the lone one rules itself", 30, lambda: router.router() == router.name and router.members() == [router.name])
    return router, at


def mended(fleet: Fleet, lone, how: str) -> None:
    pair = fleet.others(lone)
    write_settings(fleet, lone, pair[0])
    waiting = Waiting(fleet, lone)
    load = fleet.load(pair, 14)
    load.wait_for(pair[0].name, 2)
    healed = time.monotonic()
    fleet.lab.run("heal")
    wait_until("one fleet again", 330, lambda: fleet.lab.agree(fleet.hosts), pause=0.02)
    contact = fleet.first_contact(healed)
    fleet.measure(f"first contact after the heal, {how}", contact, 10)
    fleet.measure(f"one router that all obey after the first contact, {how}", fleet.obeyed_by_all(healed) - contact, 3)
    fleet.unharmed(load.finish())
    waiting.all_answered()
    read_settings(fleet)
    fleet.done()


class Waiting:
    """More requests than there are slots, asked on the lone side: some wait while the network heals."""

    def __init__(self, fleet: Fleet, host):
        self.answers = []
        self.threads = [threading.Thread(target=self.ask, args=(host,)) for _ in range(24)]
        for thread in self.threads:
            thread.start()

    def ask(self, host) -> None:
        self.answers.append(host.chat(MODEL, timeout=60))

    def all_answered(self) -> None:
        for thread in self.threads:
            thread.join(90)
        failed = [a for a in self.answers if a.status != 200]
        assert len(self.answers) == len(self.threads) and not failed, f"a waiting request was lost: {failed[:3]}"


def settings_path(fleet: Fleet) -> str | None:
    """Where settings are written, when this program has them."""
    answer = fleet.hosts[0].ask("GET", "/dashboard/api/settings")
    return "/dashboard/api/settings" if answer.status == 200 and "settings" in (answer.text or "") else None


def write_settings(fleet: Fleet, lone, other) -> None:
    pass


def read_settings(fleet: Fleet) -> None:
    pass


def cut(make_lab, figures, seconds: float, *options: str) -> None:
    """The router and one other cannot talk (or one direction only); the third sees both."""
    fleet = Fleet(make_lab, figures)
    router = fleet.router()
    other, third = fleet.others(router)
    load = fleet.load([third, other], seconds + 8)
    load.wait_for(router.name)
    fleet.lab.run("cut", *options, router.name, other.name)
    at = time.monotonic()
    time.sleep(seconds)
    routers = {h.router() for h in fleet.hosts} - {None}
    figures.note("routers that hosts obeyed while it lasted", len(routers))
    figures.note("elections while it lasted", fleet.elections(at))
    healed = time.monotonic()
    fleet.lab.run("heal")
    fleet.lab.settle(limit=60)
    fleet.measure("one router that all obey after the heal", time.monotonic() - healed, 10)
    fleet.spared(load.finish(), router.name, at)
    fleet.done()


__all__ = ["cut", "json", "partition", "unplugged"]
