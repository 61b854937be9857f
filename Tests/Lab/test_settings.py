"""Settings that the whole fleet shares."""
import json
import time

from herdlab import BINARY, end, wait_until

PATH = "/dashboard/api/settings"


def write(host, local: bool = False, **values) -> dict:
    answer = host.ask("POST", PATH + ("?scope=local" if local else ""), values, timeout=20)
    assert answer.status == 200, answer
    return answer.json


def settings(host) -> dict:
    """What is in force: key -> (value, where from)."""
    answer = host.ask("GET", PATH)
    assert answer.status == 200, answer
    return {s["key"]: (s["value"], s["source"]) for s in answer.json["settings"]}


def test_a_setting_is_written_anywhere_and_holds_everywhere(make_lab, figures):
    lab = make_lab(3)
    for host in lab.hosts:
        host.start_peer()
    router = lab.settle()
    other = next(h for h in lab.hosts if h.name != router)
    began = time.monotonic()
    assert write(other, max_retries=1)["scope"] == "fleet"
    wait_until("it holds everywhere", 10, lambda: all(settings(h)["max_retries"] == (1, "fleet") for h in lab.hosts), pause=0.02)
    figures.within("a setting holds everywhere after", time.monotonic() - began, bar=2)
    said = other.shell(f"{BINARY} settings set ticket_wait 0 --json")
    assert json.loads(said)["scope"] == "fleet"
    wait_until("the second, too", 10, lambda: all(settings(h)["ticket_wait"] == (0, "fleet") for h in lab.hosts))
    said = json.loads(lab[router].shell(f"{BINARY} settings get ticket_wait --json"))
    assert said[0]["value"] == 0 and said[0]["configured"] == 30

    # It has an effect: with one slot and no time to wait, the second request is refused at once.
    other.start_engine("slow", slots=1, token_delay_ms=300)
    lab.settle_models("slow")
    load = other.load("slow", rate=8, seconds=2)
    records = load.finish(60)
    assert any(r["status"] == 503 and r["total"] < 3 for r in records), records

    for host in lab.hosts:
        end(host.peer)
    for host in lab.hosts:
        host.start_peer()
    lab.settle()
    assert all(settings(h)["ticket_wait"] == (0, "fleet") for h in lab.hosts), "a restart forgets nothing"


def test_two_sides_of_a_partition_write_and_nothing_is_lost(make_lab, figures):
    lab = make_lab(3)
    h1, h2, h3 = lab.hosts
    for host in lab.hosts:
        host.start_peer()
    lab.settle()
    write(h1, ticket_limit=100, max_retries=2)
    wait_until("all begin alike", 10, lambda: all(settings(h)["ticket_limit"] == (100, "fleet") for h in lab.hosts))
    lab.run("partition", "h1,h2", "h3")
    began = time.monotonic()
    wait_until("the pair has a router of its own", 30, lambda: lab.agree([h1, h2]))
    wait_until("the lone host rules itself", 30, lambda: h3.router() == "h3" and h3.members() == ["h3"])
    write(h2, ticket_wait=11)
    write(h3, trace_retention_days=7)
    # The same key on both sides: one of the two writes holds in the end, everywhere the same.
    write(h1, max_retries=0)
    write(h3, max_retries=1)
    time.sleep(max(0, 20 - (time.monotonic() - began)))
    lab.run("heal")
    began = time.monotonic()
    lab.settle(limit=60)

    def equal() -> bool:
        first = settings(h1)
        return all(settings(h) == first for h in (h2, h3)) and first["ticket_wait"] == (11, "fleet") \
            and first["trace_retention_days"] == (7, "fleet") and first["ticket_limit"] == (100, "fleet")

    wait_until("settings are equal, and no write of either side is lost", 30, equal)
    figures.within("equal settings after the heal", time.monotonic() - began, bar=45)
    assert settings(h1)["max_retries"] in ((0, "fleet"), (1, "fleet"))
