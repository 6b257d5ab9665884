(function () {
  'use strict';
  var holder = document.getElementById('explorer-data');
  window.addEventListener('beforeprint', function () {
    document.querySelectorAll('details:not(.long)').forEach(function (part) { part.open = true; });
  });
  if (!holder) { return; }
  var data = JSON.parse(holder.textContent), say = data.text, rows = data.rows;
  var tells = data.items.some(function (item) { return item.weight > 0; });
  var few = 15, chosen = -1, partner = -1, order = 'telling', full = false;
  function find(id) { return document.getElementById(id); }
  var pick = find('pick'), panel = find('panel'), search = find('search');
  var bySector = find('filter-sector'), byType = find('filter-type');
  var border = find('filter-borderline'), bySignal = find('filter-signal');

  function make(tag, text, attributes) {
    var part = document.createElement(tag);
    if (text !== undefined && text !== null) { part.textContent = String(text); }
    Object.keys(attributes || {}).forEach(function (name) {
      part.setAttribute(name, attributes[name]);
    });
    return part;
  }
  function named(tag, text) {
    var part = make(tag);
    part.appendChild(make('bdi', text));
    return part;
  }
  function drawn(tag, attributes, text) {
    var part = document.createElementNS('http://www.w3.org/2000/svg', tag);
    Object.keys(attributes).forEach(function (name) { part.setAttribute(name, attributes[name]); });
    if (text !== undefined) { part.textContent = String(text); }
    return part;
  }
  function number(value, digits) {
    if (value === null || value === undefined) { return '–'; }
    var text = value.toFixed(digits);
    return data.comma ? text.replace('.', ',') : text;
  }
  function percent(value) {
    return value === null || value === undefined ? '–' : Math.round(100 * value) + '%';
  }
  function ranked(row) {
    var found = [];
    row.p.forEach(function (p, at) { if (p !== null) { found.push([at, p]); } });
    return found.sort(function (a, b) { return b[1] - a[1] || a[0] - b[0]; });
  }
  rows.forEach(function (row) { row.r = ranked(row); row.lower = row.n.toLowerCase(); });

  function signalled(row, at) { return row.g[at] && row.g[at][1] > 0; }
  function fits(row) {
    var top = row.r[0], words = search.value.trim().toLowerCase();
    if (bySector.value !== '' && row.s !== Number(bySector.value)) { return false; }
    if (byType.value !== '' && !(top && top[0] === Number(byType.value))) { return false; }
    if (border.checked && !(top && top[1] < data.borderline)) { return false; }
    if (bySignal && bySignal.value !== '' && !signalled(row, Number(bySignal.value))) {
      return false;
    }
    return words === '' || row.lower.indexOf(words) !== -1;
  }
  function list() {
    var box = document.createDocumentFragment(), count = 0, inside = false;
    rows.forEach(function (row, at) {
      if (!fits(row)) { return; }
      var option = make('option', row.n, { value: at });
      if (at === chosen) { option.selected = true; inside = true; }
      box.appendChild(option);
      count += 1;
    });
    pick.replaceChildren(box);
    if (!inside) { pick.selectedIndex = -1; }
    find('shown').textContent = count ? count + ' ' + say.shown : say.none;
  }
  function fact(box, name, value) {
    box.appendChild(make('dt', name));
    box.appendChild(named('dd', value));
  }
  function tabled(caption, heads, kind) {
    var box = make('div', null, { 'class': 'scroll', tabindex: '0', role: 'group',
      'aria-label': caption });
    var table = make('table', null, { 'class': kind || '' }), line = make('tr');
    table.appendChild(make('caption', caption));
    heads.forEach(function (head) {
      line.appendChild(head ? make('th', head, { scope: 'col' }) : make('td'));
    });
    var top = make('thead'), body = make('tbody');
    top.appendChild(line);
    table.appendChild(top);
    table.appendChild(body);
    box.appendChild(table);
    return { box: box, body: body };
  }
  function line(body, name, cells, under) {
    var row = make('tr'), head = make('th', null, { scope: 'row' });
    head.appendChild(make('bdi', name));
    if (under) { head.appendChild(make('span', under, { 'class': 'answer' })); }
    row.appendChild(head);
    cells.forEach(function (cell) {
      var part = make('td');
      part.appendChild(cell instanceof Node ? cell : make('bdi', cell));
      row.appendChild(part);
    });
    body.appendChild(row);
    return row;
  }
  function told(item, value) {
    if (value === null) { return say.missing; }
    return item.answers.length ? item.answers[value] : number(value, value % 1 ? 1 : 0);
  }
  function beside(item, shares, value) {
    if (!shares || !shares.length) { return '–'; }
    if (!item.answers.length) { return say.mean + ' ' + number(shares[0], 1); }
    return value === null ? '–' : percent(shares[value]);
  }
  function typePart(row) {
    var box = make('dl', null, { 'class': 'facts' });
    if (!row.r.length) { return make('p', say.no_type); }
    fact(box, say.type, data.types[row.r[0][0]].title + ', ' + say.probability + ' ' +
      percent(row.r[0][1]) + (row.r[0][1] < data.borderline ? ' (' + say.borderline + ')' : ''));
    if (row.r.length > 1) {
      fact(box, say.runner_up, data.types[row.r[1][0]].title + ', ' + say.probability + ' ' +
        percent(row.r[1][1]));
    }
    return box;
  }
  function barsPart(row) {
    var made = tabled(say.probabilities, [say.type, say.probability, '']);
    row.r.forEach(function (pair) {
      var title = data.types[pair[0]].title;
      var bar = make('meter', percent(pair[1]), { min: 0, max: 1, value: pair[1],
        'aria-label': title });
      line(made.body, title, [percent(pair[1]), bar]);
    });
    return made.box;
  }
  function placePart(row) {
    var scale = data.position, box = make('div');
    if (!scale) { return box; }
    box.appendChild(make('h4', say.place));
    if (row.x === null) { box.appendChild(make('p', say.no_place)); return box; }
    var counts = scale.counts[data.sectors[row.s]] || [], total = 0;
    counts.forEach(function (n) { total += n; });
    var at = scale.codes.indexOf(row.x), share = total ? counts[at] / total : null;
    var top = Math.max.apply(null, counts.concat([1])), step = 400 / scale.codes.length;
    var text = number(row.x, 0) + ' (' + scale.label + '); ' + percent(share) + ' ' + say.of_sector;
    var svg = drawn('svg', { viewBox: '0 0 420 84', 'class': 'line', role: 'img',
      'aria-label': text });
    scale.codes.forEach(function (code, j) {
      var height = 50 * (counts[j] || 0) / top;
      svg.appendChild(drawn('rect', { x: 10 + j * step + 2, y: 58 - height, width: step - 4,
        height: height, fill: j === at ? '#b34700' : '#a9b4bf' }));
      svg.appendChild(drawn('text', { x: 10 + (j + 0.5) * step, y: 76, 'text-anchor': 'middle',
        'font-size': 12, 'font-weight': j === at ? 700 : 400, fill: '#1c2126' }, code));
    });
    box.appendChild(svg);
    box.appendChild(named('p', text));
    return box;
  }
  function beforePart(row) {
    var box = make('div');
    if (!data.waves.length) { return box; }
    box.appendChild(make('h4', say.before));
    var made = tabled(say.before, [say.wave, say.type, say.probability, say.place]);
    data.waves.forEach(function (wave, at) {
      var then = row.b[at];
      line(made.body, wave, then ? [then[0], percent(then[1]), number(then[2], 0)] :
        [say.not_there, '–', '–']);
    });
    box.appendChild(made.box);
    return box;
  }
  function signalPart(row) {
    var box = make('div');
    if (!data.signals.length) { return box; }
    box.appendChild(make('h4', say.signals));
    var facts = make('dl', null, { 'class': 'facts' });
    data.signals.forEach(function (name, at) {
      var low = row.g[at][0], high = row.g[at][1], text = say.signal_no;
      if (high === null) { text = '–'; }
      else if (low > 0 && low === high) { text = say.signal_sure + ' ' + percent(low); }
      else if (high > 0) {
        text = say.signal_open + ' ' + percent(low) + ' ' + say.to + ' ' + percent(high);
      }
      fact(facts, name, text);
    });
    box.appendChild(facts);
    box.appendChild(make('p', say.judgement, { 'class': 'note' }));
    return box;
  }
  function button(text, name, work, key) {
    var part = make('button', text, { type: 'button', 'aria-label': text + ': ' + name,
      'data-key': key });
    part.addEventListener('click', work);
    return part;
  }
  function nearPart(row) {
    var box = make('div');
    box.appendChild(make('h4', say.near));
    box.appendChild(make('p', say.near_note, { 'class': 'small' }));
    var made = tabled(say.near, [say.organisation, say.type, say.type_distance,
      say.context_distance, '', '']);
    row.k.forEach(function (near) {
      var other = rows[near[0]], top = other.r[0];
      line(made.body, other.n, [
        top ? data.types[top[0]].title + ' (' + percent(top[1]) + ')' : '–',
        number(near[1], 2), number(near[2], 2),
        button(say.compare, other.n, function () {
          partner = near[0]; show(); refocus('compare-' + near[0]);
        }, 'compare-' + near[0]),
        button(say.open, other.n, function () { choose(near[0]); }, 'open-' + near[0])
      ]);
    });
    box.appendChild(made.box);
    return box;
  }
  function gapOf(item, a, b) {
    if (a === null || b === null) { return 0; }
    return item.answers.length ? Number(a !== b) : Number(Math.abs(a - b) > 1e-9);
  }
  function comparePart(row) {
    var box = make('div'), other = rows[partner];
    if (!other) { return box; }
    box.appendChild(named('h4', say.compared + ' ' + other.n));
    box.appendChild(make('p', tells ? say.compared_note : say.compared_plain,
      { 'class': 'small' }));
    var made = tabled(say.compared + ' ' + other.n, [say.question, row.n, other.n]);
    data.items.map(function (item, at) { return at; }).filter(function (at) {
      return row.a[at] !== null && other.a[at] !== null;
    }).sort(function (a, b) {
      var x = data.items[a], y = data.items[b];
      return (y.weight > 0) - (x.weight > 0) ||
        gapOf(y, row.a[b], other.a[b]) - gapOf(x, row.a[a], other.a[a]) ||
        y.weight - x.weight || a - b;
    }).slice(0, few).forEach(function (at) {
      var item = data.items[at], made_row = line(made.body, item.label,
        [told(item, row.a[at]), told(item, other.a[at])], item.theme);
      if (gapOf(item, row.a[at], other.a[at])) { made_row.className = 'differs'; }
    });
    box.appendChild(made.box);
    return box;
  }
  function sorted(row, type) {
    var places = data.items.map(function (item, at) { return at; });
    function rare(at) {
      var shares = type === null ? [] : data.items[at].types[type] || [];
      return row.a[at] === null || !data.items[at].answers.length || !shares.length ? 2 :
        shares[row.a[at]];
    }
    if (order === 'telling') {
      places.sort(function (a, b) { return data.items[b].weight - data.items[a].weight || a - b; });
    } else if (order === 'rare') {
      places.sort(function (a, b) { return rare(a) - rare(b) || a - b; });
    }
    return places;
  }
  function answersPart(row) {
    var box = make('div'), type = row.r.length ? row.r[0][0] : null;
    box.appendChild(make('h4', say.answers));
    var controls = make('div', null, { 'class': 'row' }), label = make('label', say.order + ' ');
    var select = make('select', null, { id: 'order', 'data-key': 'order' });
    [['telling', say.by_telling], ['rare', say.by_rare], ['list', say.by_list]].forEach(
      function (pair) {
        var option = make('option', pair[1], { value: pair[0] });
        option.selected = pair[0] === order;
        select.appendChild(option);
      });
    select.addEventListener('change', function () { order = select.value; show(); refocus('order'); });
    label.appendChild(select);
    controls.appendChild(label);
    box.appendChild(controls);
    var made = tabled(say.answers, [say.question, say.answer, say.in_type, say.in_sector]);
    var places = sorted(row, type);
    places.slice(0, full ? places.length : few).forEach(function (at) {
      var item = data.items[at];
      line(made.body, item.label, [
        told(item, row.a[at]),
        beside(item, type === null ? null : item.types[type], row.a[at]),
        beside(item, item.sectors[row.s], row.a[at])
      ], item.theme);
    });
    box.appendChild(made.box);
    if (places.length > few) {
      var more = make('button', full ? say.fewer : say.all, { type: 'button', 'data-key': 'more' });
      more.addEventListener('click', function () { full = !full; show(); refocus('more'); });
      box.appendChild(more);
    }
    return box;
  }
  function refocus(key) {
    var part = panel.querySelector('[data-key="' + key + '"]');
    if (part) { part.focus(); }
  }
  function show() {
    var row = rows[chosen];
    if (!row) { panel.replaceChildren(make('p', say.choose)); return; }
    var box = document.createDocumentFragment();
    var head = named('h3', row.n + ' · ' + data.sectors[row.s]);
    head.tabIndex = -1;
    box.appendChild(head);
    if (data.synthetic) { box.appendChild(make('p', say.synthetic, { 'class': 'gap' })); }
    box.appendChild(typePart(row));
    if (row.r.length > 1) { box.appendChild(barsPart(row)); }
    if (row.r.length === 1) { box.appendChild(make('p', say.only_type)); }
    box.appendChild(make('p', say.judgement, { 'class': 'small' }));
    [signalPart, placePart, beforePart, nearPart, comparePart, answersPart].forEach(
      function (part) { box.appendChild(part(row)); });
    var print = make('button', say.print, { type: 'button', 'data-key': 'print' });
    print.addEventListener('click', function () { window.print(); });
    box.appendChild(print);
    panel.replaceChildren(box);
  }
  function choose(at) {
    chosen = at;
    partner = rows[at] && rows[at].k.length ? rows[at].k[0][0] : -1;
    if (rows[at] && !fits(rows[at])) {
      search.value = ''; bySector.value = ''; byType.value = ''; border.checked = false;
      if (bySignal) { bySignal.value = ''; }
    }
    list();
    show();
    panel.querySelector('h3').focus();
  }
  pick.addEventListener('change', function () {
    if (pick.value === '') { return; }
    chosen = Number(pick.value);
    partner = rows[chosen].k.length ? rows[chosen].k[0][0] : -1;
    show();
  });
  [bySector, byType, border, bySignal].forEach(function (control) {
    if (control) { control.addEventListener('change', list); }
  });
  search.addEventListener('input', list);
  find('explorer-form').hidden = false;
  list();
  show();
}());
