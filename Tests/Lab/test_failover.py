"""The router's machine or process goes away while clients work."""
import signal
import time

from herdlab import API, end, wait_until
from judging import assert_only_broken_streams, failures, router_after, summary

MODEL = "common"


def fleet(make_lab, count):
    """A lab where every host serves the same model, settled; the router's host and the others."""
    lab = make_lab(count)
    for host in lab.hosts:
        # Half a second per answer where two machines remain, a quarter where one must carry the load.
        host.start_engine(MODEL, token_delay_ms=40 if count > 2 else 10)
    for host in lab.hosts:
        host.start_peer()
    router = lab[lab.settle()]
    lab.settle_models(MODEL)
    wait_until("every peer knows the model on every host", 30, lambda: all(knows_everywhere(h, count) for h in lab.hosts))
    return lab, router, [h for h in lab.hosts if h is not router]


def knows_everywhere(host, count):
    nodes = (host.status() or {}).get("nodes", [])
    return len([n for n in nodes if MODEL in str(n)]) >= count


def new_router(watchers, at, dead, survivors):
    """When the last survivor saw the new router; all must see the same one."""
    found = [router_after(w.finish(60), at, dead) for w in watchers]
    assert all(found), [w.lines[-3:] for w in watchers]
    final = {[line["router"] for line in w.lines if line.get("router")][-1] for w in watchers}
    assert len(final) == 1 and final <= {h.name for h in survivors}, final
    return max(seconds for seconds, _ in found)


def loaded(survivors):
    """20 requests a second at the survivors, half of them streams, for 14 s."""
    targets = [f"127.0.0.1:{API}", *(f"{h.address}:{API}" for h in survivors[1:])]
    return survivors[0].load(MODEL, rate=20, seconds=14, targets=targets)


def wait_for_work_on(router, load):
    def served():
        return sum(1 for r in load.lines if r["node"] == router.name)
    wait_until("the router's machine has served ten requests", 15, lambda: served() >= 10, pause=0.01)


def test_the_routers_machine_loses_power_under_load(make_lab, figures):
    lab, router, survivors = fleet(make_lab, 3)
    watchers = [h.watch(14) for h in survivors]
    load = loaded(survivors)
    wait_for_work_on(router, load)
    at = router.stop_by("kill")
    records = load.finish(120)
    broken = assert_only_broken_streams(records, router.name, at)
    figures.note("failed requests besides streams on the dead machine", 0, "of " + summary(records))
    figures.note("streams on the dead machine, all ended with an error event", broken)
    figures.within("new router after the power cut, three hosts", new_router(watchers, at, router.name, survivors), bar=3)


def test_the_routers_machine_loses_power_on_two_hosts(make_lab, figures):
    lab, router, survivors = fleet(make_lab, 2)
    watchers = [h.watch(14) for h in survivors]
    load = loaded(survivors)
    wait_for_work_on(router, load)
    at = router.stop_by("kill")
    records = load.finish(120)
    broken = assert_only_broken_streams(records, router.name, at)
    figures.note("failed requests besides streams on the dead machine", 0, "of " + summary(records))
    figures.note("streams on the dead machine, all ended with an error event", broken)
    figures.within("the survivor of two is router after", new_router(watchers, at, router.name, survivors), bar=3)


def test_sigterm_of_the_router_under_load(make_lab, figures):
    lab, router, survivors = fleet(make_lab, 3)
    watchers = [h.watch(10) for h in survivors]
    load = loaded(survivors)
    wait_for_work_on(router, load)
    at = end(router.peer, signal.SIGTERM, limit=30)
    figures.note("the router's process ended after", time.monotonic() - at, "s")
    records = load.finish(120)
    assert not failures(records), failures(records)[:3]
    figures.note("failed requests at SIGTERM", 0, "of " + summary(records))
    figures.within("new router after SIGTERM", new_router(watchers, at, router.name, survivors), bar=0.5)
    wait_until("the others know that it left", 15, lambda: all(router.name in h.members("left") for h in survivors))


def test_sigkill_of_the_routers_process_under_load(make_lab, figures):
    lab, router, survivors = fleet(make_lab, 3)
    watchers = [h.watch(14) for h in survivors]
    load = loaded(survivors)
    wait_for_work_on(router, load)
    at = end(router.peer, signal.SIGKILL)
    records = load.finish(120)
    broken = assert_only_broken_streams(records, router.name, at)
    figures.note("failed requests besides streams on the killed peer", 0, "of " + summary(records))
    figures.note("streams on the killed peer, all ended with an error event", broken)
    figures.within("new router after SIGKILL", new_router(watchers, at, router.name, survivors), bar=3)
    began = time.monotonic()
    router.start_peer()
    wait_until("all three are members again", 30, lab.complete, pause=0.02)
    figures.within("full membership after its restart", time.monotonic() - began, bar=6)
    lab.settle()
    # A peer that did not end in good order grants nothing until every lease it may have given is over.
    figures.note("it follows the router after", time.monotonic() - began, "s")


def test_a_stalled_router_does_not_rule_on_when_it_wakes(make_lab, figures):
    lab, router, survivors = fleet(make_lab, 3)
    watchers = [h.watch(12) for h in survivors]
    at = router.stop_by("pause")
    figures.within("new router after a stall", new_router(watchers, at, router.name, survivors), bar=3)
    ruler = survivors[0].router()
    epoch = survivors[0].mesh()["router"]["epoch"]
    lab.run("resume", router.name)
    began = time.monotonic()
    lab.settle()
    figures.within("one router everywhere after the wake", time.monotonic() - began, bar=10)
    now = survivors[0].mesh()["router"]
    assert now["epoch"] >= epoch, "epochs never go back"
    assert ruler in [h.name for h in survivors]
