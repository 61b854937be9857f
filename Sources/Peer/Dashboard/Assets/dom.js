// Elements from code. Text is always text: nothing that comes from the fleet is ever read as HTML.

const SVG = 'http://www.w3.org/2000/svg';
const SHAPES = new Set(['svg', 'g', 'path', 'circle', 'rect', 'line', 'text', 'title']);
const HANDLERS = ['onclick', 'onchange', 'oninput', 'onsubmit', 'onclose', 'onkeydown'];

/** h('p.small.muted', {title: 'x'}, 'text', child, [more]): an element. Handlers are properties, so that `morph` can carry them over. */
export function h(what, properties, ...children) {
  const [tag, ...classes] = what.split('.');
  const element = SHAPES.has(tag) ? document.createElementNS(SVG, tag) : document.createElement(tag);
  if (classes.length) element.setAttribute('class', classes.join(' '));
  for (const [name, value] of Object.entries(properties ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name === 'style') for (const [key, text] of Object.entries(value)) element.style.setProperty(key, text);
    else if (name === 'class') element.setAttribute('class', [...classes, value].join(' ').trim());
    else if (name === 'value' || name === 'checked') { element[name] = value; element.setAttribute(name, value === true ? '' : value); }
    else if (name.startsWith('on')) element[name] = value;
    else element.setAttribute(name, value === true ? '' : value);
  }
  add(element, children);
  return element;
}

function add(element, children) {
  for (const child of children.flat(9)) {
    if (child === null || child === undefined || child === false) continue;
    element.append(child instanceof Node ? child : document.createTextNode(String(child)));
  }
}

/** Makes `old` look like `fresh` with as little change as possible: focus, selection and scrolling stay where they are. */
export function morph(old, fresh) {
  if (old.nodeType !== fresh.nodeType || old.nodeName !== fresh.nodeName || old.dataset?.key !== fresh.dataset?.key) {
    old.replaceWith(fresh);
    return fresh;
  }
  if (old.nodeType === Node.TEXT_NODE) {
    if (old.data !== fresh.data) old.data = fresh.data;
    return old;
  }
  if (old.dataset?.keep !== undefined && old.dataset.keep === fresh.dataset?.keep) return old;
  attributes(old, fresh);
  morphChildren(old, [...fresh.childNodes]);
  return old;
}

/** The same for the children alone. */
export function morphChildren(parent, fresh) {
  const keyed = new Map([...parent.children].filter((child) => child.dataset?.key).map((child) => [child.dataset.key, child]));
  let place = parent.firstChild;
  for (const next of fresh) {
    const known = next.dataset?.key ? keyed.get(next.dataset.key) : undefined;
    if (known && known !== place) { parent.insertBefore(known, place); place = known; }
    if (!place) { parent.append(next); continue; }
    if (!known && place.dataset?.key) { parent.insertBefore(next, place); continue; }
    place = morph(place, next).nextSibling;
  }
  while (place) { const after = place.nextSibling; place.remove(); place = after; }
}

function attributes(old, fresh) {
  for (const { name } of [...old.attributes]) if (name !== 'style' && !fresh.hasAttribute(name) && !(name === 'open' && old.nodeName === 'DETAILS')) old.removeAttribute(name);
  for (const { name, value } of fresh.attributes) if (name !== 'style' && old.getAttribute(name) !== value) old.setAttribute(name, value);
  if (old.style && old.style.cssText !== fresh.style.cssText) old.style.cssText = fresh.style.cssText;
  for (const name of HANDLERS) if (old[name] !== fresh[name]) old[name] = fresh[name];
  if (old === document.activeElement) return;
  if (old.nodeName === 'INPUT') { old.checked = fresh.checked; if (old.value !== fresh.value) old.value = fresh.value; }
}

/** Shows exactly these children in `parent`. */
export function show(parent, ...children) {
  const holder = document.createDocumentFragment();
  add(holder, children);
  morphChildren(parent, [...holder.childNodes]);
}

export const byId = (id) => document.getElementById(id);
