"""What people need who cannot see well, use no mouse, or hold a phone: names, contrast, order, keyboard, room."""
import pytest

import contract
from browsing import TABS

CONTRAST = """(() => {
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const known = new Map();
  const rgba = (text) => {
    if (!known.has(text)) { canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = text; canvas.fillRect(0, 0, 1, 1); known.set(text, [...canvas.getImageData(0, 0, 1, 1).data].map((v, i) => i === 3 ? v / 255 : v)); }
    return known.get(text);
  };
  const over = (a, b) => a.slice(0, 3).map((v, i) => v * a[3] + b[i] * (1 - a[3]));
  const light = (c) => { const [r, g, b] = c.map((v) => { const s = v / 255; return s <= 0.04045 ? s / 12.92 : ((s + 0.055) / 1.055) ** 2.4; }); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
  const ground = (element) => {
    const layers = [];
    for (let one = element; one; one = one.parentElement) { const c = rgba(getComputedStyle(one).backgroundColor); if (c[3] > 0) layers.push(c); if (c[3] === 1) break; }
    return layers.reduceRight((below, layer) => over(layer, below), [255, 255, 255]);
  };
  const bad = [];
  let count = 0;
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    if (!node.data.trim() || !element.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true }) || element.closest('.unseen, noscript, :disabled, svg, .skip')) continue;
    const style = getComputedStyle(element);
    const back = ground(element);
    const front = over(rgba(style.color), back);
    const [a, b] = [light(front), light(back)].sort((x, y) => y - x);
    const size = parseFloat(style.fontSize);
    const isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    count += 1;
    if ((a + 0.05) / (b + 0.05) < (isLarge ? 3 : 4.5)) bad.push(`${node.data.trim().slice(0, 40)}: ${((a + 0.05) / (b + 0.05)).toFixed(2)} ${style.color} on ${back}`);
  }
  return { bad, count };
})()"""

SMALL = """[...document.querySelectorAll('button, input, select, summary, .tabs a')].filter((e) => e.checkVisibility() && !e.closest('[hidden]')).filter((e) => {
  const box = (e.closest('label.choice, .segments label, .switch') ?? e).getBoundingClientRect(); return box.width < 24 || box.height < 24; }).map((e) => e.outerHTML.slice(0, 120))"""

WIDE = """[...document.querySelectorAll('body *')].filter((e) => e.checkVisibility() && !e.closest('.scroll, .tabs, .unseen, .skip, .toasts') && e.getBoundingClientRect().right > innerWidth + 0.5).map((e) => e.outerHTML.slice(0, 160)).slice(0, 5)"""

ROLES = {"button", "link", "textbox", "searchbox", "combobox", "switch", "checkbox", "radio", "spinbutton", "image", "meter", "dialog", "region", "navigation", "table", "group", "Date"}


def full(tab, url: str, path: str, dead: bool = False) -> None:
    tab.answer_with(contract.full(dead))
    tab.pictures(contract.picture(dead))
    tab.open(f"{url}/dashboard{path}")
    tab.until("!document.querySelector('[aria-busy], main .wait') && document.getElementById('live')?.textContent === 'Live'", "everything is there")


def nameless(tab) -> list[str]:
    """Controls, pictures and landmarks without a name, as Chromium tells them to a screen reader."""
    found = []
    for node in tab.call("Accessibility.getFullAXTree")["nodes"]:
        role = node.get("role", {}).get("value")
        if node.get("ignored") or role not in ROLES or node.get("name", {}).get("value", "").strip():
            continue
        html = tab.call("DOM.getOuterHTML", backendNodeId=node["backendDOMNodeId"])["outerHTML"][:160] if "backendDOMNodeId" in node else ""
        if role == "group" and "<fieldset" not in html:
            continue
        found.append(f"{role}: {html}")
    return found


@pytest.mark.parametrize("path", TABS)
def test_everything_has_a_name(tab, alone, path):
    full(tab, alone, path, dead=True)
    assert nameless(tab) == []
    assert tab.js("document.documentElement.lang") == "en"
    # One main, one first heading, and no level left out.
    assert tab.js("[document.querySelectorAll('main').length, document.querySelectorAll('h1').length, document.querySelectorAll('nav').length].join()") == "1,1,1"
    levels = tab.js("[...document.querySelectorAll('h1, h2, h3, h4')].filter((e) => e.checkVisibility()).map((e) => Number(e.nodeName[1]))")
    assert levels[0] == 1 and all(b <= a + 1 for a, b in zip(levels, levels[1:])), levels
    assert tab.js("[...document.querySelectorAll('[id]')].map((e) => e.id).filter((id, i, all) => all.indexOf(id) !== i)") == []
    for attribute in ("for", "aria-describedby", "aria-labelledby"):
        assert tab.js(f"[...document.querySelectorAll('[{attribute}]')].map((e) => e.getAttribute('{attribute}')).filter((id) => !document.getElementById(id))") == []


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("path", [*TABS, f"?trace={contract.TRACES[0]['request_id']}"])
def test_contrast(tab, alone, path, dark):
    tab.look(dark=dark)
    full(tab, alone, path, dead=True)
    if "trace" in path:
        tab.says("Why this machine")
    found = tab.js(CONTRAST)
    assert found["count"] > 30 and found["bad"] == []


@pytest.mark.parametrize("path", TABS)
def test_a_phone_has_room(tab, alone, path):
    tab.look(width=360, height=740)
    full(tab, alone, path, dead=True)
    assert tab.js("document.documentElement.scrollWidth") <= 360
    assert tab.js(WIDE) == []
    assert tab.js(SMALL) == []


def focus(tab) -> dict:
    return tab.js("""(() => { const e = document.activeElement, s = getComputedStyle(e), box = e.getBoundingClientRect();
      const shown = e.matches('.segments input, .switch input') ? getComputedStyle(e.matches('.switch input') ? e.nextElementSibling : e.parentElement) : s;
      return { what: e.nodeName, id: e.id, text: (e.getAttribute('aria-label') ?? e.textContent).trim().slice(0, 60), ring: shown.outlineStyle !== 'none' && parseFloat(shown.outlineWidth) >= 2,
        inDialog: !!e.closest('dialog'), seen: box.width > 0 && box.height > 0 }; })()""")


def test_by_keyboard_alone(tab, alone):
    full(tab, alone, "")
    tab.press("Tab")
    assert focus(tab)["text"] == "Skip to content" and focus(tab)["ring"]
    tab.press("Enter")
    assert tab.js("document.activeElement.id") == "main"
    # From there to the list of requests; every stop can be seen.
    stops = []
    for _ in range(80):
        tab.press("Tab")
        now = focus(tab)
        assert now["ring"] and now["seen"], now
        stops.append(now["text"])
        if "why this machine" in now["text"]:
            break
    else:
        raise AssertionError(f"the requests were not reached: {stops}")
    tab.press("Enter")
    tab.says("Why this machine")
    assert focus(tab)["inDialog"]
    for _ in range(12):
        tab.press("Tab")
        assert focus(tab)["inDialog"] or focus(tab)["what"] == "BODY", "the dialog keeps the focus"
    tab.press("Escape")
    tab.until("!document.querySelector('dialog')", "it is closed")
    assert "why this machine" in focus(tab)["text"], "the focus is back where it was"
    # The live picture changes every second and takes nobody's focus away.
    tab.js("new Promise((done) => setTimeout(done, 2500))")
    assert "why this machine" in focus(tab)["text"]


def test_settings_by_keyboard(tab, fleet):
    tab.open(f"{fleet.desk}/dashboard/settings")
    tab.until("!!document.getElementById('set-auto_pull')", "settings are there")
    before = tab.js("document.getElementById('set-auto_pull').checked")
    tab.js("document.getElementById('set-auto_pull').focus()")
    tab.press(" ")
    tab.says("Pull missing models: " + ("off" if before else "on"))
    tab.until(f"document.getElementById('set-auto_pull').checked === {str(not before).lower()} && document.activeElement.id === 'set-auto_pull'", "it is changed and still has the focus")


def test_colours_as_chosen(tab, alone):
    paper = "getComputedStyle(document.body).backgroundColor"
    tab.look(dark=True)
    full(tab, alone, "")
    dark = tab.js(paper)
    tab.click("#themes input[value=light]")
    light = tab.js(paper)
    assert light != dark and tab.js("localStorage.getItem('herd-theme')") == "light"
    tab.open(f"{alone}/dashboard/trends")
    assert tab.js(paper) == light
    tab.click("#themes input[value=auto]")
    tab.until(f"{paper} === {dark!r}", "as the system says")


def test_stillness(tab, alone):
    full(tab, alone, "")
    assert tab.js("document.getAnimations().length") == 0
    assert tab.js("[...document.querySelectorAll('*')].filter((e) => parseFloat(getComputedStyle(e).transitionDuration) > 0).length") == 0
