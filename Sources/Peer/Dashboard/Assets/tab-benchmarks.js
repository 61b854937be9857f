// Benchmarks: run one over the fleet, watch it, and compare it with earlier ones.
import { h } from './dom.js';
import { get, post } from './api.js';
import { panel, table, empty, badge, figures, toast, meter, dialog, closer } from './parts.js';
import { chart } from './charts.js';
import * as f from './format.js';

const PATH = '/dashboard/api/benchmarks';
const isUnderWay = (progress) => ['pulling', 'warming_up', 'running'].includes(progress?.status);

function enter(main) {
  let wasUnderWay = false;
  const run = panel({ title: 'Run', about: 'Asks every model of the fleet as many things at once as it has slots, and measures. The fleet goes on serving; it will be slower.', load: () => get(`${PATH}/progress`), draw: (data) => (isUnderWay(data) ? progress(data, run) : start(data, run)) });
  const history = panel({ title: 'Runs', about: 'Tokens per second of the whole fleet, run by run.', load: () => get(PATH), draw: drawHistory });
  main.append(run.element, history.element);
  run.refresh();
  history.refresh();
  const timer = setInterval(async () => {
    if (document.hidden) return;
    // A form that somebody fills in is not drawn anew.
    if (isUnderWay(run.data) || !run.element.contains(document.activeElement)) await run.refresh();
    if (wasUnderWay && !isUnderWay(run.data)) history.refresh();
    wasUnderWay = isUnderWay(run.data);
  }, 2_000);
  return () => clearInterval(timer);
}

const form = { mode: 'default', duration: 120, llm: true, embed: false };

function start(data, run) {
  const begin = async (event) => {
    event.preventDefault();
    const types = ['llm', 'embed'].filter((type) => form[type]);
    if (!types.length) return toast('Choose what is to be measured.', 'bad');
    try { await post(`${PATH}/start`, { mode: form.mode, duration: form.duration, model_types: types }); } catch (error) { toast(error.message, 'bad'); }
    return run.refresh();
  };
  const check = (key, text) => h('label.choice', null, h('input', { type: 'checkbox', checked: form[key], onchange: (event) => { form[key] = event.target.checked; } }), text);
  return h('form.stack', { onsubmit: begin },
    data.status === 'error' ? h('div.notice.bad', { role: 'alert' }, data.error ?? 'The last run failed.') : data.status === 'cancelled' ? h('div.notice', null, 'The last run was cancelled.') : null,
    h('div.row', null,
      h('div.field', null, h('label', { for: 'bench-mode' }, 'Models'), h('select', { id: 'bench-mode', onchange: (event) => { form.mode = event.target.value; } },
        [['default', 'Those that are there'], ['smart', 'Pull what fits, too']].map(([value, text]) => h('option', { value, selected: value === form.mode }, text)))),
      h('div.field', null, h('label', { for: 'bench-duration' }, 'Length'), h('select', { id: 'bench-duration', onchange: (event) => { form.duration = Number(event.target.value); } },
        [30, 60, 120, 300, 600].map((value) => h('option', { value: String(value), selected: value === form.duration }, f.long(value))))),
      h('fieldset.field', null, h('legend.unseen', null, 'What to measure'), h('span.row', null, check('llm', 'Chat'), check('embed', 'Embeddings'))),
      h('button.main', { type: 'submit' }, 'Start')));
}

function progress(data, run) {
  const share = data.duration ? data.elapsed / data.duration * 100 : 0;
  const stop = async () => { try { await post(`${PATH}/cancel`); } catch (error) { toast(error.message, 'bad'); } run.refresh(); };
  const pulls = Object.entries(data.pull_progress ?? {});
  return h('div.stack', { 'aria-live': 'polite' },
    h('div.spread', null, h('span.row', null, badge('running', f.capital(data.status)), h('span.small.soft', null, f.words(data.phase ?? ''))), h('button.danger', { type: 'button', onclick: stop }, 'Cancel')),
    meter(share, 'Progress', 'plain'), h('p.small.muted', null, `${f.long(data.elapsed ?? 0)} of ${f.long(data.duration ?? 0)}`),
    pulls.length ? h('ul.small', null, pulls.map(([model, value]) => h('li', null, `Pulling ${f.model(model)}: ${typeof value === 'number' ? f.percent(value) : f.words(value?.status ?? value)}`))) : null,
    figures([['Requests', f.count(data.requests_completed ?? 0)], ['Failed', f.count(data.requests_failed ?? 0), null, data.requests_failed ? 'bad' : ''], ['tok/s', f.decimal(data.tok_per_sec ?? 0, 1)], ['Models', f.count(data.models?.length ?? data.models ?? 0)]]));
}

function drawHistory({ data = [] }) {
  if (!data.length) return empty('No run yet', 'Start one above. It shows what the fleet can do today, so that you see later whether it got better or worse.');
  const runs = data.toSorted((a, b) => a.timestamp - b.timestamp);
  const recent = runs.slice(-30);
  return h('div.stack', null,
    chart({ key: 'bench-trend', name: 'Tokens per second, by run', first: 'Run', kind: recent.length > 3 ? 'line' : 'bar', labels: recent.map((run) => f.hour(run.timestamp)), series: [{ name: 'tok/s', values: recent.map((run) => run.tokens_per_sec) }], format: (value) => f.decimal(value, 1), short: true }),
    table([
      { name: 'When', cell: (run) => h('button.link', { type: 'button', onclick: () => detail(run) }, f.moment(run.timestamp)) },
      { name: 'tok/s', number: true, cell: (run) => f.decimal(run.tokens_per_sec, 1) },
      { name: 'Requests/s', number: true, cell: (run) => f.decimal(run.requests_per_sec, 2) },
      { name: 'Requests', number: true, cell: (run) => f.count(run.total_requests) },
      { name: 'Failed', number: true, cell: (run) => f.count(run.total_failures) },
      { name: 'Median', number: true, cell: (run) => f.span(run.latency_p50_ms ?? NaN) },
      { name: '95 % within', number: true, cell: (run) => f.span(run.latency_p95_ms ?? NaN) },
      { name: 'First token', number: true, cell: (run) => f.span(run.ttft_p50_ms ?? NaN) },
      { name: 'Length', number: true, cell: (run) => f.long(run.duration_s ?? NaN) },
    ], runs.toReversed(), { caption: 'Benchmark runs', key: (run) => run.run_id }));
}

/** Lists of results come as lists, or as objects by name. */
const listed = (value) => (Array.isArray(value) ? value : Object.entries(value ?? {}).map(([name, one]) => ({ name, ...(typeof one === 'object' ? one : { value: one }) })));

async function detail(run) {
  let whole = run;
  try { whole = (await get(`${PATH}/${encodeURIComponent(run.run_id)}`)).data ?? run; } catch { /* what the list had */ }
  const results = (title, list) => (list.length ? [h('h3', null, title), table([
    { name: 'Name', cell: (one) => f.model(one.model ?? one.node_id ?? one.name) }, { name: 'Requests', number: true, cell: (one) => f.count(one.requests ?? one.total_requests ?? one.request_count ?? NaN) },
    { name: 'tok/s', number: true, cell: (one) => f.decimal(one.tokens_per_sec ?? one.tok_per_sec ?? NaN, 1) },
    { name: 'Median', number: true, cell: (one) => f.span(one.latency_p50_ms ?? one.p50_ms ?? one.avg_latency_ms ?? NaN) },
    { name: 'First token', number: true, cell: (one) => f.span(one.ttft_p50_ms ?? one.avg_ttft_ms ?? NaN) },
  ], list, { caption: title })] : null);
  const peaks = listed(whole.peak_utilization);
  dialog('Benchmark run', (close) => [h('header', null, h('div', null, h('h2', null, f.moment(run.timestamp)), h('p.small.muted.mono', null, run.run_id)), closer(close)),
    h('div.inside', null, figures([['tok/s', f.decimal(whole.tokens_per_sec, 1)], ['Requests', f.count(whole.total_requests)], ['Failed', f.count(whole.total_failures)], ['99 % within', f.span(whole.latency_p99_ms ?? NaN)], ['First token, 99 %', f.span(whole.ttft_p99_ms ?? NaN)]]),
      results('By model', listed(whole.per_model_results)), results('By machine', listed(whole.per_node_results)),
      peaks.length ? [h('h3', null, 'Busiest moment'), h('dl.facts-list', null, peaks.map((one) => h('div', null, h('dt', null, one.name ?? one.node_id), h('dd', null, Object.entries(one).filter(([key]) => !['name', 'node_id'].includes(key)).map(([key, value]) => `${f.words(key)} ${typeof value === 'number' ? f.decimal(value, 1) : value}`).join(', ')))))] : null)]);
}

export default { title: 'Benchmarks', enter };
