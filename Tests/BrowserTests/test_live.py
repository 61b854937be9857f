"""What happens while somebody looks."""
import json
import time

from browsing import SHOTS, TABS, ask, check_network
from herdlab import wait_until
from loopback import Loopback, fetch


def setting(url: str, key: str) -> dict:
    return next(e for e in json.loads(fetch(f"{url}/dashboard/api/settings")[2])["settings"] if e["key"] == key)


def test_a_model_that_is_loaded_appears(tab, fleet):
    tab.open(f"{fleet.couch}/dashboard")
    tab.until("document.querySelector('[data-key=\"rack\"]')", "rack is there")
    loaded = "document.querySelector('[data-key=\"rack\"]').textContent.includes('late-demo')"
    assert not tab.js(loaded)
    ask(fleet.desk, model="late-demo")
    tab.until(loaded, "late-demo is in rack's memory")
    # Its request came in at another peer; the list of this one has it as soon as lists are of the whole fleet.
    check_network(tab, fleet.couch)


def test_what_runs_is_counted_while_it_runs(tab, fleet):
    import threading
    tab.open(f"{fleet.desk}/dashboard")
    tab.says("Running")
    worker = threading.Thread(target=lambda: ask(fleet.desk, model="late-demo"))
    worker.start()
    tab.until("[...document.querySelectorAll('.figure')].some(f => f.textContent.startsWith('Running1'))", "one is running")
    worker.join(120)
    tab.until("[...document.querySelectorAll('.figure')].some(f => f.textContent.startsWith('Running0'))", "none is running")


def test_a_setting_reaches_all_peers(tab, browser, fleet):
    other = browser.tab()
    other.look()
    other.open(f"{fleet.rack}/dashboard/settings")
    tab.open(f"{fleet.couch}/dashboard/settings")
    switch = "document.getElementById('set-auto_pull')"
    for page in (tab, other):
        page.until(f"!!{switch}", "the switch is there")
    before = setting(fleet.couch, "auto_pull")["value"]
    tab.click("#set-auto_pull")
    for url in fleet.urls:
        wait_until(f"{url} has it", 30, lambda: setting(url, "auto_pull")["value"] == 1 - before and setting(url, "auto_pull")["source"] == "fleet")
    for page in (tab, other):
        page.until(f"{switch}.checked === {str(before == 0).lower()}", "the switch shows it")
        page.says("Set for the fleet by")
    tab.shot(SHOTS / "settings-changed.png")
    # A number, and one that is refused.
    tab.js("(() => { const i = document.getElementById('set-max_retries'); i.value = '1'; i.onchange({ target: i }); })()")
    for url in fleet.urls:
        wait_until(f"{url} has it", 30, lambda: setting(url, "max_retries")["value"] == 1)
    tab.js("(() => { const i = document.getElementById('set-ticket_wait'); i.value = '999999'; i.onchange({ target: i }); })()")
    tab.says("ticket_wait is a whole number from 0 to 3600")
    tab.js("document.querySelector('[aria-label=\"Pull missing models: each machine’s own\"]').click()")
    wait_until("it is given back", 30, lambda: setting(fleet.desk, "auto_pull")["source"] == "configuration")
    assert other.console == []
    other.close()
    tab.refused.clear()  # The number that was refused.


def test_a_peer_that_goes_and_comes_back(tab, tmp_path):
    loopback = Loopback(tmp_path)
    try:
        url = loopback.peer("brief")
        tab.open(f"{url}/dashboard")
        tab.says("Live", "brief")
        program = loopback.programs[-1]
        program.process.kill()
        program.process.wait(10)
        tab.says("No connection", "This peer does not answer", "brief")
        tab.shot(SHOTS / "away.png")
        again = type(program)(program.process.args, tmp_path / "again.log")
        loopback.add(again)
        tab.says("Live", limit=60)
        tab.until("!document.getElementById('banners').textContent.includes('does not answer')", "the warning is gone")
    finally:
        loopback.stop()


def test_pull_and_delete(tab, fleet):
    tab.open(f"{fleet.couch}/dashboard/recommendations")
    tab.until("[...(document.getElementById('pull-node')?.options ?? [])].some(o => o.value === 'desk')", "desk can be chosen")
    tab.js("document.getElementById('pull-model').value = 'fresh-demo'; document.getElementById('pull-node').value = 'desk'; document.getElementById('pull-model').form.requestSubmit()")
    tab.says("fresh-demo is on desk")
    wait_until("desk has it", 30, lambda: "fresh-demo" in fetch(f"{fleet.engines[0]}/api/tags")[2])
    tab.click("[aria-label='Delete fresh-demo from desk']")
    tab.says("Delete fresh-demo?")
    tab.click("dialog .danger")
    tab.says("fresh-demo was deleted from desk")
    wait_until("desk has it no more", 30, lambda: "fresh-demo" not in fetch(f"{fleet.engines[0]}/api/tags")[2])
    check_network(tab, fleet.couch)


def test_the_tabs_change_without_a_new_page(tab, fleet):
    tab.open(f"{fleet.desk}/dashboard")
    tab.says("Live")
    tab.js("window.same = true")
    for path, title in (("/dashboard/mesh", "Mesh"), ("/dashboard/trends", "Trends"), ("/dashboard", "Fleet Overview")):
        tab.click(f".tabs a[href='{path}']")
        tab.until(f"document.getElementById('title').textContent === {json.dumps(title)} && location.pathname === {json.dumps(path)}", title)
    tab.js("history.back()")
    tab.until("document.getElementById('title').textContent === 'Trends'", "back")
    assert tab.js("window.same") is True
    # One stream for all of it.
    assert len([r for r in tab.requests if "/dashboard/events" in r]) == 1


def test_many_tabs_one_after_the_other_do_not_wait(tab, alone):
    """A browser has six connections for one peer: the live stream of a page that was left must not keep one."""
    for path in [*TABS, *TABS]:
        began = time.monotonic()
        tab.open(f"{alone}/dashboard{path}")
        assert time.monotonic() - began < 30, f"{path} had to wait for a connection"
        tab.until("document.getElementById('live')?.textContent === 'Live'", f"{path} is live", 20)
    tab.js("history.back()")
    tab.until("location.pathname !== '/dashboard/mesh' && document.getElementById('live')?.textContent === 'Live'", "the page before is live again")
