// Fleet Overview: machines, what runs and waits, and the latest requests.
import { h, show } from './dom.js';
import { get } from './api.js';
import { live, onLive, member } from './live.js';
import { badge, label, figures, meter, table, empty, panel, waiting } from './parts.js';
import { requests } from './requests.js';
import { noteShards } from './shards.js';
import * as f from './format.js';

function enter(main) {
  const top = h('div');
  const machines = h('div.machines', null, h('div.card', null, h('div.inside', null, waiting())));
  const queues = h('div.inside.flush');
  const list = requests();
  let totals = null;
  let waitingHere = null;
  main.append(top, h('section', { class: 'stack', 'aria-label': 'Machines' }, h('h2', null, 'Machines'), machines), briefing(),
    h('section.card', { 'aria-label': 'Queues' }, h('header', null, h('h2', null, 'Queues'), h('p', null, 'What runs and waits, per machine and model.')), queues),
    list.element);

  const draw = ({ frame }) => {
    if (!frame) return;
    show(top, summary(frame, totals));
    show(machines, frame.nodes.length ? frame.nodes.toSorted(byState).map(machine) : empty('No machines yet', 'This peer has just started.'));
    show(queues, queueTable(frame, waitingHere));
  };
  const sums = async () => { try { totals = noteShards('overview', await get('/dashboard/api/overview')); draw(live); } catch { /* the figures go without */ } };
  const line = async () => {
    if (!live.frame?.tickets?.waiting && !Object.values(live.frame?.queues ?? {}).some((queue) => queue.pending)) { waitingHere = null; return; }
    try { const answer = await get('/fleet/queue'); waitingHere = answer.waiting ?? answer.tickets ?? null; draw(live); } catch { /* the table stays */ }
  };
  const stop = onLive(draw);
  sums();
  list.refresh();
  const timer = setInterval(() => { if (!document.hidden && live.state === 'live') { list.refresh(); line(); } }, 2_500);
  const slow = setInterval(() => { if (!document.hidden && live.state === 'live') sums(); }, 10_000);
  return () => { stop(); clearInterval(timer); clearInterval(slow); };
}

const byState = (a, b) => (a.status === 'offline') - (b.status === 'offline') || b.is_self - a.is_self || a.node_id.localeCompare(b.node_id);

function summary(frame, totals) {
  const { fleet } = frame;
  const waits = Math.max(frame.tickets?.waiting ?? 0, 0) + Object.values(frame.queues).reduce((sum, queue) => sum + queue.pending, 0);
  const loaded = frame.nodes.filter((node) => node.status !== 'offline').flatMap((node) => node.ollama.models_loaded);
  const slots = frame.nodes.filter((node) => node.status !== 'offline').reduce((sum, node) => sum + node.free_slots, 0);
  return figures([
    ['Machines', [fleet.nodes_online, h('small', null, `of ${fleet.nodes_total}`)], fleet.nodes_online < fleet.nodes_total ? 'some are away' : 'all answer', fleet.nodes_online < fleet.nodes_total ? 'warning' : ''],
    ['Running', f.count(fleet.requests_active), `${f.plural(slots, 'slot')} free`],
    ['Waiting', f.count(waits), waits ? 'for a free slot' : 'nobody waits', waits ? 'warning' : ''],
    ['In memory', [f.count(loaded.length), h('small', null, loaded.length === 1 ? 'model' : 'models')], f.gigabytes(loaded.reduce((sum, one) => sum + one.size_gb, 0))],
    ['Requests', totals ? f.count(totals.total_requests) : '–', 'of all machines'],
    ['Tokens', totals ? f.count(totals.total_tokens) : '–', totals ? `${f.count(totals.total_completion_tokens)} written` : 'all machines'],
  ]);
}

function machine(node) {
  const known = member(node.node_id);
  const isAway = node.status === 'offline';
  const isRouter = live.frame.mesh?.router?.node_id === node.node_id;
  const head = h('header', null, h('h3.ellipsis', { title: node.node_id }, node.node_id),
    h('span.row.tight.push', null, isRouter ? label('router', 'accent') : null, node.is_self ? label('this peer') : null,
      node.draining ? badge('warning', 'draining') : null, badge(isAway && known?.reason ? known.reason : node.status)));
  const about = [node.hardware.chip, node.hardware.cores_physical ? `${node.hardware.cores_physical} cores` : '', node.thermal.temperature_c && !isAway ? `${node.thermal.temperature_c} °C` : '', ...node.gpus.map((gpu) => gpu.name), node.backends.map((one) => `${one.kind}${one.version ? ` ${one.version}` : ''}`).join(', ')].filter(Boolean);
  return h('article.card.machine', { class: isAway ? 'away' : '', 'data-key': node.node_id, 'aria-label': `${node.node_id}, ${node.status}` },
    head, h('div.about', null, about.map((text) => h('span', null, text))),
    isAway ? away(node, known) : [
      node.draining ? h('p.small.soft', null, 'Finishes what it has and takes nothing new.') : null,
      trouble(node), memory(node), loadAndSlots(node), loaded(node)]);
}

function away(node, known) {
  const heard = known?.age_ms === null || known?.age_ms === undefined ? 'It was not heard since this peer started.' : `Last heard ${f.long(known.age_ms / 1000)} ago.`;
  const why = known?.reason === 'asleep' ? 'It said that it goes to sleep, and is asked again when it wakes.' : 'Check that it is on, on the same network, and that herd-peer runs there. It is tried again by itself.';
  return h('p.small.soft', null, `${heard} ${why}`);
}

function trouble(node) {
  const silent = node.backends.filter((one) => !one.reachable);
  if (silent.length) return h('p.small', null, badge('warning', silent.map((one) => one.kind).join(', ')), ` ${silent[0].problem ?? 'does not answer'}`);
  if (!node.backends.length) return h('p.small.soft', null, 'No engine here: it passes requests on. Start Ollama, or name an engine with --backend.');
  return null;
}

function memory(node) {
  const { total_gb: total, available_gb: free, pressure } = node.memory;
  if (!total) return null;
  const models = node.ollama.models_loaded;
  const held = models.reduce((sum, one) => sum + one.size_gb, 0);
  const rest = Math.max(0, total - free - held);
  return h('div', null,
    h('div.label', null, h('b', null, 'Memory'), h('span', null, pressure === 'normal' ? null : [badge(pressure === 'critical' ? 'critical' : 'warning', `pressure ${pressure}`), ' '], `${f.gigabytes(free)} free of ${f.gigabytes(total)}`)),
    h('div.strip', { role: 'img', 'aria-label': `Memory: models ${f.gigabytes(held)}, other ${f.gigabytes(rest)}, free ${f.gigabytes(free)} of ${f.gigabytes(total)}` },
      models.map((one, index) => h('i', { title: `${f.model(one.name)}: ${f.gigabytes(one.size_gb)}`, style: { '--v': `${one.size_gb / total * 100}%`, '--c': `var(--series-${index % 8 + 1})` } })),
      h('i.rest', { title: `Other: ${f.gigabytes(rest)}`, style: { '--v': `${rest / total * 100}%` } })));
}

function loadAndSlots(node) {
  const active = node.ollama.requests_active;
  const slots = active + node.free_slots;
  return h('div.pair', null,
    h('div', null, h('div.label', null, h('b', null, 'Processor'), h('span', null, f.percent(node.cpu.utilization_pct))), meter(node.cpu.utilization_pct, 'Processor', 'plain')),
    node.gpus.length
      ? h('div', null, h('div.label', null, h('b', null, 'GPU'), h('span', null, f.percent(node.gpus[0].utilization_pct))), meter(node.gpus[0].utilization_pct, 'GPU', 'plain'))
      : h('div', null, h('div.label', null, h('b', null, 'Slots'), h('span', null, `${active} of ${slots} in use`)), slotDots(active, slots)));
}

function slotDots(active, slots) {
  if (!slots) return h('span.small.muted', null, 'none');
  return h('span.slots', { 'aria-hidden': 'true' }, Array.from({ length: Math.min(slots, 24) }, (_, index) => h('i', { class: index < active ? 'on' : '' })));
}

function loaded(node) {
  const models = node.ollama.models_loaded;
  const disk = node.ollama.models_available_count;
  const foot = h('p.small.muted', null, `${f.plural(disk, 'model')} on disk${node.ollama.models_available_gb ? `, ${f.gigabytes(node.ollama.models_available_gb)}` : ''}`);
  if (!models.length) return node.backends.some((one) => one.reachable) ? [h('p.small.soft', null, 'No model in memory. The first request for one loads it.'), foot] : null;
  return [h('ul.loaded', { 'aria-label': 'Models in memory' }, models.map((one, index) => h('li', { 'data-key': one.name },
    h('i.swatch', { style: { '--c': `var(--series-${index % 8 + 1})` } }), h('span.ellipsis', { title: one.name }, f.model(one.name)),
    one.requests_active ? label(`${one.requests_active} running`, 'accent') : null,
    h('span.size', null, one.context_length ? h('span.ctx', null, `${f.count(one.context_length)} ctx · `) : null, f.gigabytes(one.size_gb))))), foot];
}

function queueTable(frame, line) {
  const rows = Object.entries(frame.queues).map(([key, queue]) => ({ key, ...queue })).toSorted((a, b) => b.pending + b.in_flight - a.pending - a.in_flight || b.completed - a.completed || a.key.localeCompare(b.key));
  if (!rows.length) {
    return empty('Nothing has been asked yet', h('span', null, 'Any program that speaks to Ollama, OpenAI or Anthropic can use this peer. Try: ', h('code', null, `curl ${location.origin}/api/tags`)));
  }
  return [table([
    { name: 'Model', cell: (row) => h('span.cell.ellipsis', { title: row.model }, f.model(row.model)) },
    { name: 'Machine', cell: (row) => row.node_id },
    { name: 'Slots', cell: (row) => h('span.row.tight', null, slotDots(row.in_flight, row.concurrency), h('span.unseen', null, `${row.in_flight} of ${row.concurrency} in use`), row.idle ? h('span.muted', null, 'idle') : row.instant ? h('span.muted', null, 'at once') : null) },
    { name: 'Waiting', number: true, cell: (row) => (row.pending ? label(f.count(row.pending), 'warning') : '0') },
    { name: 'Done', number: true, optional: true, cell: (row) => f.count(row.completed) },
    { name: 'Failed', number: true, optional: true, cell: (row) => (row.failed ? label(f.count(row.failed), 'bad') : '0') },
    { name: '75 % within', number: true, optional: true, cell: (row) => f.span(row.p75_latency_ms ?? row.avg_latency_ms ?? NaN) },
  ], rows.slice(0, 60), { caption: 'Queues', key: (row) => row.key, stacked: true }), waitingLine(line)];
}

const WAITS = { busy: 'every machine is busy', loading: 'the model is being loaded', unavailable: 'no machine can serve it now', slot: 'has its machine, waits for a slot' };

/** Who waits, in the order of their turns. */
function waitingLine(line) {
  if (!Array.isArray(line) || !line.length) return null;
  return h('div', { 'data-key': 'waiting' }, h('h3.between', null, `Waiting: ${line.length}`), table([
    { name: 'Position', cell: (one) => `${one.position ?? '–'}` },
    { name: 'Model', cell: (one) => f.model(one.model) },
    { name: 'Best machine', cell: (one) => one.node_id || one.node || 'none yet' },
    { name: 'Came to', cell: (one) => one.at ?? 'this peer' },
    { name: 'Why', cell: (one) => WAITS[one.reason] ?? f.words(one.reason ?? '–') },
    { name: 'Waits since', number: true, cell: (one) => f.span(one.waited_ms ?? one.waiting_ms ?? NaN) },
    { name: 'Expected in', number: true, cell: (one) => f.span(one.estimated_wait_ms ?? one.estimated_ms ?? NaN) },
  ], line.slice(0, 50), { caption: 'Requests that wait', key: (one) => one.request_id ?? one.request ?? one.position }));
}

/** The fleet in words, where somebody switched that on. */
function briefing() {
  const place = h('div', { hidden: true });
  get('/dashboard/api/briefing').then((answer) => {
    if (!answer.enabled || !answer.briefing) return;
    place.hidden = false;
    const one = panel({ title: 'Briefing', about: `By ${answer.model ?? 'a model of the fleet'}, ${f.ago(f.bucket(answer.generated_at))}`, load: async () => answer, draw: (data) => h('p', null, data.briefing) });
    place.append(one.element);
    one.refresh();
  }, () => {});
  return place;
}

export default { title: 'Fleet Overview', enter };
