// Charts by Chart.js where this machine has it, and the same numbers as a table in any case.
import { h } from './dom.js';
import { table } from './parts.js';

const made = new Map();

/** Chart.js 3 or 4, as Debian packages it; older ones are drawn as tables. */
const library = () => (window.Chart && Number.parseInt(window.Chart.version, 10) >= 3 ? window.Chart : null);

function colour(name) {
  const probe = h('i', { style: { color: `var(${name})` } });
  document.body.append(probe);
  const found = getComputedStyle(probe).color;
  probe.remove();
  return found;
}

const faint = (rgb, share) => `color-mix(in srgb, ${rgb} ${share}%, transparent)`;

/**
 * A chart: `labels`, `series` of {name, values}, `kind` line, bar or stack, `format` for its values.
 * The element keeps its canvas from one drawing to the next when `key` is the same.
 */
export function chart({ key, name, kind = 'line', labels, series, format = String, short = false, first = 'When' }) {
  const rows = labels.map((label, index) => ({ label, values: series.map((one) => one.values[index]) }));
  const data = table(
    [{ name: first, cell: (row) => row.label }, ...series.map((one, index) => ({ name: one.name, number: true, cell: (row) => format(row.values[index]) }))],
    rows.toReversed(), { caption: name });
  if (!library()) return h('div.chart', { 'data-key': key }, data);
  const canvas = h('canvas', { role: 'img', 'aria-label': `${name}. The table below has the numbers.` });
  const plot = h('div.plot', { class: short ? 'short' : '', 'data-keep': key, 'data-key': `plot-${key}` }, canvas);
  queueMicrotask(() => requestAnimationFrame(() => draw(key, { kind, labels, series, format })));
  return h('div.chart', { 'data-key': key }, plot, h('details', null, h('summary', null, 'Numbers'), data));
}

function draw(key, plan) {
  const canvas = document.querySelector(`[data-keep="${CSS.escape(key)}"] canvas`);
  if (!canvas) return;
  const known = made.get(key);
  if (known && known.chart.canvas === canvas) {
    known.plan = plan;
    Object.assign(known.chart, { data: datasets(plan) });
    known.chart.options = options(plan);
    known.chart.update('none');
    return;
  }
  known?.chart.destroy();
  const chart = new (library())(canvas, { type: plan.kind === 'line' ? 'line' : 'bar', data: datasets(plan), options: options(plan) });
  made.set(key, { chart, plan });
}

function datasets({ kind, labels, series }) {
  return {
    labels,
    datasets: series.map((one, index) => {
      const tone = colour(`--series-${(one.tone ?? index) % 8 + 1}`);
      return kind === 'line'
        ? { label: one.name, data: one.values, borderColor: tone, backgroundColor: series.length === 1 ? faint(tone, 14) : tone, borderWidth: 2, fill: series.length === 1, tension: 0.25, pointRadius: labels.length < 3 ? 3 : 0, pointHitRadius: 12, spanGaps: false }
        : { label: one.name, data: one.values, backgroundColor: tone, borderRadius: 2, maxBarThickness: 28, categoryPercentage: 0.8, barPercentage: 0.92 };
    }),
  };
}

function options({ kind, series, format }) {
  const ink = colour('--ink-3');
  const line = colour('--line');
  const font = { family: getComputedStyle(document.body).fontFamily, size: 11 };
  const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
  const grid = { color: line, drawBorder: false, borderDash: [], drawTicks: false };
  return {
    responsive: true, maintainAspectRatio: false, animation: still ? false : { duration: 250 },
    interaction: { mode: 'index', intersect: false },
    scales: {
      x: { stacked: kind === 'stack', grid: { display: false, drawBorder: false }, ticks: { color: ink, font, maxRotation: 0, autoSkipPadding: 18 } },
      y: { stacked: kind === 'stack', beginAtZero: true, grid, border: { display: false }, ticks: { color: ink, font, padding: 8, maxTicksLimit: 5, callback: (value) => format(value) } },
    },
    plugins: {
      legend: { display: series.length > 1, position: 'bottom', align: 'start', labels: { color: colour('--ink-2'), font, boxWidth: 9, boxHeight: 9, padding: 14 } },
      tooltip: { callbacks: { label: (item) => ` ${item.dataset.label}: ${format(item.parsed.y)}` }, titleFont: font, bodyFont: font, padding: 10, cornerRadius: 6 },
    },
  };
}

/** Draws all anew: the colours changed. */
export function repaint() {
  for (const [key, { chart, plan }] of made) {
    if (!chart.canvas?.isConnected) { chart.destroy(); made.delete(key); continue; }
    chart.data = datasets(plan);
    chart.options = options(plan);
    chart.update('none');
  }
}

/** Lets go of charts whose canvas is gone. */
export function sweep() {
  for (const [key, { chart }] of made) if (!chart.canvas?.isConnected) { chart.destroy(); made.delete(key); }
}
