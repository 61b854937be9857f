// Mesh: who is there, who holds the lease, how old what is known is.
import { h, show } from './dom.js';
import { get } from './api.js';
import { onLive, live } from './live.js';
import { badge, label, figures, table, empty, panel, notice, prose, waiting } from './parts.js';
import { noteShards } from './shards.js';
import * as f from './format.js';

const MODES = { quorate: ['good', 'quorate'], degraded: ['warning', 'degraded'] };

function enter(main) {
  const top = h('div', null, waiting());
  const sky = h('div.inside');
  const members = h('div.inside.flush');
  const ways = h('div.inside');
  const history = panel({ title: 'Routers so far', about: 'Who held the lease, by epoch; the latest first.', flush: true, load: async () => noteShards('mesh', await get('/fleet/mesh')), draw: drawHistory });
  main.append(top, h('section.card', { 'aria-label': 'Map' }, sky),
    h('section.card', { 'aria-label': 'Members' }, h('header', null, h('h2', null, 'Members'), h('p', null, 'As the peer that you look at sees them. Another peer may see them otherwise: that is what a partition looks like.')), members),
    h('section.card', { 'aria-label': 'Ways to each other' }, h('header', null, h('h2', null, 'Finding and trusting each other')), ways), history.element);
  const stop = onLive(({ frame }) => {
    if (!frame) return;
    show(top, summary(frame.mesh));
    show(sky, map(frame.mesh));
    show(members, memberTable(frame.mesh));
    show(ways, trust(frame));
  });
  history.refresh();
  const timer = setInterval(() => { if (!document.hidden && live.state === 'live') history.refresh(); }, 10_000);
  return () => { stop(); clearInterval(timer); };
}

function summary(mesh) {
  const alive = mesh.members.filter((one) => one.status === 'alive').length;
  const oldest = Math.max(0, ...mesh.members.filter((one) => one.status === 'alive').map((one) => one.age_ms ?? 0));
  return figures([
    ['Router', mesh.router?.node_id ?? 'none', mesh.router ? 'owns pulls, pins and settings' : 'requests go on without one', mesh.router ? '' : 'warning'],
    ['Lease', mesh.router ? badge(MODES[mesh.router.mode]?.[0] === 'good' ? 'online' : 'degraded', mesh.router.mode) : '–', mesh.router?.mode === 'degraded' ? 'fewer than half of the known peers' : 'grants of more than half'],
    ['Epoch', f.count(mesh.router?.epoch ?? mesh.max_epoch), mesh.max_epoch > (mesh.router?.epoch ?? 0) ? `highest seen ${mesh.max_epoch}` : 'the highest seen'],
    ['Alive', [f.count(alive), h('small', null, `of ${mesh.members.length}`)], alive < mesh.members.length ? 'some do not answer' : 'all answer', alive < mesh.members.length ? 'warning' : ''],
    ['Oldest news', f.span(oldest), 'of a peer that is alive'],
    ['Fleet', mesh.fleet, mesh.open_fleet ? 'open: anyone on the network can join' : 'closed by a key', mesh.open_fleet ? 'warning' : ''],
  ]);
}

const LOOK = { alive: '', suspect: 'weak', unreachable: 'lost', left: 'gone' };

/** This peer in the middle, the others around it. */
function map(mesh) {
  const others = mesh.members.filter((one) => one.node_id !== mesh.self).toSorted((a, b) => a.node_id.localeCompare(b.node_id)).slice(0, 24);
  const me = mesh.members.find((one) => one.node_id === mesh.self);
  const place = (index) => { const angle = (index / others.length) * 2 * Math.PI + (others.length < 3 ? Math.PI : -Math.PI / 2); return [180 + 122 * Math.cos(angle), 132 + 92 * Math.sin(angle)]; };
  const spot = (one, x, y, isMe) => h('g', null, h('title', null, `${one.node_id}: ${one.status}`),
    one.node_id === mesh.router?.node_id ? h('circle.crown', { cx: x, cy: y, r: 18 }) : null,
    h('circle.dot', { class: [LOOK[one.status] ?? '', isMe ? 'me' : ''].join(' ').trim(), cx: x, cy: y, r: 12 }),
    h('text', { x, y: y + 32 }, one.node_id.length > 16 ? `${one.node_id.slice(0, 15)}…` : one.node_id),
    h('text.of', { x, y: y + 44 }, isMe ? 'this peer' : one.status === 'alive' ? f.span(one.age_ms ?? 0) : one.reason ?? one.status));
  const spots = others.map((one, index) => [one, ...place(index)]);
  const picture = h('svg', { viewBox: others.length < 3 ? '0 70 360 120' : '0 0 360 280', role: 'img', 'aria-label': `This peer and ${f.plural(others.length, 'other')}; the table below says the same` },
    spots.map(([one, x, y]) => h('line.link', { class: LOOK[one.status] ?? '', x1: 180, y1: 132, x2: x, y2: y })), spots.map(([one, x, y]) => spot(one, x, y, false)), me ? spot(me, 180, 132, true) : null);
  return h('div.sky', null, picture, h('div.stack', null, story(mesh, others),
    h('ul.legend', null, [['alive', 'alive'], ['suspect', 'missed probes'], ['unreachable', 'out of sight'], ['left', 'left']].map(([status, text]) => h('li', null, badge(status, text))))));
}

function story(mesh, others) {
  const { router } = mesh;
  const lost = others.filter((one) => one.status === 'unreachable');
  const list = [];
  if (!others.length) list.push(h('p', null, h('b', null, 'This peer is alone. '), 'Start herd-peer on another machine of this network and it joins by itself. Where mDNS does not pass, name this one: ', h('code', null, `herd-peer serve --router-url http://${location.hostname}:${location.port || 80}`)));
  else if (!router) list.push(h('p', null, h('b', null, 'There is no router now. '), 'Requests are served all the same. An election takes a few seconds; when it takes longer, more than half of the peers that are known cannot be reached.'));
  else list.push(h('p', null, h('b', null, router.node_id), ` has been granted the lease with epoch ${router.epoch}. `, router.mode === 'quorate' ? 'More than half of the known peers agree, so it may place, pull and delete.' : 'Fewer than half of the known peers can be reached: it routes, and leaves alone what cannot be undone.'));
  if (lost.length) list.push(h('p', null, h('b', null, `${lost.map((one) => one.node_id).join(', ')} ${lost.length === 1 ? 'is' : 'are'} out of sight. `), lost.length * 2 >= others.length + 1 ? 'That is half of the fleet or more: perhaps it is this side that is cut off.' : 'It is dialled again by itself for seven days.'));
  return list;
}

function memberTable(mesh) {
  if (!mesh.members.length) return empty('No members', 'The mesh has not started yet.');
  const closed = !mesh.open_fleet;
  return table([
    { name: 'Peer', cell: (one) => h('span.row.tight', null, h('span', null, one.node_id), one.node_id === mesh.self ? label('this peer') : null, one.node_id === mesh.router?.node_id ? label('router', 'accent') : null) },
    { name: 'State', cell: (one) => badge(one.reason ?? one.status) },
    { name: 'Address', cell: (one) => h('span.mono', null, one.address ?? '–') },
    { name: 'Last heard', number: true, cell: (one) => (one.node_id === mesh.self ? '–' : one.age_ms === null || one.age_ms === undefined ? 'never' : one.age_ms < 60_000 ? f.span(one.age_ms) : f.long(one.age_ms / 1000)) },
    { name: 'Found by', optional: true, cell: (one) => one.source ?? '–' },
    { name: 'Majority', optional: true, cell: (one) => (one.in_roster ? 'counts' : 'no') },
    { name: 'Link', optional: true, cell: (one) => [one.tls ? 'TLS' : closed && one.node_id !== mesh.self ? 'none yet' : 'plain', one.udp_blocked ? ', UDP blocked' : ''].join('') },
    { name: 'Protocol', number: true, optional: true, cell: (one) => one.protocol ?? '–' },
    { name: 'Id', optional: true, cell: (one) => h('span.mono.muted', null, one.id) },
  ], mesh.members.toSorted((a, b) => a.node_id.localeCompare(b.node_id)), { caption: 'Members of the mesh', key: (one) => one.id, rowClass: (one) => (one.status === 'alive' || one.status === 'suspect' ? '' : 'away'), stacked: true });
}

function trust(frame) {
  const { mesh, access } = frame;
  const rows = [
    ['mDNS', mesh.discovery],
    ['Seeds', mesh.seeds.length ? mesh.seeds.map((seed) => `${seed.url}: ${seed.state}, ${seed.detail}`).join('; ') : 'none (--router-url)'],
    ['Fleet key', mesh.open_fleet ? 'none: an open fleet. `herd-peer fleet init` makes one' : mesh.keys.map((key) => `${key.id} ${key.stage}, ${f.long(key.age_s)} old`).join('; ')],
    mesh.revoked?.length ? ['Shut out', mesh.revoked.join(', ')] : null,
    ['Client keys', access.keys_in_force ? `${f.plural(access.keys, 'key')} in force` : 'none: every client may do everything. `herd-peer keys add NAME` makes one'],
    ['Refused', Object.entries({ ...mesh.refused, ...Object.fromEntries(Object.entries(mesh.refused_links ?? {}).map(([name, value]) => [`link ${name}`, value])) }).filter(([, value]) => value).map(([name, value]) => `${f.words(name)} ${f.count(value)}`).join(', ') || 'nothing'],
  ].filter(Boolean);
  return h('div.stack', null, mesh.key_advice ? notice('warning', prose(mesh.key_advice)) : null,
    h('dl.facts-list', null, rows.map(([name, value]) => h('div', null, h('dt', null, name), h('dd', null, prose(value))))),
    frame.warnings?.length ? h('div.stack', null, frame.warnings.map((text) => notice('warning', prose(text)))) : null);
}

function drawHistory(data) {
  const list = data.routers ?? data.history ?? [];
  if (!list.length) return empty('No change seen yet', 'Every election that this peer takes part in is listed here.', { glyph: 'clock' });
  return table([
    { name: 'Epoch', cell: (one) => f.count(one.epoch ?? NaN) }, { name: 'Router', cell: (one) => one.node_id ?? 'none' },
    { name: 'Mode', cell: (one) => (one.mode ? badge(one.mode === 'quorate' ? 'online' : 'degraded', one.mode) : '–') },
    { name: 'Since', number: true, cell: (one) => { const at = f.bucket(one.since ?? one.timestamp ?? one.from); return at ? f.moment(at) : '–'; } },
  ], list.toSorted((a, b) => f.bucket(b.since) - f.bucket(a.since)).slice(0, 50), { caption: 'Routers so far', key: (one) => `${one.epoch}-${one.mode}-${one.since}` });
}

export default { title: 'Mesh', enter };
