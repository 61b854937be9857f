// One request: when what happened, why this machine, and what the others had.
import { h, show } from './dom.js';
import { get, post } from './api.js';
import { badge, label, dialog, closer, failed, waiting, table, card, notice, empty } from './parts.js';
import { ranking, eliminated, reason, tell } from './ranking.js';
import { nameOf, live } from './live.js';
import * as f from './format.js';

/** Rows that a list has shown, by request. */
const seen = new Map();

export function remember(rows) {
  for (const row of rows) {
    const all = seen.get(row.request_id) ?? [];
    const known = all.findIndex((one) => one.attempt === row.attempt && one.role === row.role);
    if (known >= 0) all[known] = row; else all.push(row);
    seen.delete(row.request_id);
    seen.set(row.request_id, all);
  }
  for (const id of seen.keys()) { if (seen.size <= 500) break; seen.delete(id); }
}

export function openTrace(id, onClose) {
  if (document.querySelector('dialog[data-trace]')) return;
  const inside = h('div.inside', null, waiting());
  const element = dialog('Request', (close) => [
    h('header', null, h('div', null, h('h2', null, 'Request'), h('p.small.muted.mono.ellipsis', null, id)), closer(close)), inside], { onClose });
  element.dataset.trace = id;
  load(id).then((found) => show(inside, draw(found)), (error) => show(inside, failed(error, () => { element.close(); })));
}

async function load(id) {
  try {
    return normal(await get(`/fleet/traces/${encodeURIComponent(id)}`));
  } catch (error) {
    if (error.kind !== 'missing') throw error;
  }
  if (!seen.has(id)) remember((await get('/dashboard/api/traces?limit=1000')).traces ?? []);
  return { attempts: seen.get(id) ?? [], executions: [], eliminated: null, shards: null };
}

/** One form of what peers of different versions answer. */
function normal(answer) {
  if (answer.peers && typeof answer.peers === 'object') tell(answer.peers);
  const attempts = answer.attempts ?? answer.traces ?? answer.rows ?? (answer.request_id ? [answer] : []);
  return { attempts, executions: answer.executions ?? [], eliminated: answer.eliminated ?? answer.decision?.eliminated ?? null, candidates: answer.candidates ?? answer.decision?.candidates, shards: answer.shards };
}

function draw(found) {
  const rows = found.attempts.filter((row) => row.role !== 'target').toSorted((a, b) => a.attempt - b.attempt);
  const last = rows.at(-1) ?? found.attempts.at(-1);
  if (!last) return empty('No such request', 'It is older than what the fleet keeps, or the machine that it came to is away.', { glyph: 'clock' });
  const decided = rows.findLast((row) => row.candidates?.length) ?? last;
  const out = found.eliminated ?? decided.eliminated ?? null;
  const candidates = found.candidates ?? decided.candidates ?? [];
  return [summary(last), course(last), why(last, candidates, out), tries(last.tries ?? decided.tries), attempts(rows), executions(found.executions), now(last)];
}

function summary(row) {
  const facts = [
    ['Model', f.model(row.model)], row.original_model && f.model(row.original_model) !== f.model(row.model) ? ['Asked for', f.model(row.original_model)] : null,
    ['Machine', row.node_id || 'none'], ['Came', row.timestamp ? f.moment(row.timestamp) : '–'], ['Client', row.client_ip ?? '–'], ['API', f.words(row.original_format ?? '–')],
    ['Tokens in', f.count(row.prompt_tokens ?? NaN)], ['Tokens out', f.count(row.completion_tokens ?? NaN)],
    row.completion_tokens > 1 && row.time_to_first_token_ms !== null && row.latency_ms > row.time_to_first_token_ms
      ? ['Speed', `${f.decimal(row.completion_tokens / (row.latency_ms - row.time_to_first_token_ms) * 1000, 1)} tok/s`] : null,
    row.finish_reason ? ['Ended by', f.words(row.finish_reason)] : null, row.retry_count ? ['Retries', f.count(row.retry_count)] : null,
    row.rewrites ? ['Changed for the engine', row.rewrites] : null, row.router_id ? ['Router', `${nameOf(row.router_id)}, epoch ${row.router_epoch ?? '–'}`] : null,
    row.tags?.length ? ['Tags', row.tags.join(', ')] : null,
  ].filter(Boolean);
  return h('section', { class: 'stack', 'aria-label': 'Summary' },
    h('div.row', null, badge(row.status), row.fallback_used ? label('another model answered', 'info') : null, row.retry_count ? label(f.plural(row.retry_count, 'retry', 'retries')) : null),
    row.error_message ? notice('bad', row.error_message) : null,
    h('dl.facts-list', null, facts.map(([name, value]) => h('div', null, h('dt', null, name), h('dd', null, value)))));
}

/** Waiting, up to the first token, and the answer, to scale. */
function course(row) {
  const whole = row.latency_ms;
  if (!Number.isFinite(whole) || whole <= 0) return null;
  const waited = Math.min(whole, row.ticket_wait_ms ?? 0);
  const first = Number.isFinite(row.time_to_first_token_ms) ? Math.min(whole, Math.max(waited, row.time_to_first_token_ms)) : whole;
  const parts = [['Waited for a free machine', waited, '--series-3'], ['Until the first token', first - waited, '--series-5'], ['Answer', whole - first, '--series-1']].filter(([, length]) => length > 0);
  return card('When', `${f.span(whole)} in all`, h('div.stack', null,
    h('div.course', { 'aria-hidden': 'true' }, parts.map(([name, length, tone]) => h('i', { title: name, style: { '--v': `${length / whole * 100}%`, '--c': `var(${tone})` } }))),
    h('ul.legend', null, parts.map(([name, length, tone]) => h('li', null, h('i.swatch', { style: { '--c': `var(${tone})` } }), name, ' ', h('b', null, f.span(length)))))));
}

function why(row, candidates, out) {
  const names = new Set(candidates.map((one) => one.node_id ?? one.node ?? nameOf(one.peer)));
  const others = (live.frame?.nodes ?? []).map((node) => node.node_id).filter((name) => !names.has(name));
  return card('Why this machine', 'Every machine that could serve gets a sum of terms; the highest is asked first. Hatched terms are costs.',
    h('div.stack', null,
      candidates.length ? ranking(candidates, row.node_id) : h('p.soft.small', null, 'No machine could serve it: nothing was ranked.'),
      out?.length ? [h('h3.small', null, 'Out before the ranking'), eliminated(out)] : null,
      !out && others.length ? h('p.muted.small', null, `Not ranked: ${others.join(', ')}. This trace does not keep why; “Ask again” below says how it is now.`) : null,
      !out && row.excluded_nodes?.length ? h('p.muted.small', null, `Had failed this request before: ${row.excluded_nodes.join(', ')}.`) : null));
}

function tries(list) {
  if (!list?.length) return null;
  return card('Tried', null, table([
    { name: 'Machine', cell: (one) => one.node || nameOf(one.peer) },
    { name: 'Verdict', cell: (one) => h('span', null, badge(one.verdict === 'served' ? 'completed' : one.verdict === 'busy' ? 'warning' : 'failed', one.verdict)) },
    { name: 'Reason', cell: (one) => (one.reason ? reason(one.reason) : '–') },
    { name: 'Time', number: true, cell: (one) => f.span(one.milliseconds) },
  ], list, { caption: 'Machines that were tried' }));
}

function attempts(rows) {
  if (rows.length < 2) return null;
  return card('Attempts', null, table([
    { name: 'Attempt', cell: (row) => row.attempt }, { name: 'Machine', cell: (row) => row.node_id || '–' }, { name: 'End', cell: (row) => badge(row.status) },
    { name: 'What happened', cell: (row) => row.error_message ?? '–' }, { name: 'Time', number: true, cell: (row) => f.span(row.latency_ms) },
  ], rows, { caption: 'Attempts of this request' }));
}

function executions(list) {
  if (!list?.length) return null;
  return card('Work on the machine that ran it', null, table([
    { name: 'Came from', cell: (row) => nameOf(row.entry_node_id ?? '–') }, { name: 'Engine', cell: (row) => row.backend ?? '–' }, { name: 'Let in', cell: (row) => row.verdict ?? '–' },
    { name: 'Ran beside', number: true, cell: (row) => f.count(row.in_flight ?? NaN) }, { name: 'Engine took', number: true, cell: (row) => f.span(row.backend_ms ?? NaN) },
  ], list, { caption: 'Work for this request on other machines' }));
}

/** The same question again, without running it. */
function now(row) {
  const place = h('div.stack');
  const again = async () => {
    show(place, waiting());
    try {
      const answer = await post('/fleet/explain', { model: row.original_model || row.model });
      const list = answer.candidates ?? answer.ranking ?? [];
      const out = answer.eliminated ?? [];
      show(place, answer.decision ? h('p', null, f.capital(answer.decision).replaceAll(' ,', ','), '.') : null, list.length ? ranking(list, answer.winner?.node_id ?? answer.winner ?? list[0]?.node_id ?? nameOf(list[0]?.peer)) : h('p.soft.small', null, 'No machine could serve it now.'),
        out.length ? [h('h3.small', null, 'Out before the ranking'), eliminated(out)] : null);
    } catch (error) { show(place, failed(error, again)); }
  };
  return card('Who would serve it now?', 'The same model, ranked on what this peer knows at this moment. Nothing is run.',
    h('div.stack', null, h('div', null, h('button', { type: 'button', onclick: again }, 'Ask again')), place));
}
