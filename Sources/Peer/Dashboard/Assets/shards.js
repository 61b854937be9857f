// Which machines did not answer: every answer about the whole fleet says so, and the page says it once, above the tab.
import { h } from './dom.js';
import { nameOf } from './live.js';
import * as f from './format.js';

let latest = new Map();

/** Takes what an answer says of its shards; `where` is the route that gave it. Gives the answer back. */
export function noteShards(where, answer) {
  if (answer?.shards) latest.set(where, answer.shards); else latest.delete(where);
  dispatchEvent(new Event('herd-shards'));
  return answer;
}

export function clearShards() { latest = new Map(); }

/** "1 of 3 machines did not answer: attic, last seen 4 min ago. …"; null when all did. */
export function missingShards() {
  const lacking = [...latest.values()].filter((shards) => shards.missing?.length);
  if (!lacking.length) return null;
  const shards = lacking.toSorted((a, b) => b.missing.length - a.missing.length)[0];
  const total = shards.total ?? shards.answered + shards.missing.length;
  const names = shards.missing.map((one) => `${nameOf(one.node_id)}, last seen ${seen(one.last_seen)}`);
  return [h('b', null, `${shards.missing.length} of ${f.plural(total, 'machine')} did not answer: `), `${names.join('; ')}. `,
    'Its own requests are missing below; daily totals are kept on other machines.'];
}

/** Seconds since 1970, or a date in text, or nothing. */
const seen = (value) => (value === null || value === undefined ? 'before this peer started' : f.ago(f.bucket(value)));
