// The fleet as it is now: one stream of events for all tabs, tried again when it breaks.
import { keys } from './api.js';

const listeners = new Set();
let source = null;
let retry = null;
let wait = 500;
let watch = null;

export const live = { frame: null, state: 'connecting', heard: 0 };

/** Calls `listener` with each picture and each change of the connection; the latest at once. */
export function onLive(listener) {
  listeners.add(listener);
  if (live.frame) listener(live);
  return () => listeners.delete(listener);
}

function tell() { for (const listener of [...listeners]) listener(live); }

function set(state) {
  if (live.state === state) return;
  live.state = state;
  tell();
}

export function connect() {
  clearTimeout(retry);
  source?.close();
  // An EventSource sends no headers, so here alone the key is part of an address, which stays inside the page.
  source = new EventSource('/dashboard/events' + (keys.get() ? `?api_key=${encodeURIComponent(keys.get())}` : ''));
  source.onmessage = (event) => {
    try { live.frame = JSON.parse(event.data); } catch { return; }
    live.heard = Date.now();
    live.state = 'live';
    wait = 500;
    tell();
  };
  source.onerror = () => {
    source.close();
    set('away');
    retry = setTimeout(connect, wait);
    wait = Math.min(wait * 2, 10_000);
  };
  clearInterval(watch);
  // A connection may die without a word: a picture that is three ticks old is not live.
  watch = setInterval(() => {
    if (live.state === 'live' && Date.now() - live.heard > 7_000) { set('away'); connect(); }
  }, 1_000);
}

// A page that is left may be kept for the way back, and its stream with it: six of them are all the connections that a browser has
// for one peer, and the seventh tab would not open for a minute.
addEventListener('pagehide', () => {
  clearTimeout(retry);
  clearInterval(watch);
  source?.close();
});
addEventListener('pageshow', (event) => { if (event.persisted && live.state !== 'locked') connect(); });

export function disconnect() {
  clearTimeout(retry);
  clearInterval(watch);
  source?.close();
  set('locked');
}

/** A member of the mesh by its name or by its id, whole or shortened. */
export function member(name) {
  const members = live.frame?.mesh?.members ?? [];
  return members.find((one) => one.node_id === name) ?? members.find((one) => one.id && String(name ?? '').startsWith(one.id));
}

/** A machine's name for a name or an id. */
export const nameOf = (name) => member(name)?.node_id ?? String(name ?? '').slice(0, 16);

/** Names of machines that are there. */
export const online = () => (live.frame?.nodes ?? []).filter((node) => node.status !== 'offline').map((node) => node.node_id);
