// Recommendations: which models would serve this fleet best, and the models that are there.
import { h } from './dom.js';
import { get } from './api.js';
import { panel, table, empty, badge, label, notice } from './parts.js';
import { management, pull, isPulling, onPulls } from './manage.js';
import { online } from './live.js';
import { noteShards } from './shards.js';
import * as f from './format.js';

const URGENCY = { high: 'bad', medium: 'warning', low: '' };

function enter(main) {
  let again = false;
  const plan = panel({
    title: 'Recommended models', about: 'By what was asked in the last 24 hours, the room on each machine, and how good models are at it.',
    tools: [h('button', { type: 'button', onclick: () => { again = true; plan.refresh(); } }, 'Work out again')],
    load: async () => { const wanted = again; again = false; return noteShards('recommendations', await get(`/dashboard/api/recommendations${wanted ? '?refresh=1' : ''}`)); }, draw,
  });
  const models = management();
  main.append(plan.element, models.element);
  plan.refresh();
  models.refresh();
  const stop = onPulls(() => { models.redraw(); plan.redraw(); });
  const timer = setInterval(() => { if (!document.hidden && !models.element.contains(document.activeElement)) models.refresh(); }, 5_000);
  return () => { stop(); clearInterval(timer); };
}

function draw({ nodes = [], usage = {}, fleet_summary: summary, uncovered_categories: uncovered = [] }) {
  if (!nodes.length) return empty('No machine to plan for', 'A machine is here once it has told how much memory it has.');
  const kinds = Object.entries(usage.category_breakdown ?? {}).toSorted((a, b) => b[1] - a[1]);
  return h('div.stack', null,
    typeof summary === 'string' && summary ? h('p', null, summary) : null,
    kinds.length ? h('div.row.tight.small', null, h('span.muted', null, 'Asked for:'), kinds.map(([kind, count]) => label(`${f.words(kind)} ${f.count(count)}`))) : null,
    uncovered.length ? notice('info', h('b', null, 'No model for: '), `${uncovered.map(f.words).join(', ')}.`) : null,
    nodes.map(node));
}

function node(one) {
  const there = online().includes(one.node_id);
  return h('section', { class: 'stack', 'data-key': one.node_id, 'aria-label': one.node_id },
    h('div.spread', null, h('h3', null, one.node_id), h('span.small.muted', null, `${f.gigabytes(one.usable_ram_gb)} of ${f.gigabytes(one.total_ram_gb)} for models${one.disk_available_gb ? `, ${f.gigabytes(one.disk_available_gb)} free on disk` : ''}`)),
    one.recommendations?.length ? table([
      { name: 'Model', cell: (model) => h('span.cell', null, h('b', null, model.display_name || f.model(model.model)), h('br'), h('code.small.muted', null, model.model)) },
      { name: 'For', cell: (model) => f.words(model.category) },
      { name: 'Why', optional: true, cell: (model) => h('span.small.soft', null, model.reason) },
      { name: 'Urgency', cell: (model) => h('span.badge', { class: URGENCY[model.priority] ?? '' }, model.priority) },
      { name: 'Memory', number: true, cell: (model) => f.gigabytes(model.ram_gb) },
      { name: 'Quality', number: true, optional: true, cell: (model) => f.decimal(model.quality_score, 0) },
      { name: 'Pull', unseen: true, number: true, cell: (model) => (model.already_available ? badge('online', 'there') : h('button', { type: 'button', disabled: !there || isPulling(one.node_id, model.model), 'aria-label': `Pull ${model.model} to ${one.node_id}`, onclick: () => pull(one.node_id, model.model) }, isPulling(one.node_id, model.model) ? 'Pulling' : 'Pull')) },
    ], one.recommendations, { caption: `Recommended for ${one.node_id}`, key: (model) => model.model, stacked: true })
      : h('p.small.muted', null, 'Nothing to add: what it has serves it well, or it has no room for more.'));
}

export default { title: 'Recommendations', enter };
