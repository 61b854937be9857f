"""The network splits and heals."""
import time

from herdlab import wait_until

MODEL = "common"


def settled(make_lab, count):
    lab = make_lab(count)
    for host in lab.hosts:
        host.start_engine(MODEL)
    for host in lab.hosts:
        host.start_peer()
    lab.settle()
    lab.settle_models(MODEL)
    return lab


def test_both_sides_of_a_partition_serve_and_heal_to_one_router(make_lab, figures):
    lab = settled(make_lab, 3)
    h1, h2, h3 = lab.hosts
    began = time.monotonic()
    lab.run("partition", "h1,h2", "h3")
    wait_until("the pair has a router of its own", 30, lambda: lab.agree([h1, h2]))
    wait_until("the lone host rules itself", 30, lambda: h3.router() == "h3" and h3.members() == ["h3"])
    figures.note("a router on either side after", time.monotonic() - began, "s")
    for host in lab.hosts:
        for stream in (False, True):
            answer = host.chat(MODEL, stream=stream)
            assert answer.status == 200, (host.name, answer)
            assert (answer.node == "h3") == (host is h3), "a side is served by its own hosts"
    epochs = [h.mesh()["router"]["epoch"] for h in lab.hosts]
    began = time.monotonic()
    lab.run("heal")
    wait_until("one fleet again", 60, lambda: lab.agree(lab.hosts), pause=0.02)
    figures.within("one router after the heal", time.monotonic() - began, bar=10)
    assert h1.mesh()["router"]["epoch"] >= max(epochs), "epochs never go back"
    for host in lab.hosts:
        assert host.chat(MODEL).status == 200


def test_a_pair_that_cannot_talk_is_held_together_by_a_third(make_lab):
    lab = settled(make_lab, 3)
    lab.run("cut", "h1", "h2")
    end = time.monotonic() + 8
    while time.monotonic() < end:
        routers = {h.router() for h in lab.hosts} - {None}
        assert len(routers) <= 2, routers
        for host in lab.hosts:
            answer = host.chat(MODEL, timeout=20)
            assert answer.status == 200, (host.name, answer)
        time.sleep(0.2)
    lab.run("heal")
    lab.settle()


def test_a_lossy_link_breaks_nothing(make_lab, figures):
    lab = settled(make_lab, 3)
    lab.run("netem", "h2", "--delay", "20ms", "--jitter", "5ms", "--loss", "5%", "--seed", "7")
    load = lab["h1"].load(MODEL, rate=8, seconds=8, targets=["127.0.0.1:11435", f"{lab['h3'].address}:11435"])
    records = load.finish(90)
    failed = [r for r in records if not r["complete"]]
    assert not failed, failed[:3]
    lab.run("netem", "h2", "--clear")
    figures.note("router after 8 s of 5 % loss on one link", lab.settle())
