// The parts that tabs are made of: cards with every state that an answer can have, badges, tables, notices.
import { h, show, byId } from './dom.js';
import { Failure } from './api.js';
import * as f from './format.js';

const STATUS = {
  online: ['good', 'online'], alive: ['good', 'alive'], degraded: ['warning', 'degraded'], suspect: ['warning', 'suspect'],
  offline: ['bad', 'offline'], unreachable: ['bad', 'unreachable'], asleep: ['off', 'asleep'], left: ['off', 'left'],
  completed: ['good', 'completed'], failed: ['bad', 'failed'], retried: ['warning', 'retried'], rejected: ['bad', 'rejected'],
  critical: ['bad', 'critical'], warning: ['warning', 'warning'], info: ['info', 'info'],
  running: ['accent', 'running'], complete: ['good', 'complete'], cancelled: ['off', 'cancelled'], error: ['bad', 'error'],
};

/** A state in a word; its colour and shape say the same. */
export function badge(word, text) {
  const [look, name] = STATUS[word] ?? ['', f.words(word)];
  return h('span.badge', { class: look }, text ?? name);
}

export const label = (text, look = '') => h('span.badge.plain', { class: look }, text);

/** The few numbers that a tab opens with: [name, value, unit or note, look]. */
export function figures(entries) {
  return h('dl.figures', { 'data-key': 'figures' }, entries.map(([name, value, note, look]) => h('div.figure', { class: [look ?? '', typeof value === 'string' && value.length > 7 && !/^[\d.,]/.test(value) ? 'word' : ''].join(' ').trim() },
    h('dt', null, name), h('dd', null, value), note ? h('dd.note', null, note) : null)));
}

/** A share as a bar; the words beside it say the number. */
export function meter(share, name, look) {
  const percent = Math.max(0, Math.min(100, Number.isFinite(share) ? share : 0));
  const tone = look ?? (percent >= 92 ? 'bad' : percent >= 80 ? 'warning' : '');
  return h('span.meter', { class: tone, role: 'meter', 'aria-label': name, 'aria-valuemin': 0, 'aria-valuemax': 100, 'aria-valuenow': Math.round(percent) },
    h('i', { style: { '--v': `${percent}%` } }));
}

/** Columns: {name, cell(row), number, optional}; the first is the row's head. */
export function table(columns, rows, { caption, key, rowClass, stacked, className } = {}) {
  // On a phone a row becomes two columns: every second of those that stay stands at the right.
  const kept = columns.filter((column) => !column.optional);
  const side = (column) => (kept.indexOf(column) % 2 === 1 ? 'right' : '');
  const body = rows.map((row, index) => h('tr', { 'data-key': key ? String(key(row, index)) : null, class: rowClass?.(row) ?? '' },
    columns.map((column, place) => h(place === 0 ? 'th' : 'td', {
      scope: place === 0 ? 'row' : null, 'data-label': column.number && !column.unseen ? column.name : null, class: [column.number ? 'number' : '', column.optional ? 'optional' : '', side(column), column.className ?? ''].join(' ').trim() || null,
    }, column.cell(row)))));
  return h('div.scroll', { tabindex: 0, role: 'region', 'aria-label': caption },
    h('table', { class: [stacked ? 'stacked' : '', className ?? ''].join(' ').trim() || null },
      h('caption.unseen', null, caption),
      h('thead', null, h('tr', null, columns.map((column) => h('th', {
        scope: 'col', class: [column.number ? 'number' : '', column.optional ? 'optional' : ''].join(' ').trim() || null,
      }, column.unseen ? h('span.unseen', null, column.name) : column.name)))),
      h('tbody', null, body)));
}

const GLYPHS = {
  nothing: 'M4 8h16v10a2 2 0 0 1-2 2H6a2 2 0 0 1-2-2zM4 8l2.5-4h11L20 8M9.5 12h5',
  plug: 'M9 3v5M15 3v5M6 8h12v3a6 6 0 0 1-12 0zM12 17v4',
  lock: 'M6 11h12v9H6zM8.5 11V7.5a3.5 3.5 0 0 1 7 0V11',
  clock: 'M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM12 8v4.5l3 2',
};

/** What stands where there is nothing: why, and what to do next. */
export function empty(title, text, { glyph = 'nothing', actions = [] } = {}) {
  return h('div.empty', null,
    h('svg', { viewBox: '0 0 24 24', fill: 'none', stroke: 'currentColor', 'stroke-width': 1.4, 'aria-hidden': 'true' }, h('path', { d: GLYPHS[glyph] })),
    h('h3', null, title), h('p', null, typeof text === 'string' ? prose(text) : text), actions.length ? h('div.row', null, actions) : null);
}

export const waiting = () => h('div.wait', { role: 'status' }, h('span.unseen', null, 'Loading'), h('i'), h('i'), h('i'));

/** Text whose `commands` in backticks are set as code. */
export const prose = (text) => String(text ?? '').split('`').map((part, index) => (index % 2 ? h('code', null, part) : part));

export const notice = (look, ...children) => h('div.notice', { class: look }, h('div', null, children));

/** What a failed question looks like in a panel. */
export function failed(error, again) {
  const retry = again ? [h('button', { type: 'button', onclick: again }, 'Try again')] : [];
  if (!(error instanceof Failure)) return empty('This could not be shown', `${error?.message ?? error}`, { actions: retry });
  switch (error.kind) {
    case 'missing': return empty('Not in this version', 'The peer that you look at does not have this part yet. Another peer of the fleet with a newer version may have it: see Settings.', { glyph: 'plug' });
    case 'locked': return empty('A key is needed', error.message, { glyph: 'lock' });
    case 'denied': return empty('This key may not see it', error.message, { glyph: 'lock' });
    case 'away': return empty('No answer', error.message, { glyph: 'plug', actions: retry });
    case 'busy': return empty('Not now', error.message, { glyph: 'clock', actions: retry });
    default: return empty('This peer could not answer', error.message, { actions: retry });
  }
}

/**
 * A card with a title that loads and draws: `load()` gives data, `draw(data)` gives nodes. Has `refresh()` and `redraw()`.
 * A question that is still under way when the next begins is dropped; old data stays visible while new is fetched.
 */
export function panel({ title, about, load, draw, flush = false, tools = [], onData }) {
  const inside = h('div.inside', { class: flush ? 'flush' : '' }, waiting());
  const element = h('section.card', { 'aria-label': title, 'aria-busy': 'true' },
    h('header', null, h('h2', null, title), tools.length ? h('div.row.push', null, tools) : null, about ? h('p', null, about) : null), inside);
  let data = null;
  let turn = 0;
  const self = { element, get data() { return data; }, refresh, redraw };

  function redraw() {
    if (data === null) return;
    try { inside.classList.toggle('flush', flush); show(inside, draw(data)); }
    catch (error) { inside.classList.remove('flush'); show(inside, failed(error)); }
  }

  async function refresh() {
    const mine = ++turn;
    if (data === null) element.setAttribute('aria-busy', 'true');
    try {
      const answer = await load();
      if (mine !== turn || !element.isConnected) return;
      data = answer;
      onData?.(answer);
      redraw();
    } catch (error) {
      if (mine !== turn || error.name === 'AbortError') return;
      // A short absence keeps what was shown: the top of the page says that it is old.
      if (data === null || error.kind !== 'away') { data = null; inside.classList.remove('flush'); show(inside, failed(error, refresh)); }
    } finally {
      if (mine === turn) element.removeAttribute('aria-busy');
    }
  }
  return self;
}

/** A card without a question behind it. */
export function card(title, about, ...children) {
  return h('section.card', { 'aria-label': title }, h('header', null, h('h2', null, title), about ? h('p', null, about) : null), h('div.inside', null, children));
}

/** A short message that goes by itself; failures stay until closed. */
export function toast(text, look = '') {
  const element = h('div.toast', { class: look }, h('span', null, text),
    h('button.quiet.push', { type: 'button', 'aria-label': 'Close message', onclick: () => element.remove() }, '✕'));
  byId('toasts').append(element);
  if (look !== 'bad') setTimeout(() => element.remove(), 6_000);
}

/** A dialog; it is removed when it closes. `build(close)` gives its content. */
export function dialog(name, build, { narrow = false, onClose } = {}) {
  const element = h('dialog', { class: narrow ? 'narrow' : '', 'aria-label': name, onclose: () => { element.remove(); onClose?.(); } });
  const close = () => element.close();
  // A click beside it closes it.
  element.onclick = (event) => { if (event.target === element) close(); };
  element.append(...[build(close)].flat().filter(Boolean));
  document.body.append(element);
  element.showModal();
  return element;
}

export const closer = (close) => h('button.quiet.close', { type: 'button', 'aria-label': 'Close', onclick: close }, '✕');

/** Asks before something is lost; true for yes. */
export function confirmed(title, text, verb) {
  return new Promise((resolve) => {
    let answer = false;
    dialog(title, (close) => h('form', { method: 'dialog' }, h('h2', null, title), h('p.soft', null, text),
      h('div.row', null, h('button.danger', { type: 'button', onclick: () => { answer = true; close(); } }, verb),
        h('button', { type: 'button', autofocus: true, onclick: close }, 'Cancel'))), { narrow: true, onClose: () => resolve(answer) });
  });
}

/** One of a few choices, as radio buttons in a row. */
export function segments(name, choices, chosen, onPick) {
  const group = `seg-${name.replaceAll(' ', '-')}`;
  return h('fieldset.segments', { 'aria-label': name }, choices.map(([value, text]) => h('label', null,
    h('input', { type: 'radio', name: group, value, checked: value === chosen, onchange: () => onPick(value) }), text)));
}

export const goTo = (path, text, main = false) => h('a.button', { href: path, class: main ? 'main' : '' }, text);
