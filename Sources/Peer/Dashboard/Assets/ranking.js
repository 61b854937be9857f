// Why a machine won: every candidate with its terms as a bar, and why the others were out.
import { h } from './dom.js';
import { badge, label, table } from './parts.js';
import { nameOf } from './live.js';
import * as f from './format.js';

/** The terms of a score, in the order of their colours, with what they mean. */
export const SIGNALS = [
  ['thermal', 'Model at hand', 'in memory, warm, or only on disk'],
  ['memory_fit', 'Room', 'memory left for the model'],
  ['queue_depth', 'Requests before it', 'a cost for each that runs or waits there'],
  ['wait_time', 'Expected wait', 'a cost by how long those usually take'],
  ['role_affinity', 'Right size', 'large models to large machines'],
  ['availability_trend', 'Free at this hour', 'by what was learned of its days'],
  ['context_fit', 'Context fits', 'the loaded context holds the prompt'],
  ['session_affinity', 'Same conversation', 'this conversation last ran there'],
  ['prefix_affinity', 'Same beginning', 'the prompt began like one that ran there'],
];

const REASONS = {
  unreachable: 'could not be reached', left: 'had left the fleet', excluded: 'had failed this request before',
  draining: 'takes nothing new: it drains', no_backend: 'no engine answers there', memory_critical: 'its memory is nearly full',
  unavailable: 'is not free now', model_missing: 'does not have the model', wrong_dialect: 'its engine does not speak this API',
  missing_capability: 'its model cannot do what was asked', does_not_fit: 'the model does not fit into its memory',
  suspect: 'had missed probes while healthy machines were there',
};
export const reason = (word) => REASONS[word] ?? f.words(word || 'not said');

const series = (index) => `var(--series-${index % 8 + 1})`;
/** Names of machines that this peer does not know, as an answer gave them. */
let told = {};
export const tell = (names) => { told = { ...told, ...names }; };
const machine = (one) => one.node_id ?? one.node ?? told[one.peer] ?? nameOf(one.peer);
const value = (one, signal) => Number(one.signals?.[signal] ?? 0) || 0;

/** Candidates, best first. `won` is the name of the machine that served. */
export function ranking(candidates, won) {
  const all = candidates.toSorted((a, b) => (b.score ?? 0) - (a.score ?? 0));
  const used = SIGNALS.map(([name], index) => ({ name, index })).filter(({ name }) => all.some((one) => value(one, name) !== 0));
  const gains = Math.max(0, ...all.map((one) => used.reduce((sum, { name }) => sum + Math.max(0, value(one, name)), 0)));
  const costs = Math.max(0, ...all.map((one) => used.reduce((sum, { name }) => sum - Math.min(0, value(one, name)), 0)));
  const whole = gains + costs || 1;
  return [
    h('ul.legend', { 'aria-hidden': 'true' }, used.map(({ index }) => h('li', null, h('i.swatch', { style: { '--c': series(index) } }), SIGNALS[index][1]))),
    h('div.ranks', null, all.map((one, place) => row(one, place, { used, whole, gains, costs, won, best: all[0] }))),
    matrix(all, used, won),
  ];
}

function row(one, place, { used, whole, gains, costs, won, best }) {
  const name = machine(one);
  const isWinner = name === won;
  const cost = used.filter(({ name: signal }) => value(one, signal) < 0);
  const gain = used.filter(({ name: signal }) => value(one, signal) > 0);
  const bar = ({ name: signal, index }, part) => h('i', {
    style: { '--c': series(index), '--v': `${Math.abs(value(one, signal)) / (part || 1) * 100}%` }, title: `${SIGNALS[index][1]}: ${f.decimal(value(one, signal), 1)}`,
  });
  return h('div.rank', { class: isWinner ? 'winner' : '' },
    h('span.name', null, h('span.ellipsis', null, name), isWinner ? badge('completed', 'won') : label(`${place + 1}.`)),
    h('span.scale', { 'aria-hidden': 'true', style: { '--left': `${costs / whole * 100}%` } },
      costs ? h('span.cost', null, cost.map((term) => bar(term, costs))) : null, h('span.gain', null, gain.map((term) => bar(term, gains)))),
    h('span.sum', { title: 'Sum of all terms' }, f.decimal(one.score ?? 0, 1)),
    h('span.note', null, note(one, isWinner, place, best, used)));
}

/** The difference to the best in words, and how old what was known of the machine was. */
function note(one, isWinner, place, best, used) {
  const parts = [];
  if (place > 0) {
    const behind = used.map(({ name, index }) => [SIGNALS[index][1], value(best, name) - value(one, name)]).filter(([, gap]) => gap > 0.05).toSorted((a, b) => b[1] - a[1]).slice(0, 2);
    if (behind.length) parts.push(`${f.decimal((best.score ?? 0) - (one.score ?? 0), 1)} behind: ${behind.map(([name, gap]) => `${name.toLowerCase()} −${f.decimal(gap, 1)}`).join(', ')}`);
  }
  if (isWinner && place > 0) parts.push('served because those before it could not');
  if (one.busy) parts.push('said that it is busy');
  if (one.backend) parts.push(`engine ${one.backend}`);
  if (one.own_delta) parts.push(`${f.plural(one.own_delta, 'request')} sent there and not reported yet`);
  if (Number.isFinite(one.record_age_ms)) parts.push(`known as of ${f.span(Math.max(0, one.record_age_ms))} before`);
  return parts.join(' · ');
}

function matrix(all, used, won) {
  const columns = [{ name: 'Term', cell: (line) => h('span', { title: line.meaning }, line.title) },
    ...all.map((one) => ({ name: machine(one), number: true, cell: (line) => f.decimal(line.of(one), 1) }))];
  const lines = [...used.map(({ name, index }) => ({ title: SIGNALS[index][1], meaning: SIGNALS[index][2], of: (one) => value(one, name) })),
    { title: 'Sum', meaning: 'all terms', of: (one) => one.score ?? 0 }];
  return h('details', { open: all.length <= 4 && matchMedia('(min-width: 46rem)').matches }, h('summary.small', null, 'All terms as numbers'),
    table(columns, lines, { caption: `Terms of each machine${won ? `; ${won} served` : ''}`, className: 'matrix' }));
}

/** Machines that were no candidates: {node_id | peer, reason}. */
export function eliminated(list) {
  return h('ul.out', null, list.map((one) => h('li', null, h('b', null, machine(one)), h('span.soft', null, one.detail || reason(one.reason)))));
}
