// Bytes: the treemap, and two candidates beside each other.
'use strict';
const KINDS = { workspace: '#e69f00', dependency: '#56b4e9', std: '#4fc3a1', c: '#cc79a7', debug: '#b8b8b8', symbols: '#d0d0c8', unwind: '#efe36a', relocations: '#d9a98c' };
const colourOf = kind => KINDS[kind] || '#c6ccd2';
const REST = '[smaller, or no function]';
// Owners of a trial with their functions: by functions where the artifact was there, else by crate only.
function owners(name) {
  const f = run.functions, at = f.trials.indexOf(name);
  if (at >= 0) {
    const list = f.owners.map(([owner, kind]) => ({ name: owner, kind, size: 0, parts: [] }));
    for (const r of f.rows) {
      const size = r[2 + at];
      if (!size) continue;
      list[r[0]].size += size;
      list[r[0]].parts.push({ name: r[1] || REST, kind: list[r[0]].kind, size });
    }
    for (const o of list) if (o.parts.length === 1 && o.parts[0].name === REST) o.parts = [];
    return list.filter(o => o.size);
  }
  const i = trials.findIndex(t => t.name === name);
  return run.owners.filter(o => o[2 + i]).map(o => ({ name: o[0], kind: o[1], size: o[2 + i], parts: [] }));
}
const known = trials.filter((t, i) => run.functions.trials.includes(t.name) || run.owners.some(o => o[2 + i]));
const hasFunctions = name => run.functions.trials.includes(name);
function missing() {
  const m = run.functions.missing;
  if (!m.length) return null;
  const why = new Map();
  for (const { name, why: w } of m) why.set(w, [...(why.get(w) || []), name]);
  return el('p', { class: 'dim' }, 'Functions are not shown of ', [...why].map(([w, names], i) => `${i ? '; ' : ''}${names.join(', ')}: ${w}`), '.');
}
function showBytes() {
  const box = part('bytes');
  if (!known.length) {
    box.append(el('p', {}, 'Not known: no artifact of this run had symbols, or all are gone.'), missing());
    return;
  }
  let trial = (known.includes(pick) ? pick : known[0]).name, inside = null, words = '';
  const map = el('div', { class: 'map', id: 'map', role: 'group' }), crumbs = el('div', { class: 'controls' }), tip = el('div', { class: 'tip', role: 'status' }), rows = el('div');
  const search = el('input', { type: 'search', id: 'search', placeholder: 'part of a name', oninput: () => { words = search.value.trim().toLowerCase(); fill(); } });
  const matches = o => !words || o.name.toLowerCase().includes(words);
  const say = o => clear(tip).append(el('strong', {}, o.name), ` ${count(o.size)} bytes, ${(100 * o.size / total()).toFixed(2)} % of the ${run.bare ? 'flash' : 'file'} (${o.kind})`, o.parts?.length ? el('div', { class: 'dim' }, `${count(o.parts.length)} rows inside: a click, or Enter, opens it`) : '');
  let list = owners(trial);
  const total = () => list.reduce((n, o) => n + o.size, 0);
  function zoom(name) { inside = name; fill(); map.querySelector('.tile[tabindex="0"]')?.focus(); }
  function tile(node, o, nested) {
    const w = node.x1 - node.x0, h = node.y1 - node.y0;
    if (w < 2 || h < 2) return null;
    const place = `left:${node.x0.toFixed(1)}px;top:${node.y0.toFixed(1)}px;width:${w.toFixed(1)}px;height:${h.toFixed(1)}px;`;
    const text = w > 26 && h > 13 ? o.name : '';
    if (nested) return el('div', { class: 'tile in', style: place, 'aria-hidden': 'true' }, h > 15 ? text : '');
    const hit = matches(o) || o.parts?.some(matches);
    return el('button', { type: 'button', class: 'tile' + (hit ? '' : ' faded'), style: `${place}background:${colourOf(o.kind)}`, tabindex: -1, 'data-name': o.name, 'data-v': o.size, 'aria-label': `${o.name}, ${count(o.size)} bytes`,
      onmouseenter: () => say(o), onfocus: () => say(o), onclick: () => { say(o); if (!inside && o.parts.length) zoom(o.name); }, onkeydown: keys }, text);
  }
  function keys(e) {
    const tiles = [...map.querySelectorAll('button.tile')], by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[e.key];
    if (e.key === 'Escape' && inside) { const from = inside; zoom(null); map.querySelector(`[data-name="${CSS.escape(from)}"]`)?.focus(); }
    if (!by) return;
    e.preventDefault();
    tiles[(tiles.indexOf(e.target) + by + tiles.length) % tiles.length].focus();
  }
  function draw(width) {
    const height = map.clientHeight || 480, at = inside && list.find(o => o.name === inside);
    const tree = d3.hierarchy({ children: at ? at.parts : list.map(o => ({ ...o, children: o.parts.length > 1 ? o.parts : undefined })) }, d => d.children).sum(d => d.children ? 0 : d.size).sort((a, b) => b.value - a.value);
    d3.treemap().size([width, height]).paddingInner(1).paddingTop(d => at || d.depth !== 1 || d.y1 - d.y0 < 40 ? 0 : 17)(tree);
    const nodes = [];
    for (const node of tree.children || []) {
      nodes.push(tile(node, node.data, false));
      for (const child of node.y1 - node.y0 < 40 ? [] : node.children || []) if ((child.x1 - child.x0) * (child.y1 - child.y0) > 150) nodes.push(tile(child, child.data, true));
    }
    clear(map).append(...nodes.filter(Boolean));
    map.querySelector('button.tile')?.setAttribute('tabindex', 0);
    map.setAttribute('aria-label', `${at ? `Functions of ${inside}` : 'Crates'} of ${trial} by size; arrow keys go from one to the next, Enter opens, Escape goes back`);
  }
  function fill() {
    const at = inside && list.find(o => o.name === inside);
    if (inside && !at) inside = null;
    clear(crumbs).append(el('button', { class: 'plain', type: 'button', id: 'out', disabled: !at, onclick: () => zoom(null) }, at ? '\u2190 all crates' : 'all crates'), el('span', { id: 'inside' }, at ? `${at.name}: ${count(at.size)} bytes, ${(100 * at.size / total()).toFixed(1)} %` : `${trial}: ${count(total())} bytes`));
    // A search looks into all crates.
    const shown = words ? [...list, ...list.flatMap(o => o.parts.map(p => ({ ...p, owner: o.name })))].filter(matches) : at ? at.parts : list;
    const found = words ? list.reduce((n, o) => n + (matches(o) ? o.size : o.parts.filter(matches).reduce((m, p) => m + p.size, 0)), 0) : 0;
    clear(rows).append(words ? el('p', { role: 'status', id: 'found' }, `${count(shown.length)} rows hold \u201c${words}\u201d: ${count(found)} bytes`) : '', ...table(words ? 'Found' : at ? `Functions of ${at.name}` : `Crates of ${trial}`, [
      ['name', false, o => o.name, (v, o) => !at && o.parts?.length ? el('button', { class: 'plain', type: 'button', onclick: () => { search.value = words = ''; zoom(o.name); } }, v) : v],
      ...(words ? [['of', false, o => o.owner || '']] : []), ['bytes', true, o => o.size, count], ['share', true, o => o.size / total(), v => `${(100 * v).toFixed(2)} %`], ['kind', false, o => o.kind]], shown, { sorted: words ? 2 : 1, descending: true, limit: 60 }));
    redraw();
  }
  let redraw = () => {};
  box.append(el('div', { class: 'controls' }, choice('Candidate: ', known.map(t => [t.name, t.name + (hasFunctions(t.name) ? '' : ' (crates only)')]), trial, v => { trial = v; list = owners(v); fill(); }), el('label', {}, 'Search: ', search)),
    crumbs, map, el('ul', { class: 'legend' }, Object.entries(KINDS).filter(([k]) => list.some(o => o.kind === k)).map(([k, c]) => el('li', {}, el('span', { class: 'swatch', style: `background:${c}` }), k))), tip);
  if (run.functions.small) box.append(el('p', { class: 'dim' }, `${count(run.functions.small)} of the smallest functions stand together in a row for each crate: \u201c${REST}\u201d.`));
  const gone = missing();
  if (gone) box.append(gone);
  box.append(rows);
  redraw = drawn(map, draw);
  clear(tip).append('Each tile is a crate, or what stands in brackets; its area is its bytes.');
  fill();
}
function showCompare() {
  const box = part('compare');
  if (known.length < 2) { box.append(el('p', {}, 'It takes two candidates whose bytes are known.')); return; }
  let a = known[0].name, b = (known.includes(pick) && pick !== known[0] ? pick : known[1]).name, by = 'crates';
  const out = el('div'), controls = el('div', { class: 'controls' });
  function fill() {
    const fine = hasFunctions(a) && hasFunctions(b);
    if (!fine) by = 'crates';
    clear(controls).append(choice('From: ', known.map(t => [t.name]), a, v => { a = v; fill(); }), choice('to: ', known.map(t => [t.name]), b, v => { b = v; fill(); }),
      choice('by: ', fine ? [['crates'], ['functions']] : [['crates']], by, v => { by = v; fill(); }));
    const rows = new Map();
    [a, b].forEach((name, side) => {
      for (const o of owners(name))
        for (const p of by === 'functions' && o.parts.length ? o.parts : [{ name: '', size: o.size }]) {
          const key = `${o.kind}\n${o.name}\n${p.name}`, row = rows.get(key) || { name: p.name ? `${o.name}: ${p.name}` : o.name, kind: o.kind, sizes: [0, 0] };
          row.sizes[side] += p.size;
          rows.set(key, row);
        }
    });
    const list = [...rows.values()].map(r => ({ ...r, delta: r.sizes[1] - r.sizes[0] })), sum = side => list.reduce((n, r) => n + r.sizes[side], 0);
    const changed = list.filter(r => r.delta).sort((x, y) => Math.abs(y.delta) - Math.abs(x.delta)), most = Math.abs(changed[0]?.delta || 1);
    clear(out).append(el('p', { id: 'sum' }, `${a} \u2192 ${b}: ${count(sum(0))} \u2192 ${count(sum(1))} bytes, ${delta(sum(1) - sum(0))}. The rows sum to it exactly.`), ...table(`From ${a} to ${b}`, [
      ['name', false, r => r.name], ['change', true, r => r.delta, delta],
      ['', false, r => r.delta, v => el('span', { class: `bar ${v > 0 ? 'pos' : 'neg'}`, style: `width:${Math.round(100 * Math.abs(v) / most)}%`, 'aria-hidden': 'true' }), 'bars'],
      ['from', true, r => r.sizes[0], count], ['to', true, r => r.sizes[1], count], ['kind', false, r => r.kind]], changed, { class: 'bars', limit: 40 }));
  }
  box.append(controls, out);
  fill();
}
showWinners(); showFront(); showTable(); showSettings(); showBytes(); showCompare(); showRounds(); showServices(); showHistory(); head();
document.documentElement.dataset.ready = 'yes';
