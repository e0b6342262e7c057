// Charts: the front, the rounds, services, history.
'use strict';
function axis(scale, ticks, text, line, vertical) {
  return ticks.map(t => {
    const at = scale(t);
    return vertical ? [sv('line', { class: 'grid', x1: line[0], x2: line[1], y1: at, y2: at }), sv('text', { x: line[0] - 6, y: at + 4, 'text-anchor': 'end' }, text(t))]
      : [sv('line', { class: 'grid', y1: line[0], y2: line[1], x1: at, x2: at }), sv('text', { x: at, y: line[1] + 16, 'text-anchor': 'middle' }, text(t))];
  });
}
const short = n => n >= 1e6 ? `${Number((n / 1e6).toPrecision(3))} MB` : n >= 1e3 ? `${Number((n / 1e3).toPrecision(3))} kB` : `${n} B`;
function padded(values, share) {
  const low = Math.min(...values), high = Math.max(...values), pad = (high - low || Math.abs(high) || 1) * share;
  return [low - pad, high + pad];
}
// Those that no other one beats in both.
function frontier(points) {
  return points.filter(p => !points.some(q => q !== p && q.x <= p.x && q.y <= p.y && (q.x < p.x || q.y < p.y))).sort((a, b) => a.x - b.x);
}
function describe(t, key) {
  const c = cost(t), parts = [el('strong', {}, t.name), `: ${count(t[key])} bytes, ${ratio(t[key] / base[key])} of the baseline`];
  if (t !== base && c.ratio !== null) parts.push(`; cost ${ratio(c.ratio)} ${interval(c)} ${c.verdict}`);
  if (winners.has(t.name)) parts.push(`; best: ${winners.get(t.name).join(', ')}`);
  if (t.labels.length) parts.push(`; ${t.labels.map(l => `${letters.get(l)} ${labelWords.get(l) || l}`).join(', ')}`);
  return [...parts, el('div', { class: 'mono' }, recipe(t))];
}
// Names beside the marks where there is room; the others are told on hover and focus.
function placeNames(points, width, height) {
  const taken = points.map(p => [p.px - 7, p.py - 7, p.px + 7, p.py + 7]);
  const free = b => b[0] > 0 && b[2] < width && b[1] > 0 && b[3] < height && !taken.some(t => b[0] < t[2] && t[0] < b[2] && b[1] < t[3] && t[1] < b[3]);
  for (const p of [...points].sort((a, b) => b.rank - a.rank)) {
    const text = p.t.name.length > 26 ? p.t.name.slice(0, 25) + '\u2026' : p.t.name, full = marks(p.t) ? `${text} ${marks(p.t)}` : text, w = full.length * 6.8;
    for (const [dx, dy, anchor] of [[10, 4, 'start'], [-10, 4, 'end'], [0, -11, 'middle'], [0, 20, 'middle'], [10, 18, 'start'], [-10, -9, 'end']]) {
      const x = p.px + dx, y = p.py + dy, left = anchor === 'start' ? x : anchor === 'end' ? x - w : x - w / 2, b = [left, y - 12, left + w, y + 3];
      if (!free(b)) continue;
      taken.push(b);
      p.label = { x, y, anchor, text: full };
      break;
    }
  }
}
function showFront() {
  const box = part('front'), figure = el('figure'), tip = el('div', { class: 'tip', role: 'status' });
  const keys = (run.bare ? [['flash', 'flash']] : [['size', 'size of the file'], ['stripped_size', 'stripped'], ['gzip_size', 'gzip'], ['zstd_size', 'zstd']]);
  if (trials.every(t => !built(t) || t.brotli_size)) keys.push(['brotli_size', 'brotli']);
  let key = keys[0][0];
  const timed = trials.filter(t => built(t) && cost(t).ratio !== null && cost(t).ratio !== undefined);
  const list = timed.length > 1 ? timed : trials.filter(built), flat = timed.length < 2;
  const draw = width => {
    const phone = width < 560, height = phone ? 330 : 430, m = { l: flat ? 14 : 52, r: 18, t: 18, b: 44 };
    const points = list.map(t => ({ t, x: t[key], y: flat ? 0 : cost(t).ratio, low: cost(t).low ?? cost(t).ratio, high: cost(t).high ?? cost(t).ratio, open: t !== base && !interval(cost(t)) }));
    const x = d3.scaleLinear(padded(points.map(p => p.x), .07), [m.l, width - m.r]);
    const ys = points.flatMap(p => p.open ? [p.y] : [p.low, p.high, p.y]);
    const y = flat ? () => height / 2 : d3.scaleLinear(padded([...ys, 1], .09), [height - m.b, m.t]);
    const front = flat ? [] : frontier(points);
    for (const p of points) Object.assign(p, { px: x(p.x), py: y(p.y), rank: (winners.has(p.t.name) ? 4 : 0) + (p.t === base ? 3 : 0) + (front.includes(p) ? 2 : 0) });
    if (flat) points.sort((a, b) => a.x - b.x).forEach((p, i) => { p.py = m.t + 20 + (height - m.t - m.b - 30) * (i + .5) / points.length; });
    placeNames(points, width, height - m.b + 8);
    const order = [...points].sort((a, b) => a.px - b.px);
    const nodes = order.map((p, i) => {
      const said = () => clear(tip).append(...describe(p.t, key));
      const step = by => { const to = nodes[(i + by + nodes.length) % nodes.length]; nodes.forEach(n => n.setAttribute('tabindex', -1)); to.setAttribute('tabindex', 0); to.focus(); };
      const colour = winners.has(p.t.name) ? '#d55e00' : p.t === base ? 'var(--text)' : front.includes(p) ? '#0072b2' : '#8a8a8a';
      return sv('g', { class: 'pt', tabindex: i ? -1 : 0, role: 'img', 'data-name': p.t.name, 'aria-label': clear(el('div')).appendChild(el('div', {}, describe(p.t, key))).textContent,
        onmouseenter: said, onfocus: said, onclick: said, onkeydown: e => { if (/^Arrow(Right|Down)$/.test(e.key)) { e.preventDefault(); step(1); } if (/^Arrow(Left|Up)$/.test(e.key)) { e.preventDefault(); step(-1); } } },
      flat || p.open || p.t === base ? null : sv('line', { x1: p.px, x2: p.px, y1: y(p.low), y2: y(p.high), stroke: colour, 'stroke-width': 2, opacity: .75 }),
      p.t.labels.length ? sv('path', { d: `M${p.px} ${p.py - 7}l7 7l-7 7l-7 -7z`, fill: p.open ? 'var(--panel)' : colour, stroke: colour, 'stroke-width': 2 })
        : sv('circle', { cx: p.px, cy: p.py, r: 5.5, fill: p.open ? 'var(--panel)' : colour, stroke: colour, 'stroke-width': 2 }),
      sv('circle', { class: 'ring', cx: p.px, cy: p.py, r: 12 }),
      p.label ? sv('text', { class: 'halo', x: p.label.x, y: p.label.y, 'text-anchor': p.label.anchor }, p.label.text) : null);
    });
    clear(figure).append(sv('svg', { viewBox: `0 0 ${width} ${height}`, role: 'group', 'aria-label': 'Size against time; arrow keys go from candidate to candidate' },
      sv('g', { class: 'axis' }, axis(x, x.ticks(phone ? 4 : 8), short, [m.t, height - m.b]), flat ? null : axis(y, y.ticks(6), v => String(Number(v.toFixed(4))), [m.l, width - m.r], true)),
      sv('text', { class: 'dim', x: width - m.r, y: height - 8, 'text-anchor': 'end' }, keys.find(k => k[0] === key)[1] + ' \u2192'),
      flat ? null : sv('text', { class: 'dim', x: 8, y: 13 }, '\u2191 cost, ratio to the baseline; below 1 is faster'),
      flat ? null : sv('line', { class: 'one', x1: m.l, x2: width - m.r, y1: y(1), y2: y(1) }),
      front.length > 1 ? sv('path', { class: 'front', d: 'M' + front.map((p, i) => i ? `H${p.px}V${p.py}` : `${p.px} ${p.py}`).join('') }) : null, nodes));
  };
  clear(tip).append('Point at a mark, or go through them with Tab and the arrow keys: its recipe stands here.');
  const controls = el('div', { class: 'controls' }, keys.length > 1 ? choice('Across: ', keys, key, v => { key = v; redraw(); }) : null);
  box.append(controls, figure, tip, el('ul', { class: 'legend' },
    [['\u25cf', 'no label'], ['\u25c6', 'has labels: the letters behind its name'], ['\u25cb \u25c7', 'too few rounds for an interval']].map(([m, w]) => el('li', {}, el('span', { 'aria-hidden': 'true' }, m), w)),
    [['#d55e00', 'best of a goal'], ['#0072b2', 'on the front: no other is better in both']].map(([c, w]) => el('li', {}, el('span', { class: 'swatch', style: `background:${c}` }), w)),
    [...labelWords].filter(([id]) => trials.some(t => t.labels.includes(id))).map(([id, words]) => el('li', {}, `${letters.get(id)} ${words}`))));
  if (flat) box.append(el('p', { class: 'dim' }, 'Nothing was timed in this run: sizes only.'));
  const redraw = drawn(figure, draw);
}
function lines(figure, width, list, options) {
  const o = options, height = width < 560 ? 260 : 320, m = { l: 74, r: 14, t: 14, b: 40 };
  const all = list.flatMap(s => s.values).filter(v => v !== null);
  if (!all.length) { clear(figure).append(el('p', { class: 'dim' }, 'Nothing to draw.')); return; }
  const n = Math.max(...list.map(s => s.values.length));
  const x = d3.scaleLinear([o.from, o.from + Math.max(1, n - 1) * o.every], [m.l, width - m.r]), y = d3.scaleLinear(padded(all, .06), [height - m.b, m.t]);
  clear(figure).append(sv('svg', { viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': o.label },
    sv('g', { class: 'axis' }, axis(x, x.ticks(Math.min(n, width < 560 ? 5 : 10)).filter(Number.isInteger), o.tick || String, [m.t, height - m.b]), axis(y, y.ticks(5), o.text, [m.l, width - m.r], true)),
    sv('text', { class: 'dim', x: width - m.r, y: height - 6, 'text-anchor': 'end' }, o.across),
    list.map(s => {
      const points = s.values.map((v, i) => v === null ? null : [x(o.from + i * o.every), y(v)]);
      return sv('g', { 'data-name': s.name }, sv('path', { fill: 'none', stroke: s.colour, 'stroke-width': 1.6, 'stroke-dasharray': s.dash, d: points.map((p, i) => p ? `${i && points[i - 1] ? 'L' : 'M'}${p[0].toFixed(1)} ${p[1].toFixed(1)}` : '').join('') }),
        n <= 120 ? points.filter(Boolean).map(p => sv('circle', { cx: p[0].toFixed(1), cy: p[1].toFixed(1), r: 2.2, fill: s.colour })) : null, sv('title', {}, s.name));
    })));
}
function showRounds() {
  const box = part('rounds');
  if (!run.workloads.length) { box.append(el('p', {}, 'Nothing was run.')); return; }
  let load = run.workloads[0], metric = load.metrics[0];
  const names = trials.filter(t => built(t)).map(t => t.name);
  const chosen = new Set(['(copy of the baseline)', base.name, ...winners.keys()]);
  for (const n of names) if (chosen.size < 5) chosen.add(n);
  const style = new Map(['(copy of the baseline)', ...names].map((n, i) => [n, { colour: i ? PALETTE[(i - 1) % 8] : 'var(--dim)', dash: i ? DASHES[Math.floor((i - 1) / 8) % 4] : '1 3' }]));
  const figure = el('figure'), tables = el('div'), controls = el('div', { class: 'controls' }), which = el('fieldset', {}, el('legend', {}, 'Shown in the chart'));
  const series = () => [...(metric.control ? [{ name: '(copy of the baseline)', samples: metric.control }] : []), ...metric.trials];
  const draw = width => lines(figure, width, series().filter(s => chosen.has(s.name) && s.samples).map(s => ({ name: s.name, values: s.samples, ...style.get(s.name) })),
    { from: 1, every: run.samples_every, across: 'round \u2192', text: v => quantity(v, metric.unit), label: `${metric.metric} of ${load.name}, round by round` });
  const redraw = drawn(figure, draw);
  function fill() {
    clear(controls).append(choice('Workload: ', run.workloads.map(w => [w.name]), load.name, v => { load = run.workloads.find(w => w.name === v); metric = load.metrics[0]; fill(); }),
      choice('Metric: ', load.metrics.map(m => [m.metric, m.metric + (m.primary ? ' (decides)' : '')]), metric.metric, v => { metric = load.metrics.find(m => m.metric === v); fill(); }));
    clear(which).append(el('legend', {}, 'Shown in the chart'), ...series().map(s => el('label', {}, el('input', { type: 'checkbox', checked: chosen.has(s.name), onchange: e => { e.target.checked ? chosen.add(s.name) : chosen.delete(s.name); redraw(); } }),
      sv('svg', { width: 22, height: 8, viewBox: '0 0 22 8', 'aria-hidden': 'true', style: 'width:22px;background:none' }, sv('line', { x1: 0, x2: 22, y1: 4, y2: 4, stroke: style.get(s.name)?.colour, 'stroke-width': 3, 'stroke-dasharray': style.get(s.name)?.dash })), s.name)));
    const one = series().filter(s => s.samples);
    const rounds = Math.max(0, ...one.map(s => s.samples.length));
    clear(tables).append(el('p', { class: 'dim' }, [`${load.command || load.name}: ${load.rounds} rounds, each with every candidate once, in random order`,
      metric.noise === null ? '' : `; noise between the baseline and its own copy ${(metric.noise * 100).toFixed(1)} %`,
      run.samples_every > 1 ? `; every ${run.samples_every}th round is kept in this page` : '', !one.length ? '; samples of this metric are left out of this page, as they are many' : ''].join('')),
    ...table(`${metric.metric} of ${load.name}`, [
      ['candidate', false, s => s.name], ['median', true, s => s.median, v => quantity(v, metric.unit)], ['ratio', true, s => s.ratio, ratio],
      ['95 %', false, s => interval(s)], ['verdict', false, s => s.verdict, verdict]], metric.trials, { class: 'medians' }));
    if (load.instructions) tables.append(...table(`Instructions of one run of ${load.name}`, [['candidate', false, s => s.name], ['instructions', true, s => s.count, count]], load.instructions));
    if (one.length) {
      const details = el('details', { ontoggle: () => {
        if (details.open && details.childElementCount === 1) details.append(...table('Samples', [['round', true, i => 1 + i * run.samples_every, count], ...one.map(s => [s.name, true, i => s.samples[i] ?? null, v => quantity(v, metric.unit)])],
          [...Array(rounds).keys()], { fixed: true }));
      } }, el('summary', {}, 'All samples as a table'));
      tables.append(details);
    }
    redraw();
  }
  box.append(controls, figure, which, tables);
  fill();
}
function showServices() {
  const services = run.workloads.filter(w => w.kind === 'service');
  if (!services.length) { part('services').hidden = true; return; }
  for (const w of services) {
    const latency = w.metrics.filter(m => m.metric.startsWith('latency'));
    const rows = trials.filter(t => w.metrics.some(m => m.trials.some(s => s.name === t.name)));
    const of = (m, t) => m.trials.find(s => s.name === t.name)?.median ?? null;
    part('services').append(el('h3', {}, w.name));
    if (latency.length) {
      const figure = el('figure');
      part('services').append(figure);
      drawn(figure, width => {
        const left = Math.min(190, width * .34), row = 26, height = rows.length * row + 46, values = latency.flatMap(m => rows.map(t => of(m, t))).filter(v => v > 0);
        if (!values.length) return;
        const x = d3.scaleLog([Math.min(...values) * .9, Math.max(...values) * 1.1], [left, width - 16]);
        const ticks = x.ticks(5).filter((v, i, a) => a.length < 7 || i % Math.ceil(a.length / 6) === 0);
        clear(figure).append(sv('svg', { viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': `Latencies of ${w.name}` }, sv('g', { class: 'axis' }, axis(x, ticks, seconds, [10, height - 30])),
          rows.map((t, i) => {
            const points = latency.map(m => of(m, t)).filter(v => v > 0).map(x), y = 22 + i * row, name = t.name.length > left / 8 ? t.name.slice(0, Math.floor(left / 8) - 1) + '\u2026' : t.name;
            return [sv('text', { x: left - 10, y: y + 4, 'text-anchor': 'end' }, name), sv('line', { x1: points[0], x2: points[points.length - 1], y1: y, y2: y, stroke: '#8a8a8a', 'stroke-width': 2 }),
              points.map((p, k) => sv('circle', { cx: p, cy: y, r: 5, fill: PALETTE[[0, 1, 5][k]] }, sv('title', {}, `${latency[k].metric}: ${seconds(of(latency[k], t))}`)))];
          })));
      });
      part('services').append(el('ul', { class: 'legend' }, latency.map((m, k) => el('li', {}, el('span', { class: 'swatch', style: `background:${PALETTE[[0, 1, 5][k]]}` }), m.metric))));
    }
    part('services').append(...table(`Medians of ${w.name}`, [['candidate', false, t => t.name], ...w.metrics.map(m => [m.metric, true, t => of(m, t), v => quantity(v, m.unit)])], rows));
  }
}
function showHistory() {
  const box = part('history'), past = [...run.history].reverse();
  if (past.length > 1) {
    const figure = el('figure');
    box.append(figure);
    drawn(figure, width => lines(figure, width, [{ name: 'baseline', values: past.map(r => r.baseline_size || null), colour: PALETTE[0], dash: '' }, { name: 'smallest', values: past.map(r => r.small_size || null), colour: PALETTE[5], dash: '7 3' }],
      { from: 0, every: 1, across: 'run \u2192', text: short, tick: i => past[i] ? String(past[i].run) : '', label: 'Size of the baseline and of the smallest candidate, run by run' }));
    box.append(el('ul', { class: 'legend' }, [[PALETTE[0], 'baseline'], [PALETTE[5], 'smallest of the run (dashed)']].map(([c, w]) => el('li', {}, el('span', { class: 'swatch', style: `background:${c}` }), w))));
  }
  box.append(...table('Runs of this program', [
    ['run', true, r => r.run, (v, r) => `${v}${v === run.run ? ' (this one)' : ''}${r.elsewhere ? ', ' + r.elsewhere : ''}`], ['time', false, r => when(r.time)], ['rustc', false, r => r.rustc], ['profile', false, r => r.profile], ['target', false, r => r.target],
    ['candidates', true, r => r.trials, count], ['baseline', true, r => r.baseline_size, count], ['smallest', false, r => r.small || ''], ['bytes', true, r => r.small_size, count],
    ['fastest', false, r => r.fast || ''], ['cost', true, r => r.fast_cost, ratio], ['balanced', false, r => r.balanced || '']], run.history));
  if (run.history_left_out) box.append(el('p', { class: 'dim' }, `${run.history_left_out} older runs: cargo hone history lists them.`));
}
