"""Every tab: with data of a running fleet, with nothing, with a dead peer, and full of everything that its routes can say."""
import json

import pytest

import contract
from browsing import SHOTS, TABS, ask, check_network
from herdlab import wait_until
from loopback import fetch

# What each tab says when it is full.
FULL = {"": ["studio", "draining", "Waiting: 2", "llama3.3:70b", "64 M"], "/trends": ["Busiest hour", "Numbers"], "/models": ["qwen3-coder:30b", "32,768", "75 %"],
        "/apps": ["nightly", "7.3 %", "X-Herd-Tags"], "/benchmarks": ["Requests/s", "Start"], "/health": ["87", "Memory is tight on workstation", "What to do"],
        "/recommendations": ["Qwen 2.5 VL 32B", "pinned", "unused 9 days"], "/settings": ["Pull missing models", "epoch 12", "0.0.9"],
        "/mesh": ["workstation", "quorate", "attic-mini", "10.0.0.3:11445"]}
# What each tab says when nothing ever happened, and the part that it needs is in this version.
EMPTY = {"": ["No requests yet", "Nothing listens"], "/trends": ["No requests in this span"], "/models": ["No model was asked"], "/apps": ["No request has a tag yet"],
         "/benchmarks": ["No run yet"], "/health": ["of 100"], "/recommendations": ["Models on machines"], "/settings": ["Fleet settings", "alone"], "/mesh": ["This peer is alone"]}


def pictures(tab, url: str, name: str) -> None:
    tab.look()
    tab.shot(SHOTS / f"{name}.png")
    tab.look(dark=True)
    tab.shot(SHOTS / f"{name}-dark.png")
    tab.look(width=360, height=780)
    tab.until("document.documentElement.scrollWidth <= 360", f"{name} fits a phone")
    tab.shot(SHOTS / f"{name}-phone.png")


def settled(tab) -> None:
    """Nothing is being loaded any more."""
    tab.until("!document.querySelector('[aria-busy], main .wait') && document.getElementById('live')?.textContent === 'Live'", "everything is loaded")


@pytest.mark.parametrize("path", TABS)
def test_every_tab_of_a_running_fleet(tab, fleet, path):
    if not json.loads(fetch(f"{fleet.couch}/dashboard/api/traces")[2])["traces"]:
        for _ in range(3):
            ask(fleet.couch, metadata={"tags": ["notes"]})
    tab.open(f"{fleet.couch}/dashboard{path}")
    tab.says(TABS[path], "couch")
    settled(tab)
    if path == "":
        tab.says("desk", "rack", "llama-demo", "completed")
    assert tab.js("document.title") == f"{TABS[path]} · herd-peer"
    assert tab.js("document.querySelector('.tabs [aria-current]').textContent").startswith(TABS[path])
    pictures(tab, fleet.couch, f"fleet{path.replace('/', '-')}")
    check_network(tab, fleet.couch)


@pytest.mark.parametrize("path", TABS)
def test_every_tab_of_an_empty_peer(tab, alone, path):
    tab.open(f"{alone}/dashboard{path}")
    settled(tab)
    text = tab.text()
    for word in EMPTY[path]:
        assert word in text or "Not in this version" in text, f"{word!r} is not on {path}: {text[:1500]}"
    tab.shot(SHOTS / f"empty{path.replace('/', '-')}.png")
    check_network(tab, alone)


@pytest.mark.parametrize("dead", [False, True], ids=["all", "dead"])
@pytest.mark.parametrize("path", TABS)
def test_every_tab_full_of_data(tab, alone, path, dead):
    tab.answer_with(contract.full(dead))
    tab.pictures(contract.picture(dead))
    tab.open(f"{alone}/dashboard{path}")
    tab.says(*([] if dead else FULL[path]))
    settled(tab)
    if dead and path not in ("/settings", "/benchmarks"):
        tab.says("1 of 3 machines did not answer: attic-mini, last seen 4 min ago")
    pictures(tab, alone, f"full{path.replace('/', '-')}{'-dead' if dead else ''}")
    assert tab.foreign(alone) == [] and not tab.refused


def test_a_request_shows_why_its_machine_won(tab, alone):
    tab.answer_with(contract.full())
    tab.pictures(contract.picture())
    tab.open(f"{alone}/dashboard")
    tab.click(".requests tbody a")
    tab.says("Why this machine", "won", "68.5 behind", "Model at hand", "does not have the model", "310 ms", "no slot", "workstation, epoch 12")
    assert tab.js("location.search").startswith("?trace=9f3c0000")
    tab.js("[...document.querySelectorAll('dialog button')].find(b => b.textContent === 'Ask again').click()")
    tab.says("does not fit into its memory")
    tab.shot(SHOTS / "trace.png", whole=False)
    tab.look(width=360, height=780)
    assert tab.js("document.documentElement.scrollWidth") <= 360
    tab.shot(SHOTS / "trace-phone.png", whole=False)
    tab.click("dialog .close")
    tab.until("!document.querySelector('dialog') && location.search === ''", "the request is closed")
    # Its address opens it again.
    tab.open(f"{alone}/dashboard/mesh?trace={contract.TRACES[0]['request_id']}")
    tab.says("Why this machine", "Mesh")


def test_real_requests_open(tab, fleet):
    ask(fleet.desk)
    tab.open(f"{fleet.desk}/dashboard")
    tab.click(".requests tbody a")
    tab.says("Why this machine", "won", "Tokens out")
    assert tab.js("document.querySelectorAll('dialog .rank').length") >= 1
    check_network(tab, fleet.desk)


@pytest.mark.parametrize("status", [404, 500, 501, 503])
def test_panels_without_an_answer_say_so(tab, alone, status):
    def answer(method, path):
        return (status, {"detail": "the shards rest"}, "application/json") if path.startswith(("/dashboard/api", "/fleet/")) else None
    tab.answer_with(answer)
    for path, title in TABS.items():
        tab.open(f"{alone}/dashboard{path}")
        tab.says(title, {404: "Not in this version", 501: "Not in this version", 500: "the shards rest", 503: "the shards rest"}[status])
    tab.shot(SHOTS / f"refused-{status}.png")


@pytest.mark.parametrize("body", ["", "no json", "[]", "null", "{}", '{"traces": 5, "data": "x", "settings": {}, "nodes": 7, "recommendations": null, "routers": {}}'])
def test_answers_that_are_none_break_no_page(tab, alone, body):
    tab.answer_with(lambda method, path: (200, body, "application/json") if path.startswith(("/dashboard/api", "/fleet/")) else None)
    for path, title in TABS.items():
        tab.open(f"{alone}/dashboard{path}")
        tab.says(title)
        tab.until("!document.querySelector('[aria-busy]')", f"{path} has settled")


def test_names_are_text(tab, alone):
    """What comes from the fleet is never read as HTML."""
    evil = "<img src=x onerror=alert(1)><b>bold</b>"
    frame = contract.picture()
    frame["nodes"][0]["node_id"] = frame["mesh"]["members"][0]["node_id"] = frame["mesh"]["self"] = evil
    frame["warnings"] = [evil]
    full = contract.full()

    def answer(method, path):
        return (200, {"traces": [contract.trace(0, model=evil, error_message=evil, tags=[evil])]}, "application/json") if path == "/dashboard/api/traces" else full(method, path)
    tab.answer_with(answer)
    tab.pictures(frame)
    for path in ("", "/mesh"):
        tab.open(f"{alone}/dashboard{path}")
        tab.says(evil)
        assert tab.js("document.querySelectorAll('img, main b b').length") == 0


def test_tables_where_there_is_no_chart_library(tab, alone):
    full = contract.full()
    tab.answer_with(lambda method, path: (200, "/* none */", "text/javascript") if path.endswith("/chart.js") else full(method, path))
    tab.pictures(contract.picture())
    for path in ("/trends", "/models", "/apps", "/benchmarks"):
        tab.open(f"{alone}/dashboard{path}")
        tab.until("document.querySelectorAll('.chart table').length > 0 && !document.querySelector('canvas')", "tables instead of charts")
    tab.shot(SHOTS / "without-charts.png")


def test_a_dead_peer_is_shown_as_such(tab, fleet):
    """The last of this file: the fleet has one peer less afterwards."""
    tab.open(f"{fleet.desk}/dashboard")
    tab.until("document.querySelectorAll('.machine').length === 3", "three machines")
    fleet.kill("couch")
    tab.until("document.querySelector('.machine.away')?.textContent.includes('couch')", "couch is away", 90)
    tab.says("Last heard", "couch")
    tab.until("/couch (is away|, last seen)|answer: couch/.test(document.getElementById('banners').textContent)", "the line above says so", 60)
    tab.shot(SHOTS / "fleet-dead.png")
    for path in list(TABS)[1:]:
        tab.open(f"{fleet.desk}/dashboard{path}")
        settled(tab)
        tab.shot(SHOTS / f"fleet-dead{path.replace('/', '-')}.png")
    tab.says("unreachable", "out of sight")
    check_network(tab, fleet.desk)
