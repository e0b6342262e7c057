// The page of a run: what all parts share, and the tables. The run stands in #run as JSON; every text goes in as text.
'use strict';
const run = JSON.parse(document.getElementById('run').textContent);
const trials = run.trials, base = trials[0];
const byName = new Map(trials.map(t => [t.name, t]));
const SIZE = run.bare ? 'flash' : 'size';
const PALETTE = ['#0072b2', '#e69f00', '#009e73', '#cc79a7', '#56b4e9', '#d55e00', '#b3a100', '#8a8a8a']; // Okabe and Ito, 2008
const DASHES = ['', '7 3', '2 3', '9 3 2 3'];
const SVG = 'http://www.w3.org/2000/svg';

function put(node, attributes, children) {
  for (const [key, value] of Object.entries(attributes || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith('on')) node.addEventListener(key.slice(2), value);
    else node.setAttribute(key, value === true ? '' : value);
  }
  for (const child of [children ?? []].flat(9)) if (child !== null && child !== undefined) node.append(child);
  return node;
}
const el = (tag, attributes, ...children) => put(document.createElement(tag), attributes, children);
const sv = (tag, attributes, ...children) => put(document.createElementNS(SVG, tag), attributes, children);
const part = id => document.getElementById(id);
const clear = node => { node.replaceChildren(); return node; };

const count = n => n === null || n === undefined ? '' : Math.round(n).toLocaleString('en-US');
const delta = n => (n > 0 ? '+' : n < 0 ? '\u2212' : '') + count(Math.abs(n));
const ratio = x => x === null || x === undefined ? '' : x.toFixed(3);
function seconds(x) {
  const a = Math.abs(x);
  const [scale, unit] = a >= 1 || a === 0 ? [1, 's'] : a >= 1e-3 ? [1e3, 'ms'] : a >= 1e-6 ? [1e6, '\u00b5s'] : [1e9, 'ns'];
  return `${Number((x * scale).toPrecision(4))} ${unit}`;
}
function quantity(x, unit) {
  if (x === null || x === undefined) return '';
  if (unit === 's') return seconds(x);
  if (unit === 'bytes') return `${count(x)} B`;
  const text = Math.abs(x) >= 1000 ? count(x) : String(Number(x.toPrecision(4)));
  return unit === '1/s' ? `${text} /s` : text;
}
const interval = c => c.low === null || c.low === undefined || c.high === null || c.high === undefined || !(c.low > 0) ? '' : `[${ratio(c.low)}, ${ratio(c.high)}]`;
const when = t => new Date(t * 1000).toISOString().slice(0, 16).replace('T', ' ') + ' UTC';
const recipe = t => t === base ? 'the project\u2019s own profile' : t.settings ? Object.entries(t.settings).map(([k, v]) => `${k} = ${JSON.stringify(v)}`).join(', ') : t.candidate;
const built = t => t.status === 'built' && t.hash;
const cost = t => t === base ? { ratio: 1, low: 1, high: 1, verdict: '' } : t.cost;
const labelWords = new Map(run.label_words);
// One letter for each label, beside the candidate's mark.
const letters = new Map([...labelWords.keys()].map((id, i) => [id, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'[i]]));
const marks = t => t.labels.map(l => letters.get(l) || '?').join('');
const winners = new Map();
for (const goal of ['small', 'fast', 'balanced']) {
  const name = run.best.allowed[goal];
  if (name) winners.set(name, [...(winners.get(name) || []), goal]);
}
const pick = byName.get(run.best.allowed.balanced) || byName.get(run.best.allowed.small) || base;

// A column: [heading, numeric, value of a row, text of the value].
function table(caption, columns, rows, options) {
  const o = options || {}, limit = o.limit || 150;
  let sorted = o.sorted, descending = o.descending || false, all = false;
  const body = el('tbody'), head = el('tr'), more = el('p', { class: 'dim' });
  const box = el('div', { class: 'scroll tall', tabindex: 0, role: 'region', 'aria-label': caption },
    el('table', { class: o.class }, el('caption', {}, caption), el('thead', {}, head), body));
  function fill() {
    const list = sorted === undefined ? rows : [...rows].sort((a, b) => {
      const x = columns[sorted][2](a), y = columns[sorted][2](b);
      const order = (x === null || x === undefined) - (y === null || y === undefined) || (x < y ? -1 : x > y ? 1 : 0);
      return descending ? -order : order;
    });
    clear(head).append(...columns.map((c, i) => el('th', { scope: 'col', class: c[1] ? 'n' : null, 'aria-sort': sorted === i ? (descending ? 'descending' : 'ascending') : null },
      o.fixed || !c[0] ? c[0] : el('button', { type: 'button', onclick: () => { descending = sorted === i ? !descending : !!c[1]; sorted = i; fill(); } }, c[0]))));
    clear(body).append(...list.slice(0, all ? list.length : limit).map(r => el('tr', { class: o.rowClass && o.rowClass(r) }, columns.map((c, i) => {
      const v = c[2](r), shown = c[3] ? c[3](v, r) : v;
      return el(i ? 'td' : 'th', { scope: i ? null : 'row', class: c[4] || (c[1] ? 'n' : null), 'data-v': c[1] && v !== null && v !== undefined ? v : null }, shown);
    }))));
    clear(more);
    if (!all && list.length > limit)
      more.append(`${count(list.length - limit)} more rows. `, el('button', { class: 'plain', type: 'button', onclick: () => { all = true; fill(); } }, 'Show all'));
  }
  fill();
  return [box, more];
}
function choice(label, names, chosen, change) {
  const select = el('select', { onchange: () => change(select.value) }, names.map(n => el('option', { value: n[0], selected: n[0] === chosen }, n[1] ?? n[0])));
  return el('label', {}, label, select);
}
function verdict(v) {
  return el('span', { class: v === 'better' || v === 'worse' ? v : null }, v || '');
}
// Draws now and whenever the width changes.
function drawn(box, draw) {
  let width = 0;
  const again = () => {
    const now = Math.max(280, Math.floor(box.clientWidth || 900));
    if (now !== width) { width = now; draw(now); }
  };
  again();
  new ResizeObserver(again).observe(box);
  return () => { width = 0; again(); };
}

function head() {
  const p = run.project;
  document.title = `hone: ${p.bin}, run ${run.run}`;
  part('title').textContent = `${p.name}${p.version ? ' ' + p.version : ''}: ${run.kind} ${p.bin}`;
  part('facts').textContent = [`Run ${run.run} of ${when(run.time)}`, `profile ${run.profile}`, `rustc ${run.toolchain.rustc} for ${run.toolchain.target}`,
    `${run.machine.cpu}, ${run.machine.cores} CPUs`, `hone ${run.hone}`].join(' \u00b7 ');
  for (const section of document.querySelectorAll('main > section:not([hidden])'))
    part('contents').append(el('li', {}, el('a', { href: '#' + section.id }, section.querySelector('h2').textContent)));
  part('foot').textContent = `Made by cargo hone ${run.hone}. Sizes are bytes; a ratio is to the baseline, with its 95 % interval. This file loads nothing from elsewhere.`;
}
function showWinners() {
  const box = part('winners'), cards = el('div', { class: 'cards' });
  const goals = [['small', 'Smallest'], ['fast', 'Fastest'], ['balanced', 'Balanced']];
  for (const [goal, title] of goals) {
    const t = byName.get(run.best.allowed[goal]), c = t && cost(t);
    const card = el('div', { class: 'card' }, el('h3', {}, title), el('div', { class: 'who' }, t && (goal !== 'fast' || run.speed_measured) ? t.name : goal === 'fast' && !run.speed_measured ? 'not measured' : 'not proved'));
    if (t && built(t) && (goal !== 'fast' || run.speed_measured)) {
      card.append(el('div', {}, `${count(t[SIZE])} bytes${run.bare ? ' of flash' : ''}, ${ratio(t[SIZE] / base[SIZE])} of the baseline`));
      if (t !== base && c.ratio !== null && run.speed_measured) card.append(el('div', {}, `cost ${ratio(c.ratio)} ${interval(c)} `, verdict(c.verdict)));
      if (t === base) card.append(el('div', { class: 'dim' }, 'keep what you have'));
      if (t.labels.length) card.append(el('div', { class: 'dim' }, t.labels.map(l => labelWords.get(l) || l).join('; ')));
    }
    cards.append(card);
  }
  box.append(cards);
  if (!run.speed_measured) box.append(el('p', { class: 'dim' }, 'Speed was not measured by a workload; times, where there are any, are those of a start.'));
  for (const note of run.notes) box.append(el('p', { class: 'dim' }, `Note: ${note}`));
  box.append(el('h3', {}, 'How to have it'));
  if (run.elsewhere) box.append(el('p', {}, `This run was made ${run.elsewhere}: nothing follows from it here.`));
  else if (!run.next.length) box.append(el('p', {}, 'Nothing to change: nothing that was tried was proved better than the baseline.'));
  const seen = new Map();
  for (const n of run.next) seen.set(n.apply, { ...n, goals: [...(seen.get(n.apply)?.goals || []), n.goal] });
  for (const n of seen.values())
    box.append(el('p', {}, `${n.name} (${n.goals.join(', ')}): this writes it into the project, and from then on plain Cargo builds it:`), el('pre', {}, n.apply + (n.build ? '\n' + n.build : '')));
}
function showTable() {
  const sizes = [['stripped', 'stripped_size'], ['gzip', 'gzip_size'], ['zstd', 'zstd_size']];
  if (trials.some(t => t.brotli_size)) sizes.push(['brotli', 'brotli_size']);
  const columns = [
    ['candidate', false, t => t.name, (v, t) => [v, winners.has(v) ? el('div', { class: 'dim' }, winners.get(v).join(', ')) : null, t.labels.length ? el('div', { class: 'dim', title: t.labels.map(l => labelWords.get(l)).join('; ') }, `${t.labels.join(', ')} (${marks(t)})`) : null]],
    [run.bare ? 'flash' : 'size', true, t => built(t) ? t[SIZE] : null, count],
    ['ratio', true, t => built(t) ? t[SIZE] / base[SIZE] : null, ratio],
    ...sizes.map(([head, key]) => [head, true, t => built(t) ? t[key] ?? null : null, count]),
    ['cost', true, t => built(t) ? cost(t).ratio : null, ratio],
    ['95 %', false, t => built(t) && t !== base ? interval(t.cost) : '', null, 'n'],
    ['verdict', false, t => built(t) ? cost(t).verdict : '', verdict],
    ['glibc', false, t => t.min_glibc || ''],
    ['build', true, t => t.build ? t.build.wall_s : null, v => v === null ? '' : seconds(v)],
    ['out because', false, t => t.status === 'built' ? '' : `${t.status}${t.reason ? ': ' + t.reason : ''}`, null, 'long'],
    ['recipe', false, recipe, v => el('span', { class: 'mono' }, v), 'long'],
  ].filter(c => c[0] !== 'out because' || trials.some(t => t.status !== 'built'));
  part('table').append(...table('All candidates; a click on a heading sorts', columns, trials, { rowClass: t => winners.has(t.name) ? 'win' : null }));
  part('table').append(el('p', { class: 'dim' }, 'Cost: the primary metrics of all workloads by weight, as a ratio to the baseline; less is better. ',
    [...labelWords].filter(([id]) => trials.some(t => t.labels.includes(id))).map(([id, words]) => `${letters.get(id)} ${id}: ${words}. `)));
}
// Steps of one setting each that lead from the baseline to a candidate, or null.
function steps(to) {
  const single = run.changes.filter(c => c.setting), from = new Map([[base.name, null]]), queue = [base.name];
  while (queue.length && !from.has(to)) {
    const at = queue.shift();
    for (const c of single) {
      if (c.beside === at && !from.has(c.name)) { from.set(c.name, { c, way: 1 }); queue.push(c.name); }
      if (c.name === at && !from.has(c.beside)) { from.set(c.beside, { c, way: -1 }); queue.push(c.beside); }
    }
  }
  const path = [];
  for (let at = to; from.get(at); at = from.get(at).way > 0 ? from.get(at).c.beside : from.get(at).c.name) path.unshift(from.get(at));
  return from.has(to) && path.length ? path : null;
}
function bars(caption, rows, most) {
  const width = v => `${Math.max(0, Math.round(100 * Math.abs(v) / (most || 1)))}%`;
  return table(caption, [
    ['setting', false, r => r.name, null],
    ['change', true, r => r.delta, delta],
    ['', false, r => r.delta, v => el('span', { class: `bar ${v > 0 ? 'pos' : 'neg'}`, style: `width:${width(v)}`, 'aria-hidden': 'true' }), 'bars'],
    ['between', false, r => r.between, null, 'long'],
  ], rows, { class: 'bars', fixed: true });
}
function showSettings() {
  const box = part('settings'), path = steps(pick.name), single = run.changes.filter(c => c.setting);
  if (!run.changes.length) {
    box.append(el('p', {}, 'Not known: no two candidates of this run have symbols to compare by. `cargo hone try --each CANDIDATE` takes a recipe apart.'));
    return;
  }
  if (path) {
    const rows = path.map(s => ({ name: (s.way > 0 ? '' : 'without ') + s.c.setting, delta: s.way * s.c.delta, between: s.way > 0 ? `${s.c.beside} \u2192 ${s.c.name}` : `${s.c.name} \u2192 ${s.c.beside}` }));
    box.append(...bars(`From the baseline to ${pick.name}, one setting at a time; together ${delta(rows.reduce((n, r) => n + r.delta, 0))} bytes`, rows, Math.max(...rows.map(r => Math.abs(r.delta)))));
  } else if (pick !== base) {
    const whole = run.changes.find(c => c.name === pick.name && c.beside === base.name);
    if (whole) box.append(el('p', {}, `${whole.n_settings} settings together take ${pick.name} from ${count(whole.old)} to ${count(whole.new)} bytes (${delta(whole.delta)}). \u201ccargo hone try --each ${pick.name}\u201d tells what each of them does.`));
  }
  if (single.length) {
    const rows = single.map(c => ({ name: c.setting, delta: c.delta, between: `${c.beside} \u2192 ${c.name}` }));
    box.append(...bars('Every two candidates that differ in one setting', rows, Math.max(...rows.map(r => Math.abs(r.delta)))));
  }
  box.append(el('details', {}, el('summary', {}, 'All comparisons'), ...table('What changed in bytes', [
    ['candidate', false, c => c.name], ['beside', false, c => c.beside], ['setting', false, c => c.setting || `${c.n_settings} settings together`, null, 'long'],
    ['from', true, c => c.old, count], ['to', true, c => c.new, count], ['change', true, c => c.delta, delta]], run.changes)));
}
