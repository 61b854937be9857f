// Apps: requests by the tags that programs put on them.
import { h } from './dom.js';
import { get } from './api.js';
import { panel, table, empty, label, card } from './parts.js';
import { chart } from './charts.js';
import { range } from './range.js';
import { perDay } from './tab-models.js';
import { noteShards } from './shards.js';
import * as f from './format.js';

const CHOICES = [[24, '24 h'], [168, '7 d'], [336, '14 d'], [720, '30 d']];

function enter(main) {
  const picker = range(CHOICES, 168, 'days', () => one.refresh());
  const one = panel({
    title: 'Apps', about: 'Who asks: every request counts for each of its tags. A client key is the tag key:NAME.',
    load: async () => {
      const apps = noteShards('apps', await get(`/dashboard/api/apps?${picker.query}`));
      let daily = [];
      try { daily = (await get(`/dashboard/api/apps/daily?${picker.query}`)).data ?? []; } catch { /* the table alone */ }
      return { rows: apps.data ?? [], daily };
    }, draw,
  });
  main.append(picker.element, one.element, howTo());
  one.refresh();
  const timer = setInterval(() => { if (!document.hidden) one.refresh(); }, 30_000);
  return () => clearInterval(timer);
}

function draw({ rows, daily }) {
  const apps = rows.toSorted((a, b) => (b.request_count ?? 0) - (a.request_count ?? 0));
  if (!apps.length) return empty('No request has a tag yet', 'Tag what your programs send, as shown below, to see here who asks how much, how fast, and how often it fails.');
  const top = apps.slice(0, 8).map((row) => row.tag);
  const rate = (row) => (row.request_count ? (row.failed_count ?? 0) / row.request_count * 100 : 0);
  return h('div.stack', null,
    h('div.columns.wide', null,
      h('div', null, h('h3', null, 'Requests'), chart({ key: 'app-requests', name: 'Requests by tag', kind: 'bar', first: 'Tag', labels: apps.slice(0, 12).map((row) => row.tag), series: [{ name: 'Requests', values: apps.slice(0, 12).map((row) => row.request_count ?? 0) }], format: f.count })),
      daily.length ? h('div', null, h('h3', null, 'Requests by day'), chart({ key: 'app-days', name: 'Requests by day and tag', kind: 'stack', first: 'Day', ...perDay(daily, top, (row) => row.request_count, 0, (row) => row.tag), format: f.count })) : null,
      daily.length ? h('div', null, h('h3', null, 'Latency by day'), chart({ key: 'app-latency', name: 'Mean latency by day and tag', first: 'Day', ...perDay(daily, top, (row) => row.avg_latency_ms, null, (row) => row.tag), format: f.span })) : null),
    h('h3', null, 'All apps'),
    table([
      { name: 'Tag', cell: (row) => h('span.cell.ellipsis', { title: row.tag }, row.tag) },
      { name: 'Requests', number: true, cell: (row) => f.count(row.request_count) },
      { name: 'Failed', number: true, cell: (row) => (row.failed_count ? label(`${f.count(row.failed_count)} · ${f.percent(rate(row))}`, rate(row) >= 5 ? 'bad' : 'warning') : '0') },
      { name: 'Mean', number: true, cell: (row) => f.span(row.avg_latency_ms ?? NaN) },
      { name: 'First token', number: true, cell: (row) => f.span(row.avg_ttft_ms ?? NaN) },
      { name: 'Read', number: true, optional: true, cell: (row) => f.count(row.total_prompt_tokens ?? NaN) },
      { name: 'Written', number: true, optional: true, cell: (row) => f.count(row.total_completion_tokens ?? NaN) },
    ], apps, { caption: 'All apps', key: (row) => row.tag }));
}

function howTo() {
  const line = (title, text) => h('div', null, h('h3.small', null, title), h('p.small', null, h('code', null, text)));
  return card('How to tag', 'Any of these; a request may have several tags.', h('div.stack', null,
    line('A header', 'X-Herd-Tags: notes, nightly'), line('In the body', '{"model": "…", "metadata": {"tags": ["notes"]}, …}'), line('By client key, without a change to the program', 'herd-peer keys add notes')));
}

export default { title: 'Apps', enter };
