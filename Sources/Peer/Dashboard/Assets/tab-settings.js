// Settings: what the fleet shares, what it does, who wrote it; and the machines with their versions.
import { h } from './dom.js';
import { get, post } from './api.js';
import { panel, badge, label, table, toast, segments, notice } from './parts.js';
import { live } from './live.js';
import * as f from './format.js';

const PATH = '/dashboard/api/settings';
/** Names that people know, and words for values that are numbers on the wire. */
const NAMES = {
  auto_pull: ['Pull missing models', null],
  dynamic_num_ctx: ['Contexts by need', null],
  vram_fallback: ['Another model may answer', ['Never', 'Always', 'Where the wanted one fits nowhere']],
  max_retries: ['Further tries', null, 'tries'], ticket_wait: ['Wait for a free machine', null, 's'], ticket_limit: ['Requests that may wait', null, 'requests'],
  trace_retention_days: ['Keep requests for', null, 'days'],
};
const problems = new Map();

function enter(main) {
  let scope = 'fleet';
  const one = panel({
    title: 'Fleet settings', about: 'Written once, in force on every machine within a second, without a restart.', flush: true,
    tools: [h('span.small.muted', { 'aria-hidden': 'true' }, 'Written by'), segments('Written by', [['fleet', 'the router'], ['local', 'this peer alone']], scope, (value) => { scope = value; one.redraw(); })],
    load: () => get(PATH), draw: (data) => draw(data, scope, one),
  });
  const nodes = panel({ title: 'Machines and versions', flush: true, load: () => get(PATH), draw: drawNodes });
  const server = panel({ title: 'This peer', about: 'Set where it is started: flags, environment, file. herd-peer config prints every key with its origin.', load: () => get(PATH), draw: drawServer });
  main.append(one.element, nodes.element, server.element);
  const all = () => { one.refresh(); nodes.refresh(); };
  all();
  server.refresh();
  // What another peer writes is seen here without a reload.
  const timer = setInterval(() => { if (!document.hidden && live.state === 'live') all(); }, 2_000);
  return () => { clearInterval(timer); problems.clear(); };
}

async function write(key, value, scope, one) {
  problems.delete(key);
  try {
    const answer = await post(`${PATH}?scope=${scope}`, { [key]: value });
    if (answer.status === 'no_change') problems.set(key, answer.message);
    else toast(`${name(key)}: ${value === null ? 'each machine’s own' : words(key, value)}${answer.scope === 'local' ? ', written by this peer' : ', for the whole fleet'}`);
  } catch (error) {
    problems.set(key, error.message);
    toast(`${name(key)} was not changed: ${error.message}`, 'bad');
  }
  one.redraw();
  await one.refresh();
}

const name = (key) => NAMES[key]?.[0] ?? f.capital(key);
const words = (key, value) => NAMES[key]?.[1]?.[value] ?? (isToggle(key) ? (value ? 'on' : 'off') : `${f.count(value)} ${NAMES[key]?.[2] ?? ''}`.trim());
let ranges = new Map();
const isToggle = (key) => { const found = ranges.get(key); return found && found.least === 0 && found.most === 1; };

function draw({ settings = [], unknown_settings: unknown = {} }, scope, one) {
  ranges = new Map(settings.map((entry) => [entry.key, entry]));
  return [
    scope === 'local' ? h('div.inside', null, notice('info', h('b', null, 'Without the router. '), 'For the time when there is none. It spreads to the others as well, and gives way to what a router writes later.')) : null,
    scope === 'fleet' && live.frame && !live.frame.mesh?.router ? h('div.inside', null, notice('warning', h('b', null, 'There is no router now. '), 'Changes are refused until one is elected; “this peer alone” works at once.')) : null,
    h('div', null, settings.map((entry) => setting(entry, scope, one))),
    Object.keys(unknown).length ? h('p.inside.small.muted', null, `Set by a newer version and not known here: ${Object.entries(unknown).map(([key, value]) => `${key} = ${value}`).join(', ')}.`) : null,
  ];
}

function setting(entry, scope, one) {
  const id = `set-${entry.key}`;
  const from = entry.source === 'fleet' ? `Set for the fleet${entry.writer ? ` by ${entry.writer}` : ''}${entry.epoch ? `, epoch ${entry.epoch}` : ''}; this machine’s own: ${words(entry.key, entry.configured)}` : 'From this machine’s own configuration; no value for the fleet';
  const save = (value) => write(entry.key, value, scope, one);
  return h('div.setting', { 'data-key': entry.key, class: isToggle(entry.key) ? 'toggle' : '' },
    h('div', null, h('label', { for: id }, h('b', null, name(entry.key))), h('p.small.soft', { id: `${id}-what` }, meaning(entry)),
      h('p.from', null, h('code', null, entry.key), ' · ', from)),
    h('div.control', null, control(entry, id, save),
      entry.source === 'fleet' ? h('button.quiet', { type: 'button', title: 'Give it back to each machine’s own configuration', 'aria-label': `${name(entry.key)}: each machine’s own`, onclick: () => save(null) }, 'Reset') : null),
    problems.has(entry.key) ? h('p.problem', { role: 'alert' }, problems.get(entry.key)) : null);
}

/** What it does, without the numbers that stand for words. */
function meaning(entry) {
  const text = NAMES[entry.key]?.[1] ? entry.meaning.split(':')[0] : entry.meaning.replace(/^1: /, '');
  return `${f.capital(text)}.`;
}

function control(entry, id, save) {
  const said = { id, 'aria-describedby': `${id}-what` };
  if (isToggle(entry.key)) {
    return h('span.switch', null, h('input', { ...said, type: 'checkbox', role: 'switch', checked: entry.value === 1, onchange: (event) => save(event.target.checked ? 1 : 0) }), h('i', { 'aria-hidden': 'true' }));
  }
  const choices = NAMES[entry.key]?.[1];
  if (choices) {
    return h('select', { ...said, onchange: (event) => save(Number(event.target.value)) }, choices.map((text, value) => h('option', { value: String(value), selected: value === entry.value }, text)));
  }
  const submit = (input) => { const value = Number(input.value); if (input.value !== '' && Number.isInteger(value) && value !== entry.value) save(value); };
  return h('span.row.tight', null, h('input', { ...said, type: 'number', min: entry.least, max: entry.most, step: 1, value: String(entry.value), onchange: (event) => submit(event.target) }), NAMES[entry.key]?.[2] ? h('span.muted.small', null, NAMES[entry.key][2]) : null);
}

function drawNodes({ nodes = [], router_version: mine }) {
  return table([
    { name: 'Machine', cell: (node) => h('span.row.tight', null, node.node_id, node.is_router ? label('router', 'accent') : null) },
    { name: 'State', cell: (node) => badge(node.status) },
    { name: 'Version', cell: (node) => (node.agent_version && node.agent_version !== mine ? badge('warning', node.agent_version) : node.agent_version ?? '–') },
    { name: 'Address', optional: true, cell: (node) => h('span.mono', null, node.ip ?? '–') },
    { name: 'In memory', number: true, cell: (node) => f.count(node.models_loaded_count) },
  ], nodes, { caption: 'Machines and versions', key: (node) => node.node_id, rowClass: (node) => (node.status === 'offline' ? 'away' : '') });
}

function drawServer({ config = {}, router_version: version, router_hostname: router }) {
  const rows = [['Version', version], ['Router', router ?? 'none'], ['Address', `${config.server?.host ?? '–'}:${config.server?.port ?? '–'}`], ['Files', config.server?.data_dir ?? '–'], ['Telemetry', 'none: nothing leaves this network']];
  return h('dl.facts-list', null, rows.map(([key, value]) => h('div', null, h('dt', null, key), h('dd', null, value))));
}

export default { title: 'Settings', enter };
