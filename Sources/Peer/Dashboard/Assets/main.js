// Starts the page: which tab, which colours, which key; and what stands above every tab.
import { h, show, byId } from './dom.js';
import { keys, unlock, get, Failure } from './api.js';
import { connect, disconnect, live, onLive } from './live.js';
import { dialog, toast, failed } from './parts.js';
import { repaint, sweep } from './charts.js';
import { missingShards, clearShards } from './shards.js';
import { openTrace } from './trace.js';
import * as f from './format.js';
import overview from './tab-overview.js';
import trends from './tab-trends.js';
import models from './tab-models.js';
import apps from './tab-apps.js';
import benchmarks from './tab-benchmarks.js';
import health from './tab-health.js';
import recommendations from './tab-recommendations.js';
import settings from './tab-settings.js';
import mesh from './tab-mesh.js';

const TABS = { overview, trends, models, apps, tags: apps, benchmarks, health, recommendations, settings, mesh };
let current = null;
let leave = () => {};

/** The tab that the address names. */
const tabOf = (path) => path.replace(/^\/dashboard\/?/, '').replace(/\/$/, '') || 'overview';

function enter() {
  const name = TABS[tabOf(location.pathname)] ? tabOf(location.pathname) : 'overview';
  const wanted = new URLSearchParams(location.search).get('trace');
  if (name !== current) {
    leave();
    clearShards();
    current = name;
    const tab = TABS[name];
    byId('title').textContent = tab.title;
    document.title = `${tab.title} · herd-peer`;
    for (const link of document.querySelectorAll('.tabs a')) {
      const isHere = link.dataset.tab === (name === 'tags' ? 'apps' : name);
      if (isHere) { link.setAttribute('aria-current', 'page'); reveal(link); } else link.removeAttribute('aria-current');
    }
    const main = byId('main');
    main.replaceChildren();
    try { leave = tab.enter(main) ?? (() => {}); } catch (error) { leave = () => {}; show(main, failed(error)); }
    sweep();
  }
  if (wanted) openTrace(wanted, () => { if (new URLSearchParams(location.search).has('trace')) go(location.pathname); });
  else document.querySelector('dialog[data-trace]')?.close();
}

function reveal(link) {
  const strip = link.closest('.tabs');
  if (strip.scrollWidth > strip.clientWidth) strip.scrollLeft = link.offsetLeft - strip.clientWidth / 2 + link.offsetWidth / 2;
}

function go(address) {
  if (address !== location.pathname + location.search) history.pushState(null, '', address);
  const before = current;
  enter();
  if (before !== current) { scrollTo(0, 0); byId('main').focus({ preventScroll: true }); }
}

document.addEventListener('click', (event) => {
  const link = event.target.closest?.('a[href^="/dashboard"]');
  if (!link || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey || link.target) return;
  event.preventDefault();
  go(link.getAttribute('href'));
});
addEventListener('popstate', enter);

// Colours.
function paint(theme) {
  if (theme === 'auto') delete document.documentElement.dataset.theme; else document.documentElement.dataset.theme = theme;
  try { if (theme === 'auto') localStorage.removeItem('herd-theme'); else localStorage.setItem('herd-theme', theme); } catch { /* for this page alone */ }
  repaint();
}
for (const input of byId('themes').querySelectorAll('input')) {
  input.checked = input.value === (document.documentElement.dataset.theme ?? 'auto');
  input.onchange = () => paint(input.value);
}
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', repaint);
// On a phone the one visible choice turns to the next.
byId('themes').addEventListener('click', (event) => {
  if (!matchMedia('(max-width: 30rem)').matches || event.target.nodeName !== 'INPUT') return;
  const all = [...byId('themes').querySelectorAll('input')];
  const next = all[(all.findIndex((input) => input.value === (document.documentElement.dataset.theme ?? 'auto')) + 1) % all.length];
  setTimeout(() => { next.checked = true; paint(next.value); next.focus(); });
});

// What stands above every tab.
let shownState = '';
function above({ frame, state }) {
  const words = { live: ['good', 'Live'], connecting: ['', 'Connecting'], away: ['bad', 'No connection'], locked: ['warning', 'Locked'] };
  const [look, text] = words[state];
  if (state !== shownState && state !== 'connecting') byId('said').textContent = state === 'live' ? 'Live figures' : text;
  shownState = state;
  const router = frame?.mesh?.router;
  show(byId('facts'),
    frame ? h('span.fact.optional', null, 'Peer ', h('b', null, frame.mesh?.self ?? '')) : null,
    frame ? h('span.fact.optional', null, 'Router ', h('b', null, router ? router.node_id : 'none')) : null,
    h('span.badge', { class: look, id: 'live' }, text));
  byId('fleet').textContent = frame?.mesh?.fleet ? `fleet ${frame.mesh.fleet}` : 'one fleet, no server';
  const me = frame?.nodes?.find((node) => node.is_self);
  byId('about').textContent = me?.agent_version ? `herd-peer ${me.agent_version} on ${me.node_id}` : '';
  banners(frame, state);
}

function banners(frame, state) {
  const list = [];
  if (state === 'away') list.push(['bad', h('b', null, 'This peer does not answer. '), 'What you see is from ', live.heard ? f.clock(live.heard / 1000) : 'before', '. The page goes on by itself when it is back; every other peer shows the same fleet.']);
  const missing = missingShards();
  if (missing) list.push(['warning', ...missing]);
  const gone = (frame?.nodes ?? []).filter((node) => node.status === 'offline');
  if (frame && !frame.mesh?.router) list.push(['warning', h('b', null, 'No router. '), 'Requests are served as usual; pulls, pins and fleet settings wait until one is elected.']);
  if (gone.length && !missing && current === 'overview') list.push(['warning', h('b', null, `${gone.map((node) => node.node_id).join(', ')} ${gone.length === 1 ? 'is' : 'are'} away. `), 'Requests go to the other machines.']);
  show(byId('banners'), list.map(([look, ...children], index) => h('div.notice', { class: look, 'data-key': `banner-${index}` }, h('div', null, children))));
}
addEventListener('herd-shards', () => banners(live.frame, live.state));

// The count beside "Health".
async function countProblems() {
  if (document.hidden || live.state !== 'live') return;
  try {
    const { recommendations: checks = [] } = await get('/dashboard/api/health');
    const critical = checks.filter((check) => check.severity === 'critical').length;
    const warning = checks.filter((check) => check.severity === 'warning').length;
    const mark = byId('health-count');
    mark.hidden = critical + warning === 0;
    mark.className = critical ? 'count' : 'count warning';
    mark.textContent = critical || warning;
    mark.setAttribute('aria-label', f.plural(critical || warning, critical ? 'critical problem' : 'warning'));
  } catch (error) {
    if (error instanceof Failure && error.kind === 'missing') clearInterval(problems);
  }
}
const problems = setInterval(countProblems, 30_000);

// The key.
let gate = null;
function askForKey(reason) {
  if (gate) return;
  disconnect();
  const field = h('input', { type: 'password', id: 'key', name: 'key', autocomplete: 'current-password', spellcheck: 'false', placeholder: 'hp-…', required: true, 'aria-describedby': 'key-help' });
  const problem = h('p.small', { role: 'alert', id: 'key-help' }, reason ?? '');
  const form = h('form', {
    onsubmit: async (event) => {
      event.preventDefault();
      keys.set(field.value.trim());
      // Asked past `get`, which would open this dialog again.
      let status = 0;
      try { status = (await fetch('/fleet/queue', { headers: { Authorization: `Bearer ${keys.get()}` }, cache: 'no-store' })).status; } catch { /* no answer */ }
      if (status === 200) { const open = gate; gate = null; open.onclose = () => open.remove(); open.close(); start(); return; }
      keys.clear();
      problem.textContent = status === 401 ? 'This is not a key of this fleet, or it was revoked.' : status === 403 ? 'This key may not look at the fleet: ask for one with --scope observe.' : 'This peer does not answer.';
      field.select();
    },
  }, h('h2', null, 'This fleet wants a key'),
  h('p.soft.small', null, 'A key with the scope ', h('code', null, 'observe'), ' shows the dashboard; changing things takes ', h('code', null, 'manage'), '. On a machine of the fleet: ', h('code', null, 'herd-peer keys add NAME --scope observe,manage')),
  h('div.field', null, h('label', { for: 'key' }, 'Client key'), field), problem,
  h('p.muted.small', null, 'It is kept in this browser tab until you close it.'),
  h('div.row', null, h('button.main', { type: 'submit' }, 'Open the dashboard')));
  gate = dialog('Client key', () => form, { narrow: true, onClose: () => { gate = null; askForKey(); } });
  gate.onclick = null;
  field.focus();
}
unlock.wanted = () => { const had = keys.get() !== ''; keys.clear(); askForKey(had ? 'The key that was used is not good any more.' : ''); };

function start() {
  onLive(above);
  connect();
  setTimeout(countProblems, 1_500);
  current = null;
  enter();
}

addEventListener('unhandledrejection', (event) => { event.preventDefault(); toast(event.reason?.message ?? 'Something went wrong in this page.', 'bad'); });
if (document.documentElement.dataset.keys === 'on' && !keys.get()) {
  above(live);
  askForKey();
} else {
  start();
}
