// Model Insights: what each model does, how fast, and with how much context.
import { h } from './dom.js';
import { get } from './api.js';
import { panel, table, empty, badge } from './parts.js';
import { chart } from './charts.js';
import { range, filled } from './range.js';
import { noteShards } from './shards.js';
import * as f from './format.js';

const CHOICES = [[24, '24 h'], [168, '7 d'], [336, '14 d'], [720, '30 d']];
const DAY = 86_400;

function enter(main) {
  const picker = range(CHOICES, 168, 'days', () => { one.refresh(); contexts.refresh(); });
  const one = panel({ title: 'Models', about: 'Each model over all machines that served it.', load: async () => noteShards('models', await get(`/dashboard/api/models?${picker.query}`)), draw });
  const contexts = panel({
    title: 'Context', about: 'How much of the context that is set aside in memory requests really use.', flush: true,
    load: async () => noteShards('context', await get(`/dashboard/api/context-usage?${picker.query}`)), draw: drawContexts,
  });
  main.append(picker.element, one.element, contexts.element);
  one.refresh();
  contexts.refresh();
  const timer = setInterval(() => { if (!document.hidden) { one.refresh(); contexts.refresh(); } }, 60_000);
  return () => clearInterval(timer);
}

const speed = (row) => (row.total_completion_tokens && row.avg_latency_ms && row.total_requests ? row.total_completion_tokens / (row.avg_latency_ms * row.total_requests / 1000) : NaN);

function draw({ summary = [], daily = [] }) {
  const models = summary.filter((row) => row.total_requests > 0).toSorted((a, b) => b.total_requests - a.total_requests);
  if (!models.length) return empty('No model was asked in this span', 'Choose a longer one, or ask a model: it appears here with its first request.', { glyph: 'clock' });
  const top = models.slice(0, 8).map((row) => row.model_name);
  const labels = models.slice(0, 12).map((row) => f.model(row.model_name));
  const first = models.slice(0, 12);
  return h('div.stack', null,
    h('div.columns.wide', null,
      h('div', null, h('h3', null, 'Requests by day'), chart({ key: 'model-days', name: 'Requests by day and model', kind: 'stack', first: 'Day', ...perDay(daily, top, (row) => row.request_count, 0), format: f.count })),
      h('div', null, h('h3', null, 'Latency by day'), chart({ key: 'model-latency-days', name: 'Mean latency by day and model', first: 'Day', ...perDay(daily, top, (row) => row.avg_latency_ms, null), format: f.span })),
      h('div', null, h('h3', null, 'Tokens written per second'), chart({ key: 'model-speed', name: 'Tokens written per second of whole requests, by model', kind: 'bar', first: 'Model', labels, series: [{ name: 'tok/s', values: first.map((row) => { const rate = speed(row); return Number.isFinite(rate) ? rate : null; }) }], format: (value) => f.decimal(value, 1) })),
      h('div', null, h('h3', null, 'Tokens'), chart({ key: 'model-tokens', name: 'Tokens read and written, by model', kind: 'stack', first: 'Model', labels, series: [
        { name: 'Read', tone: 4, values: first.map((row) => row.total_prompt_tokens ?? 0) }, { name: 'Written', tone: 0, values: first.map((row) => row.total_completion_tokens ?? 0) }], format: f.count }))),
    h('h3', null, 'All models'),
    table([
      { name: 'Model', cell: (row) => h('span.cell.ellipsis', { title: row.model_name }, f.model(row.model_name)) },
      { name: 'Requests', number: true, cell: (row) => f.count(row.total_requests) },
      { name: 'Mean', number: true, cell: (row) => f.span(row.avg_latency_ms ?? NaN) },
      { name: 'Fastest', number: true, optional: true, cell: (row) => f.span(row.min_latency_ms ?? NaN) },
      { name: 'Slowest', number: true, optional: true, cell: (row) => f.span(row.max_latency_ms ?? NaN) },
      { name: 'tok/s', number: true, cell: (row) => f.decimal(speed(row), 1) },
      { name: 'Read', number: true, optional: true, cell: (row) => f.count(row.total_prompt_tokens ?? NaN) },
      { name: 'Written', number: true, optional: true, cell: (row) => f.count(row.total_completion_tokens ?? NaN) },
      { name: 'Last asked', number: true, cell: (row) => f.ago(f.bucket(row.last_seen)) },
    ], models, { caption: 'All models', key: (row) => row.model_name }));
}

/** One series per name, one value per day; used by the tab of apps too. */
export function perDay(daily, names, pick, nothing, name = (row) => row.model_name) {
  const days = filled(daily.map((row) => ({ at: Math.floor(f.bucket(row.day_bucket) / DAY) * DAY })), (row) => row.at, DAY, (at) => ({ at }));
  const found = new Map(daily.map((row) => [`${name(row)} ${Math.floor(f.bucket(row.day_bucket) / DAY) * DAY}`, row]));
  return {
    labels: days.map((one) => f.day(one.at + DAY / 2)),
    series: names.map((one) => ({ name: f.model(one), values: days.map((at) => { const row = found.get(`${one} ${at.at}`); return row ? pick(row) ?? nothing : nothing; }) })),
  };
}

function drawContexts({ models = [] }) {
  if (!models.length) return empty('No contexts to compare', 'A model is here once it was asked while its engine says how much context it has set aside.');
  return table([
    { name: 'Model', cell: (row) => h('span.cell.ellipsis', { title: row.model }, f.model(row.model)) },
    { name: 'Set aside', number: true, cell: (row) => f.count(row.allocated_ctx ?? NaN) },
    { name: 'Typical', number: true, cell: (row) => f.count(row.prompt_tokens?.p50 ?? NaN) },
    { name: '99 % below', number: true, cell: (row) => f.count(row.total_tokens?.p99 ?? NaN) },
    { name: 'Longest', number: true, optional: true, cell: (row) => f.count(row.total_tokens?.max ?? NaN) },
    { name: 'Used', number: true, cell: (row) => f.percent(row.utilization_pct ?? NaN) },
    { name: 'Enough', number: true, cell: (row) => f.count(row.recommended_ctx ?? NaN) },
    { name: 'Could save', number: true, cell: (row) => (row.savings_pct > 20 ? badge('warning', f.percent(row.savings_pct)) : f.percent(row.savings_pct ?? NaN)) },
  ], models, { caption: 'Context of each model', key: (row) => row.model });
}

export default { title: 'Model Insights', enter };
