// Trends: requests, latency and tokens by the hour.
import { h } from './dom.js';
import { get } from './api.js';
import { figures, panel, empty } from './parts.js';
import { chart } from './charts.js';
import { range, filled } from './range.js';
import { noteShards } from './shards.js';
import * as f from './format.js';

const CHOICES = [[24, '24 h'], [48, '2 d'], [72, '3 d'], [168, '7 d'], [720, '30 d']];

function enter(main) {
  const picker = range(CHOICES, 72, 'hours', () => one.refresh());
  const one = panel({
    title: 'By the hour', about: 'Of all machines, in the time of this browser.',
    load: async () => noteShards('trends', await get(`/dashboard/api/trends?${picker.query}`)), draw,
  });
  main.append(picker.element, one.element);
  one.refresh();
  const timer = setInterval(() => { if (!document.hidden) one.refresh(); }, 30_000);
  return () => clearInterval(timer);
}

function draw({ data = [] }) {
  const sum = (key) => data.reduce((total, row) => total + (row[key] ?? 0), 0);
  const total = sum('request_count');
  if (!total) return empty('No requests in this span', 'Choose a longer one, or send some: every request to any machine counts here.', { glyph: 'clock' });
  const rows = filled(data, (row) => f.bucket(row.hour_bucket), 3_600, (start) => ({ hour_bucket: start, request_count: 0, avg_latency_ms: null, total_prompt_tokens: 0, total_completion_tokens: 0 }));
  const labels = rows.map((row) => f.hour(f.bucket(row.hour_bucket)));
  const busiest = data.toSorted((a, b) => b.request_count - a.request_count)[0];
  const latency = data.reduce((all, row) => all + (row.avg_latency_ms ?? 0) * row.request_count, 0) / total;
  return h('div.stack', null,
    figures([
      ['Requests', f.count(total)], ['Mean latency', f.span(latency)], ['Tokens read', f.count(sum('total_prompt_tokens'))], ['Tokens written', f.count(sum('total_completion_tokens'))],
      ['Busiest hour', f.count(busiest.request_count), f.hour(f.bucket(busiest.hour_bucket))],
    ]),
    h('h3', null, 'Requests'), chart({ key: 'trend-requests', name: 'Requests per hour', kind: 'bar', labels, series: [{ name: 'Requests', values: rows.map((row) => row.request_count) }], format: f.count }),
    h('div.columns.wide', null,
      h('div', null, h('h3', null, 'Latency'), chart({ key: 'trend-latency', name: 'Mean latency per hour', labels, series: [{ name: 'Mean latency', tone: 2, values: rows.map((row) => row.avg_latency_ms ?? null) }], format: (value) => f.span(value) })),
      h('div', null, h('h3', null, 'Tokens'), chart({ key: 'trend-tokens', name: 'Tokens per hour', kind: 'stack', labels, format: f.count, series: [
        { name: 'Read', tone: 4, values: rows.map((row) => row.total_prompt_tokens ?? 0) }, { name: 'Written', tone: 0, values: rows.map((row) => row.total_completion_tokens ?? 0) }] }))));
}

export default { title: 'Trends', enter };
