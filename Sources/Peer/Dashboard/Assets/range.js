// The span of time that a tab looks at: a few lengths, or from one day to another.
import { h } from './dom.js';
import { segments } from './parts.js';

/** A picker: `choices` of [hours, name]; calls `onPick` with a query's parameters. `unit` is `hours` or `days`. */
export function range(choices, chosen, unit, onPick) {
  const size = unit === 'days' ? 24 : 1;
  let query = `${unit}=${chosen / size}`;
  const from = h('input', { type: 'date', id: 'from', onchange: custom });
  const until = h('input', { type: 'date', id: 'until', onchange: custom });
  const dates = h('span.row.tight', { hidden: true }, h('label', { for: 'from' }, 'From'), from, h('label', { for: 'until' }, 'to'), until);

  function pick(value) {
    dates.hidden = value !== 'custom';
    if (value === 'custom') { from.focus(); return custom(); }
    set(`${unit}=${value / size}`);
  }
  function custom() {
    const start = Date.parse(`${from.value}T00:00`);
    const end = Date.parse(`${until.value || from.value}T00:00`) + 86_400_000;
    if (!Number.isFinite(start) || !(end > start)) return;
    set(`${unit}=${Math.max(1, Math.ceil((end - start) / 3_600_000 / size))}&start_ts=${start / 1000}&end_ts=${end / 1000}`);
  }
  function set(next) {
    query = next;
    onPick(query);
  }
  return {
    element: h('div.row', null, segments('Span of time', [...choices.map(([value, name]) => [String(value), name]), ['custom', 'Custom']], String(chosen), pick), dates),
    get query() { return query; },
  };
}

/** Sums rows into one row per bucket of time, oldest first, with the empty buckets between them. */
export function filled(rows, time, length, make) {
  if (!rows.length) return [];
  const found = new Map();
  for (const row of rows) found.set(Math.round(time(row) / length), row);
  const all = [...found.keys()].toSorted((a, b) => a - b);
  // A gap of years is one bucket, not thousands.
  if (all.at(-1) - all[0] > 2_000) return all.map((key) => found.get(key));
  return Array.from({ length: all.at(-1) - all[0] + 1 }, (_, index) => found.get(all[0] + index) ?? make((all[0] + index) * length));
}
