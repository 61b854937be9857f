"""A fleet with client keys: the page asks for one before it asks for anything else."""
import subprocess

import pytest

from browsing import SHOTS, need
from herdlab import BINARY, wait_until
from loopback import Loopback, fetch


@pytest.fixture
def locked(tmp_path):
    """A peer with two keys: its URL, a key that may look and one that may not."""
    need()
    loopback = Loopback(tmp_path)
    try:
        url = loopback.peer("vault", ollama=loopback.engine("llama-demo"))

        def key(name: str, scope: str) -> str:
            r = subprocess.run([str(BINARY), "keys", "add", name, "--scope", scope, "--port", url.rsplit(":", 1)[1], "--data-dir", str(tmp_path / "vault")],
                               stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)
            assert r.returncode == 0, r.stderr
            return r.stdout.strip()
        keys = key("looker", "observe"), key("asker", "infer")
        wait_until("keys are wanted", 30, lambda: fetch(f"{url}/fleet/status")[0] == 401)
        yield url, *keys
    finally:
        loopback.stop()


def give(tab, key: str) -> None:
    tab.js(f"(() => {{ const field = document.getElementById('key'); field.value = {key!r}; field.form.requestSubmit(); }})()")


def test_the_page_asks_for_a_key(tab, locked):
    url, looker, asker = locked
    tab.open(f"{url}/dashboard")
    tab.says("This fleet wants a key")
    assert tab.js("document.activeElement.id") == "key"
    assert not tab.refused and not [r for r in tab.requests if "/api/" in r or "/fleet/" in r or "/events" in r]
    tab.shot(SHOTS / "key.png")
    give(tab, "hp-nonsense")
    tab.says("not a key of this fleet")
    give(tab, asker)
    tab.says("may not look at the fleet")
    give(tab, looker)
    tab.says("Live", "vault")
    assert tab.js("sessionStorage.getItem('herd-key')") == looker
    assert looker not in tab.js("location.href + document.cookie + JSON.stringify(localStorage)")
    # The stream alone has it in its address.
    assert {r.split("?")[0] for r in tab.requests if looker in r} == {f"{url}/dashboard/events"}
    tab.refused.clear()
    tab.open(f"{url}/dashboard/mesh")
    tab.says("Live", "Members")
    assert not [r for r in tab.refused if r[0] in (401, 403)]


def test_what_a_key_may_not_do_is_said(tab, locked):
    url, looker, _ = locked
    tab.open(f"{url}/dashboard/settings")
    give(tab, looker)
    tab.until("!!document.getElementById('set-auto_pull')", "settings are there")
    tab.click("#set-auto_pull")
    tab.says("this needs manage")


def test_a_key_that_is_revoked_is_asked_for_again(tab, locked, tmp_path):
    url, looker, _ = locked
    tab.open(f"{url}/dashboard")
    give(tab, looker)
    tab.says("Live")
    r = subprocess.run([str(BINARY), "keys", "revoke", "looker", "--port", url.rsplit(":", 1)[1], "--data-dir", str(tmp_path / "vault")],
                       stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)
    assert r.returncode == 0, r.stderr
    tab.says("This fleet wants a key", "not good any more")
    assert tab.js("sessionStorage.getItem('herd-key')") is None
