"""Networks that are not as one would wish: shared by two fleets, without IPv4, without UDP; and a machine that reboots."""
import time

import pytest

from herdlab import MESH, wait_until


def test_two_fleets_on_one_network_do_not_mix(make_lab):
    lab = make_lab(3)
    h1, h2, h3 = lab.hosts
    h2.start_engine("foreign")
    h1.start_peer("--fleet", "attic")
    h2.start_peer("--fleet", "cellar")
    h3.start_peer("--fleet", "attic")
    wait_until("the two of one fleet are together", 30, lambda: lab.agree([h1, h3]))
    end = time.monotonic() + 4
    while time.monotonic() < end:
        assert h1.members() == ["h1", "h3"] and h2.members() == ["h2"] and h3.members() == ["h1", "h3"]
        time.sleep(0.2)
    assert h1.chat("foreign").status == 404
    assert h2.chat("foreign").status == 200


def test_a_seed_of_another_fleet_is_named_and_refused(make_lab):
    lab = make_lab(2)
    h1, h2 = lab.hosts
    h1.start_peer("--fleet", "attic", "--no-mdns")
    h2.start_peer("--fleet", "cellar", "--no-mdns", "--router-url", h1.url)
    wait_until("status says that the seed is of another fleet", 20, lambda: "fleet" in str(h2.mesh().get("seeds")))
    assert h2.members() == ["h2"] and h1.members() == ["h1"]


def test_a_machine_that_lost_power_comes_back_as_the_same_peer(make_lab, figures):
    lab = make_lab(3)
    h1, h2, h3 = lab.hosts
    h3.start_engine("rare")
    for host in lab.hosts:
        host.start_peer()
    lab.settle()
    before = {m["id"] for m in h1.mesh()["members"]}
    h3.stop_by("kill")
    wait_until("the others count it as unreachable", 30, lambda: all("h3" in h.members("unreachable") for h in (h1, h2)))
    lab.run("start", "h3")
    h3.start_engine("rare")
    began = time.monotonic()
    h3.start_peer()
    wait_until("all three are members again", 30, lab.complete, pause=0.02)
    figures.within("full membership after a reboot", time.monotonic() - began, bar=6)
    lab.settle()
    # A peer that did not end in good order grants nothing until every lease it may have given is over.
    figures.note("it follows the router after", time.monotonic() - began, "s")
    assert {m["id"] for m in h1.mesh()["members"]} == before, "a reboot makes no new peer"
    wait_until("its model is served again", 20, lambda: h1.chat("rare").node == "h3")


def test_peers_meet_over_link_local_ipv6_alone(make_lab):
    lab = make_lab(2, "--ipv6", "link")
    for host in lab.hosts:
        host.shell(f"ip addr del {host.address}/24 dev eth0")
    h1, h2 = lab.hosts
    h2.start_engine("rare")
    for host in lab.hosts:
        host.start_peer(listen="::")
    lab.settle()
    addresses = [m["address"] for m in h1.mesh()["members"] if m["node_id"] == "h2"]
    assert "fe80::" in addresses[0], addresses
    lab.settle_models("rare")
    answer = h1.chat("rare", stream=True)
    assert (answer.status, answer.node) == (200, "h2"), answer


def drop_udp(host) -> None:
    host.shell(
        "nft add table inet t && nft 'add chain inet t in { type filter hook input priority 0; }' && "
        f"nft add rule inet t in udp dport {MESH} drop")


def blocked(host, other) -> bool | None:
    """What `host` thinks of UDP to `other`; None when it does not know it."""
    return next((m["udp_blocked"] for m in host.mesh()["members"] if m["node_id"] == other.name), None)


@pytest.mark.parametrize("way", ["mdns", "router-url"])
def test_a_network_that_drops_udp_still_makes_a_fleet(make_lab, figures, way):
    lab = make_lab(2)
    for host in lab.hosts:
        drop_udp(host)
    h1, h2 = lab.hosts
    h2.start_engine("rare")
    h1.start_peer(*([] if way == "mdns" else ["--no-mdns"]))
    began = time.monotonic()
    h2.start_peer(*([] if way == "mdns" else ["--no-mdns", "--router-url", h1.url]))
    wait_until("both are members over TCP and have one router", 40, lambda: lab.agree(lab.hosts), pause=0.02)
    figures.within(f"a fleet of two without UDP, found by {way}, after", time.monotonic() - began, bar=20)
    lab.settle_models("rare")
    router, end = lab.settle(), time.monotonic() + 10
    while time.monotonic() < end:
        assert "h2" in h1.members() and "h1" in h2.members(), "nobody is counted out for want of UDP"
        assert lab.agree(lab.hosts) == router, "the lease is renewed inside peer links"
        time.sleep(0.25)
    assert blocked(h1, h2) and blocked(h2, h1)
    assert h1.chat("rare").node == "h2"

    for host in lab.hosts:
        host.shell("nft delete table inet t")
    began = time.monotonic()
    wait_until("UDP is used again", 60, lambda: blocked(h1, h2) is False and blocked(h2, h1) is False)
    figures.note("UDP that comes back is used after", time.monotonic() - began, "s")
    assert lab.agree(lab.hosts) == router
    assert h1.chat("rare").node == "h2"


def test_udp_that_is_lost_later_costs_no_member(make_lab, figures):
    lab = make_lab(3)
    h1, h2, h3 = lab.hosts
    h3.start_engine("rare")
    for host in lab.hosts:
        host.start_peer()
    lab.settle()
    lab.settle_models("rare")
    drop_udp(h3)
    began = time.monotonic()
    lost, failures = set(), 0
    while time.monotonic() - began < 15:
        for host in lab.hosts:
            lost |= set(host.members("unreachable"))
        failures += h1.chat("rare").status != 200
        time.sleep(0.1)
    assert not lost and not failures, (lost, failures)
    wait_until("they agree on a router", 20, lambda: lab.agree(lab.hosts))
