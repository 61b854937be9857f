// Health: a score, the figures behind it, and what should be done.
import { h, byId } from './dom.js';
import { get } from './api.js';
import { panel, badge, figures, empty, label, notice, prose } from './parts.js';
import { noteShards } from './shards.js';
import { onLive } from './live.js';
import * as f from './format.js';

const AROUND = 2 * Math.PI * 42;

function enter(main) {
  const one = panel({ title: 'Health of the fleet', load: async () => noteShards('health', await get('/dashboard/api/health')), draw });
  const said = h('div');
  main.append(one.element, said);
  one.refresh();
  const history = panel({
    title: 'Briefings', about: 'What a model of the fleet wrote about it, the latest first.',
    load: () => get('/dashboard/api/briefing/history?limit=20'), draw: (data) => briefings(data.briefings ?? data.history ?? data.data ?? []),
  });
  get('/dashboard/api/briefing').then((answer) => { if (answer.enabled) { said.append(history.element); history.refresh(); } }, () => {});
  const stop = onLive(({ frame }) => { if (frame && one.data === null) warnings(one, frame); });
  const timer = setInterval(() => { if (!document.hidden) one.refresh(); }, 15_000);
  return () => { stop(); clearInterval(timer); };
}

/** What every peer knows without a check: shown where the checks are not there. */
function warnings(one, frame) {
  if (!frame.warnings?.length || byId('plain-warnings') || one.element.hasAttribute('aria-busy')) return;
  one.element.after(h('section.card', { id: 'plain-warnings', 'aria-label': 'Warnings' }, h('header', null, h('h2', null, 'What this peer says')),
    h('div.inside.stack', null, frame.warnings.map((text) => notice('warning', prose(text))))));
}

function draw({ vitals = {}, recommendations = [], checked_at: at }) {
  const score = vitals.health_score ?? 0;
  const look = score >= 85 ? '' : score >= 60 ? 'warning' : 'bad';
  const count = (severity) => recommendations.filter((check) => check.severity === severity).length;
  return h('div.stack', null,
    h('div.score', { class: look },
      h('svg', { viewBox: '0 0 100 100', role: 'img', 'aria-label': `Health ${score} of 100` }, h('circle.ring', { cx: 50, cy: 50, r: 42 }),
        h('circle.arc', { cx: 50, cy: 50, r: 42, transform: 'rotate(-90 50 50)', 'stroke-dasharray': AROUND, 'stroke-dashoffset': AROUND * (1 - score / 100) }),
        h('text', { x: 50, y: 57 }, score), h('text.of', { x: 50, y: 70 }, 'of 100')),
      h('div.stack', null, h('h3', null, headline(score, count)), h('div.row.tight', null,
        ['critical', 'warning', 'info'].filter(count).map((severity) => badge(severity, `${count(severity)} ${severity}`)),
        h('span.muted.small', null, at ? `checked ${f.ago(f.bucket(at))}` : '')))),
    figures([
      ['Machines', [`${(vitals.nodes_online ?? 0) + (vitals.nodes_degraded ?? 0)}`, h('small', null, `of ${vitals.nodes_total ?? '–'}`)], vitals.nodes_offline ? `${vitals.nodes_offline} away` : 'all answer', vitals.nodes_offline ? 'warning' : ''],
      ['Requests, 24 h', f.count(vitals.total_requests_24h)], ['Failed', f.percent(vitals.overall_error_rate_pct), null, vitals.overall_error_rate_pct >= 5 ? 'bad' : ''],
      ['First token', f.span(vitals.avg_ttft_ms ?? NaN), 'mean'], ['Cold loads', f.count(vitals.cold_loads_24h), 'above 40 s'], ['Retries', f.count(vitals.total_retries_24h)],
      ['Clients gone', f.count(vitals.client_disconnects_24h)], ['Cut answers', f.count(vitals.incomplete_streams_24h)],
    ]),
    recommendations.length ? h('div.stack', null, recommendations.map(check)) : empty('Nothing to do', 'All checks pass. They run again every half minute.'));
}

function headline(score, count) {
  if (count('critical')) return `${f.plural(count('critical'), 'thing needs', 'things need')} attention now`;
  if (count('warning')) return 'Works, with something to look after';
  return score === 100 ? 'All well' : 'Well; some remarks';
}

function check(one) {
  const data = Object.entries(one.data ?? {}).filter(([, value]) => value !== null && typeof value !== 'object').slice(0, 6);
  return h('article.card.check', { class: one.severity, 'data-key': `${one.check_id}-${one.node_id ?? ''}-${one.data?.model ?? ''}` },
    h('div.row', null, badge(one.severity), h('h3', null, one.title), one.node_id ? label(one.node_id) : null),
    h('p.small.soft', null, prose(one.description)), one.fix ? h('p.fix', null, h('b', null, 'What to do: '), prose(one.fix)) : null,
    h('div.row.tight.small.muted', null, h('code', null, one.check_id), data.map(([name, value]) => h('span', null, `${f.words(name)}: ${typeof value === 'number' ? f.decimal(value, 1) : value}`))));
}

function briefings(list) {
  if (!list.length) return empty('No briefing yet', 'The first one is written with the next request to it.');
  return h('div.stack', null, list.map((one) => h('article', null, h('p.muted.small', null, f.moment(f.bucket(one.timestamp ?? one.generated_at))), h('p', null, one.briefing))));
}

export default { title: 'Health', enter };
