// Models on machines: pull with progress, delete after a question, pin.
import { h } from './dom.js';
import { get, post, send, lines } from './api.js';
import { live, online } from './live.js';
import { panel, table, empty, badge, label, toast, confirmed, meter } from './parts.js';
import * as f from './format.js';

/** Pulls of this page, by machine and model; they outlive a change of tabs. */
const pulls = new Map();
const watchers = new Set();
const tell = () => { for (const watcher of watchers) watcher(); };
export const onPulls = (watcher) => { watchers.add(watcher); return () => watchers.delete(watcher); };

export async function pull(node, model) {
  const key = `${node} ${model}`;
  if (pulls.has(key)) return;
  const abort = new AbortController();
  const one = { node, model, status: 'asking', share: null, abort };
  pulls.set(key, one);
  tell();
  try {
    for await (const line of lines('/api/pull', { model, ...(node ? { node_id: node } : {}), stream: true }, abort.signal)) {
      if (line.error) throw new Error(line.error);
      one.status = line.status ?? one.status;
      if (line.total) one.share = (line.completed ?? 0) / line.total * 100;
      tell();
    }
    if (one.status !== 'success') throw new Error('the pull ended before it was complete');
    toast(`${model} is on ${node || 'a machine of the fleet'}.`);
  } catch (error) {
    toast(error.name === 'AbortError' ? `The pull of ${model} was stopped; what has come is kept.` : `${model} was not pulled to ${node || 'the fleet'}: ${error.message}`, error.name === 'AbortError' ? '' : 'bad');
  } finally {
    pulls.delete(key);
    tell();
  }
}

export const isPulling = (node, model) => pulls.has(`${node} ${model}`);

/** What this page pulls now. */
export function pullList() {
  if (!pulls.size) return null;
  return h('ul.stack', { 'aria-label': 'Pulls under way' }, [...pulls].map(([key, one]) => h('li.stack', { 'data-key': key },
    h('div.spread.small', null, h('span', null, h('b', null, one.model), ` to ${one.node || 'the best machine'}: ${one.status}${one.share === null ? '' : `, ${f.percent(one.share)}`}`),
      h('button.quiet', { type: 'button', onclick: () => one.abort.abort() }, 'Stop')), meter(one.share ?? 0, `Pull of ${one.model}`, 'plain'))));
}

async function remove(node, model, one) {
  if (!await confirmed(`Delete ${f.model(model)}?`, `Its files are removed from ${node}. Other machines keep theirs; it can be pulled again.`, 'Delete')) return;
  try { await send('DELETE', '/api/delete', { model, node_id: node }); toast(`${f.model(model)} was deleted from ${node}.`); } catch (error) { toast(`${f.model(model)} was not deleted: ${error.message}`, 'bad'); }
  one.refresh();
}

async function pin(node, model, pinned, one) {
  try { await post('/dashboard/api/pinned-models', { node_id: node, model, pinned }); toast(`${f.model(model)} is ${pinned ? 'kept in memory' : 'no longer kept in memory'} on ${node}.`); } catch (error) { toast(`Not changed: ${error.message}`, 'bad'); }
  one.refresh();
}

/** The card. Where a peer has no figures about use, the lists of models alone are shown. */
export function management() {
  const field = h('input', { id: 'pull-model', required: true, placeholder: 'llama3.2:3b', autocomplete: 'off', spellcheck: 'false' });
  const where = h('select', { id: 'pull-node' });
  const bar = h('form.row', { onsubmit: (event) => { event.preventDefault(); const model = field.value.trim(); if (model) { pull(where.value, model); field.value = ''; } } },
    h('div.field', null, h('label', { for: 'pull-model' }, 'Model'), field), h('div.field', null, h('label', { for: 'pull-node' }, 'To'), where),
    h('div.field', null, h('span', { 'aria-hidden': 'true' }, '\u00a0'), h('button.main', { type: 'submit' }, 'Pull')));
  const one = panel({ title: 'Models on machines', about: 'Pull, delete, and keep in memory.', load, draw: (data) => draw(data, one, () => { choices(where); return bar; }) });
  return one;
}

function choices(where) {
  const names = ['', ...online()];
  if ([...where.options].map((option) => option.value).join() === names.join()) return;
  const chosen = where.value;
  where.replaceChildren(...names.map((name) => h('option', { value: name, selected: name === chosen }, name || 'the best machine')));
}

async function load() {
  const [status, pins] = await Promise.all([
    get('/dashboard/api/model-management').catch(async (error) => { if (error.kind !== 'missing') throw error; return plain(await get('/fleet/status')); }),
    get('/dashboard/api/pinned-models').catch(() => null),
  ]);
  return { nodes: status.nodes ?? [], pins };
}

/** The same shape, without use. */
function plain(status) {
  return { nodes: status.nodes.filter((node) => node.status !== 'offline').map((node) => ({
    node_id: node.node_id, total_size_gb: Object.values(node.ollama.models_available_sizes).reduce((sum, size) => sum + size, 0),
    models: node.ollama.models_available.map((name) => ({ name, size_gb: node.ollama.models_available_sizes[name], loaded_in_vram: node.ollama.models_loaded.some((one) => one.name === name) })),
  })) };
}

function draw({ nodes, pins }, one, bar) {
  const known = new Map((live.frame?.nodes ?? []).map((node) => [node.node_id, node]));
  return h('div.stack', null, bar(), pullList(),
    nodes.some((node) => node.models?.length) ? nodes.map((node) => block(node, known.get(node.node_id), pins, one))
      : empty('No models on any machine', 'Pull one above: small ones such as llama3.2:1b are there in a minute.'));
}

function block(node, known, pins, one) {
  const pinned = new Set((pins?.per_node?.[node.node_id] ?? []).map(f.model));
  const canChange = !known || known.backends.some((backend) => backend.kind === 'ollama' && backend.reachable);
  const disk = node.disk_total_gb ? `, ${f.gigabytes(node.disk_available_gb)} of ${f.gigabytes(node.disk_total_gb)} free on disk` : '';
  const hasUse = node.models.some((model) => model.total_requests !== undefined);
  return h('section', { class: 'stack', 'data-key': node.node_id, 'aria-label': node.node_id },
    h('div.spread', null, h('h3', null, node.node_id), h('span.small.muted', null, `${f.plural(node.models.length, 'model')}, ${f.gigabytes(node.total_size_gb)}${disk}`)),
    node.models.length ? table([
      { name: 'Model', cell: (model) => h('span.cell.ellipsis', { title: model.name }, model.display_name || f.model(model.name)) },
      { name: 'State', cell: (model) => h('span.row.tight', null, model.loaded_in_vram ? badge('online', 'in memory') : label('on disk'), pinned.has(f.model(model.name)) ? label('pinned', 'accent') : null, model.unused ? badge('warning', model.last_used ? `unused ${f.plural(Math.round(model.days_unused ?? 0), 'day')}` : 'never used') : null) },
      { name: 'Size', number: true, cell: (model) => f.gigabytes(model.size_gb ?? NaN) },
      ...(hasUse ? [{ name: 'Kind', optional: true, cell: (model) => f.words(model.category ?? '–') }, { name: 'Requests', number: true, optional: true, cell: (model) => f.count(model.total_requests ?? NaN) }, { name: 'Last used', number: true, optional: true, cell: (model) => (model.last_used ? f.ago(f.bucket(model.last_used)) : 'never') }] : []),
      { name: 'Actions', unseen: true, number: true, cell: (model) => (canChange ? h('span.row.tight', null,
        pins ? h('button.quiet', { type: 'button', 'aria-pressed': String(pinned.has(f.model(model.name))), 'aria-label': `Keep ${f.model(model.name)} in memory on ${node.node_id}`, onclick: () => pin(node.node_id, model.name, !pinned.has(f.model(model.name)), one) }, pinned.has(f.model(model.name)) ? 'Unpin' : 'Pin') : null,
        h('button.quiet', { type: 'button', 'aria-label': `Delete ${f.model(model.name)} from ${node.node_id}`, onclick: () => remove(node.node_id, model.name, one) }, 'Delete')) : h('span.muted.small', null, 'by its engine')) },
    ], node.models, { caption: `Models on ${node.node_id}`, key: (model) => model.name, stacked: true }) : h('p.small.muted', null, 'No models.'));
}
