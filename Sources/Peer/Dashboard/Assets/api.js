// Questions to this peer. The client key, if the fleet has keys, lives as long as the browser's tab and is never in a page's address.

const KEY = 'herd-key';
let inMemory = '';

export const keys = {
  get: () => { try { return sessionStorage.getItem(KEY) ?? inMemory; } catch { return inMemory; } },
  set: (text) => { inMemory = text; try { sessionStorage.setItem(KEY, text); } catch { /* kept in memory */ } },
  clear: () => { inMemory = ''; try { sessionStorage.removeItem(KEY); } catch { /* nothing there */ } },
};

/** An answer that is none: `kind` says what a panel shows. */
export class Failure extends Error {
  constructor(kind, message, status = 0) { super(message); this.kind = kind; this.status = status; }
}

/** Called once for each answer that says that a key is needed. */
export const unlock = { wanted: () => {} };

function kind(status) {
  if (status === 404 || status === 405 || status === 501) return 'missing';
  if (status === 401) return 'locked';
  if (status === 403) return 'denied';
  if (status === 409) return 'conflict';
  if (status === 503 || status === 502 || status === 504 || status === 429) return 'busy';
  return status >= 500 ? 'broken' : 'refused';
}

function said(body, status) {
  if (body && typeof body === 'object') {
    for (const text of [body.message, body.error?.message, body.error, body.detail, body.hint]) if (typeof text === 'string' && text) return text;
  }
  return `this peer answered ${status}`;
}

export async function ask(path, { method = 'GET', body, signal } = {}) {
  const headers = { Accept: 'application/json' };
  if (keys.get()) headers.Authorization = `Bearer ${keys.get()}`;
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  try {
    return await fetch(path, { method, headers, signal, cache: 'no-store', body: body === undefined ? undefined : JSON.stringify(body) });
  } catch (error) {
    if (error.name === 'AbortError') throw error;
    throw new Failure('away', 'This peer does not answer. The page goes on by itself when it is back; any other peer shows the same fleet.');
  }
}

async function json(path, options) {
  const answer = await ask(path, options);
  let body = null;
  try { body = await answer.json(); } catch { /* judged by its status */ }
  if (!answer.ok) {
    if (answer.status === 401) unlock.wanted(said(body, 401));
    throw new Failure(kind(answer.status), said(body, answer.status), answer.status);
  }
  if (body === null || typeof body !== 'object') throw new Failure('broken', 'this peer answered with something that is no JSON', answer.status);
  return body;
}

export const get = (path, signal) => json(path, { signal });
export const post = (path, body = {}, signal) => json(path, { method: 'POST', body, signal });

/** A route whose answer may be empty. */
export async function send(method, path, body) {
  const answer = await ask(path, { method, body });
  let text = null;
  try { text = await answer.json(); } catch { /* empty */ }
  if (!answer.ok) {
    if (answer.status === 401) unlock.wanted(said(text, 401));
    throw new Failure(kind(answer.status), said(text, answer.status), answer.status);
  }
  return text;
}

/** An answer of JSON lines, one at a time; for progress. */
export async function* lines(path, body, signal) {
  const answer = await ask(path, { method: 'POST', body, signal });
  if (!answer.ok || !answer.body) {
    let text = null;
    try { text = await answer.json(); } catch { /* judged by its status */ }
    throw new Failure(kind(answer.status), said(text, answer.status), answer.status);
  }
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    const { value, done } = await reader.read();
    const parts = (rest + (value ?? '')).split('\n');
    rest = done ? '' : parts.pop();
    for (const part of parts) if (part.trim()) { try { yield JSON.parse(part); } catch { /* half a line at a broken end */ } }
    if (done) return;
  }
}
