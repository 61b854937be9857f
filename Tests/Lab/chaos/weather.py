"""Bad links: loss, delay, and an address that changes."""
import time

from herdlab import wait_until

from chaos.fleet import Fleet


def bad_link(make_lab, figures, seconds: float, *options: str) -> None:
    """The router's link is bad for a while."""
    fleet = Fleet(make_lab, figures)
    router = fleet.router()
    fleet.lab.run("netem", router.name, *options)
    began = time.monotonic()
    load = fleet.load(fleet.others(router), seconds)
    records = load.finish()
    fleet.unharmed(records)
    figures.note("slowest request", max(r["total"] for r in records), "s")
    figures.note("elections while it lasted", fleet.elections(began))
    lost = [line for h in fleet.hosts for line in fleet.events(h, "status", began) if line["detail"].endswith("unreachable")]
    figures.note("members taken for dead while it lasted", len(lost))
    fleet.lab.run("netem", router.name, "--clear")
    cleared = time.monotonic()
    fleet.lab.settle(limit=60)
    fleet.measure("one router that all obey after it was good again", time.monotonic() - cleared, 10)
    fleet.done()


def address_changes(make_lab, figures, of_router: bool) -> None:
    """A lease of the DHCP server runs out and the machine gets another address."""
    fleet = Fleet(make_lab, figures)
    router = fleet.router()
    host = router if of_router else fleet.others(router)[0]
    askers = fleet.others(host)
    load = fleet.load(askers, 16)
    load.wait_for(host.name)
    at = time.monotonic()
    new = host.address.rsplit(".", 1)[0] + "." + str(100 + int(host.name[1:]))
    host.shell(f"ip addr del {host.address}/24 dev eth0; ip addr add {new}/24 dev eth0")
    changed = time.monotonic()
    host.address = new

    def known() -> bool:
        seen = [m for h in askers for m in h.mesh()["members"] if m["node_id"] == host.name]
        return all(new in m["address"] for m in seen) and len(seen) == len(askers) and fleet.lab.complete()
    wait_until("all reach it at its new address", 60, known, pause=0.02)
    fleet.measure("all reach it at its new address", time.monotonic() - changed, 10)
    fleet.lab.settle(limit=60)
    fleet.measure("one router that all obey", time.monotonic() - changed, 13)
    records = load.finish()
    fleet.spared(records, host.name, changed)
    # What ran over the old address is given up after eleven seconds of silence and tried elsewhere.
    fleet.measure("slowest request", max(r["total"] for r in records), 15)
    figures.note("elections since", fleet.elections(at))
    fleet.done()
