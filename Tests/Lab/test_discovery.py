"""Peers find each other: by Avahi alone, by --router-url alone, and when the seed comes late."""
import time

from herdlab import MESH, findings, wait_until

SEED_ONLY = ("--no-mdns",)


def test_three_hosts_find_each_other_by_avahi(make_lab, figures):
    lab = make_lab(3)
    for host in lab.hosts[:2]:
        host.start_peer()
    began = time.monotonic()
    lab["h3"].start_peer()
    router = wait_until("membership and one router everywhere", 30, lambda: lab.agree(lab.hosts), pause=0.02)
    figures.within("full membership and one router after the last start", time.monotonic() - began, bar=6)
    assert router in ("h1", "h2", "h3")
    sources = {m["source"] for host in lab.hosts for m in host.mesh()["members"] if m["node_id"] != host.name}
    assert "mdns" in sources and "seed" not in sources, sources


def test_all_at_once_by_avahi(make_lab, figures):
    lab = make_lab(3)
    began = time.monotonic()
    for host in lab.hosts:
        host.start_peer(wait=False)
    wait_until("membership and one router everywhere", 30, lambda: lab.agree(lab.hosts), pause=0.02)
    figures.within("full membership and one router, all started at once", time.monotonic() - began, bar=6)


def test_avahi_that_goes_away_and_returns_loses_nobody(make_lab):
    lab = make_lab(2)
    for host in lab.hosts:
        host.start_peer()
    lab.settle()
    lab.run("avahi", "h1", "kill")
    lab.run("dbus", "h2", "kill")
    end = time.monotonic() + 3
    while time.monotonic() < end:
        assert lab["h1"].members() == ["h1", "h2"]
        assert lab["h2"].members() == ["h1", "h2"]
        time.sleep(0.2)
    for host in lab.hosts:
        wait_until(f"health of {host.name} says that mDNS is gone", 60, lambda: findings(host, "discovery_blind"), pause=0.2)
    lab.run("avahi", "h1", "start")
    lab.run("dbus", "h2", "start")
    lab.run("avahi", "h2", "start")
    lab.settle()
    for host in lab.hosts:
        wait_until(f"it does not say so at {host.name} any more", 60, lambda: not findings(host, "discovery_blind"), pause=0.2)


def test_router_url_with_avahi_stopped_everywhere(make_lab, figures):
    lab = make_lab(3)
    for host in lab.hosts:
        lab.run("avahi", host.name, "stop")
    lab["h1"].start_peer(*SEED_ONLY)
    lab["h2"].start_peer(*SEED_ONLY, "--router-url", lab["h1"].url)
    began = time.monotonic()
    lab["h3"].start_peer(*SEED_ONLY, "--router-url", lab["h1"].url)
    wait_until("membership and one router everywhere", 30, lambda: lab.agree(lab.hosts), pause=0.02)
    figures.within("full membership by --router-url after the last start", time.monotonic() - began, bar=6)
    sources = {m["source"] for host in lab.hosts for m in host.mesh()["members"] if m["node_id"] != host.name}
    assert "seed" in sources and "mdns" not in sources, sources


def test_router_url_may_name_the_mesh_port(make_lab):
    lab = make_lab(2)
    lab["h1"].start_peer(*SEED_ONLY)
    lab["h2"].start_peer(*SEED_ONLY, "--router-url", f"http://{lab['h1'].address}:{MESH}")
    lab.settle()


def test_unreachable_router_url_keeps_trying_and_serves(make_lab, figures):
    lab = make_lab(2)
    h1, h2 = lab.hosts
    h1.start_engine("mine")
    h1.start_peer(*SEED_ONLY, "--router-url", h2.url, "--router-url", "http://10.77.0.99:11435")
    lab.settle([h1])
    wait_until("h1 serves alone", 20, lambda: h1.chat("mine").status == 200)
    began = time.monotonic()
    h2.start_peer(*SEED_ONLY)
    wait_until("h1 found its seed", 40, lambda: lab.agree(lab.hosts), pause=0.05)
    figures.within("membership after the seed appeared (back-off up to 30 s)", time.monotonic() - began, bar=32)
    wait_until("h2 serves what h1 has", 20, lambda: h2.chat("mine").node == "h1")
