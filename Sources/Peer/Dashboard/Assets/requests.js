// The latest requests of the fleet; each opens to show why its machine won.
import { h } from './dom.js';
import { get } from './api.js';
import { badge, label, table, empty, panel } from './parts.js';
import { remember } from './trace.js';
import { noteShards } from './shards.js';
import * as f from './format.js';

export function requests() {
  let filter = '';
  let state = '';
  let isPaused = false;
  const pause = h('button', { type: 'button', 'aria-pressed': 'false', onclick: () => {
    isPaused = !isPaused;
    pause.setAttribute('aria-pressed', String(isPaused));
    pause.textContent = isPaused ? 'Go on' : 'Pause';
    if (!isPaused) one.refresh();
  } }, 'Pause');
  const search = h('input', { type: 'search', id: 'request-filter', placeholder: 'Model, machine, tag…', oninput: () => { filter = search.value.trim().toLowerCase(); one.redraw(); } });
  const pick = h('select', { id: 'request-state', onchange: () => { state = pick.value; one.redraw(); } },
    [['', 'All'], ['completed', 'Completed'], ['failed', 'Not completed']].map(([value, text]) => h('option', { value }, text)));
  const one = panel({
    title: 'Requests', about: 'The latest of the whole fleet, newest first. Open one to see why its machine won.', flush: true,
    tools: [h('label.unseen', { for: 'request-filter' }, 'Filter requests'), search, h('label.unseen', { for: 'request-state' }, 'State'), pick, pause],
    load: async () => noteShards('traces', await get('/dashboard/api/traces?limit=50')),
    onData: (data) => remember(data.traces ?? []),
    draw: (data) => draw(data.traces ?? []),
  });

  function draw(rows) {
    if (!rows.length) return empty('No requests yet', h('span', null, 'Point a program at this peer, or try: ', h('code', null, `curl ${location.origin}/api/chat -d '{"model": "NAME", "messages": [{"role": "user", "content": "hello"}]}'`)));
    const entries = rows.filter((row) => row.role !== 'target');
    const wanted = (entries.length ? entries : rows).filter((row) => (!state || (state === 'completed') === (row.status === 'completed')) && (!filter || text(row).includes(filter)));
    if (!wanted.length) return empty('Nothing fits', 'No request of the latest 50 has these words.');
    return table(columns(), wanted, { caption: 'Requests', key: (row) => `${row.request_id}-${row.attempt}`, stacked: true, className: 'requests' });
  }
  return { element: one.element, refresh: () => { if (!isPaused) one.refresh(); } };
}

const text = (row) => [row.model, row.original_model, row.node_id, row.client_ip, row.status, row.original_format, row.error_message, ...(row.tags ?? [])].join(' ').toLowerCase();

function columns() {
  return [
    { name: 'Model', cell: (row) => h('a.cell.ellipsis', { href: `${location.pathname}?trace=${encodeURIComponent(row.request_id)}`, title: row.model, 'aria-label': `${f.model(row.model || row.original_model)}, ${row.status}: why this machine` }, f.model(row.model || row.original_model) || '–') },
    { name: 'State', cell: (row) => h('span.row.tight', null, badge(row.status), row.fallback_used ? label('other model', 'info') : null) },
    { name: 'Machine', cell: (row) => h('span', null, row.node_id || h('span.muted', null, 'none'), row.attempt > 1 ? h('span.muted', null, ` · try ${row.attempt}`) : null) },
    { name: 'Why', optional: true, cell: (row) => h('span.why', null, why(row)) },
    { name: 'First token', number: true, optional: true, cell: (row) => f.span(row.time_to_first_token_ms ?? NaN) },
    { name: 'Time', number: true, cell: (row) => f.span(row.latency_ms ?? NaN) },
    { name: 'Tokens', number: true, optional: true, cell: (row) => (row.completion_tokens === null || row.completion_tokens === undefined ? '–' : `${f.count(row.prompt_tokens ?? 0)} → ${f.count(row.completion_tokens)}`) },
    { name: 'When', number: true, className: 'when', cell: (row) => h('time', { datetime: new Date(row.timestamp * 1000).toISOString(), title: f.moment(row.timestamp) }, f.ago(row.timestamp)) },
  ];
}

function why(row) {
  if (row.error_message) return row.error_message.length > 60 ? `${row.error_message.slice(0, 60)}…` : row.error_message;
  const list = row.candidates ?? [];
  if (list.length > 1) {
    const [first, second] = list.map((one) => one.score ?? 0).toSorted((a, b) => b - a);
    return `best of ${list.length}, ${f.decimal(first - second, 1)} ahead`;
  }
  if (list.length === 1) return 'the only one that could';
  return Number.isFinite(row.score) ? `score ${f.decimal(row.score, 1)}` : '–';
}
