// Numbers, sizes and times as people read them.

const whole = new Intl.NumberFormat(undefined, { maximumFractionDigits: 0 });
const DASH = '–';
const isNumber = (value) => typeof value === 'number' && Number.isFinite(value);

/** 12,345; above a million 1.2 M. */
export function count(value) {
  if (!isNumber(value)) return DASH;
  if (Math.abs(value) >= 1e9) return `${(value / 1e9).toFixed(value >= 1e10 ? 0 : 1)} G`;
  if (Math.abs(value) >= 1e6) return `${(value / 1e6).toFixed(value >= 1e7 ? 0 : 1)} M`;
  return whole.format(value);
}

export function decimal(value, digits = 1) {
  return isNumber(value) ? value.toFixed(digits).replace(/\.0+$/, '').replace('-', '−') : DASH;
}

export const percent = (value) => (isNumber(value) ? `${value >= 10 || value === 0 ? Math.round(value) : value.toFixed(1)} %` : DASH);

export function gigabytes(value) {
  if (!isNumber(value)) return DASH;
  if (value === 0) return '0 GB';
  if (value > 0 && value < 1) return `${Math.max(1, Math.round(value * 1000))} MB`;
  return `${value >= 100 ? Math.round(value) : value.toFixed(1)} GB`;
}

/** A span: 840 µs, 12 ms, 1.4 s, 3 min 20 s. */
export function span(milliseconds) {
  if (!isNumber(milliseconds)) return DASH;
  const size = Math.abs(milliseconds);
  if (size === 0) return '0 ms';
  if (size < 1) return `${Math.round(milliseconds * 1000)} µs`;
  if (size < 10) return `${milliseconds.toFixed(1)} ms`;
  if (size < 1000) return `${Math.round(milliseconds)} ms`;
  if (size < 60_000) return `${(milliseconds / 1000).toFixed(size < 10_000 ? 2 : 1)} s`;
  return long(milliseconds / 1000);
}

/** Two units at most: 3 min 20 s, 5 h 12 min, 4 d. */
export function long(seconds, most = 2) {
  if (!isNumber(seconds)) return DASH;
  const units = [['d', 86_400], ['h', 3_600], ['min', 60], ['s', 1]];
  const first = units.findIndex(([, size]) => seconds >= size);
  if (first < 0) return '0 s';
  const [name, size] = units[first];
  const rest = most > 1 ? units[first + 1] : null;
  const more = rest ? Math.floor((seconds % size) / rest[1]) : 0;
  return `${Math.floor(seconds / size)} ${name}${more && first > 0 ? ` ${more} ${rest[0]}` : ''}`;
}

/** How long ago a time in seconds since 1970 was. */
export function ago(timestamp, now = Date.now() / 1000) {
  if (!isNumber(timestamp) || timestamp <= 0) return 'never';
  const seconds = Math.max(0, now - timestamp);
  return seconds < 2 ? 'just now' : `${long(seconds, 1)} ago`;
}

export const clock = (timestamp) => new Date(timestamp * 1000).toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit' });
export const moment = (timestamp) => new Date(timestamp * 1000).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
export const day = (timestamp) => new Date(timestamp * 1000).toLocaleDateString(undefined, { month: 'short', day: 'numeric' });
export const hour = (timestamp) => new Date(timestamp * 1000).toLocaleString(undefined, { month: 'short', day: 'numeric', hour: '2-digit' });

/** A bucket's start as seconds since 1970: buckets come as numbers or as dates in text. */
export function bucket(value) {
  if (isNumber(value)) return value;
  const seconds = Date.parse(value) / 1000;
  return Number.isFinite(seconds) ? seconds : 0;
}

export const words = (text) => String(text ?? '').replaceAll('_', ' ');
export const capital = (text) => { const plain = words(text); return plain.charAt(0).toUpperCase() + plain.slice(1); };
export const plural = (number, one, many = `${one}s`) => `${count(number)} ${number === 1 ? one : many}`;
export const model = (name) => String(name ?? '').replace(/:latest$/, '');
