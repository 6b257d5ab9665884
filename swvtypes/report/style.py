"""Style and behaviour of the reproduction page, kept inside the page itself."""

from __future__ import annotations

STYLE = """
:root { --ink: #1c2126; --soft: #5b6570; --line: #d9dee3; --paper: #ffffff; --wash: #f4f6f8;
  --reproduced: #1f6f50; --impossible: #a3262a; --contradicted: #9a5b00;
  --undetermined: #4b5a75; --missed: #7a1f7a; }
* { box-sizing: border-box; }
html { font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif;
  color: var(--ink); background: var(--paper); -webkit-text-size-adjust: 100%; }
html[lang=nl] [lang=en], html[lang=en] [lang=nl] { display: none !important; }
body { margin: 0 auto; max-width: 1120px; padding: 0 24px 64px; }
h1 { font-size: 1.75rem; line-height: 1.2; margin: 8px 0; letter-spacing: -.01em; }
h2 { font-size: 1.25rem; margin: 48px 0 8px; }
h3 { font-size: 1rem; margin: 0; }
p { margin: 8px 0; max-width: 72ch; }
a { color: inherit; }
.top { display: flex; justify-content: space-between; align-items: baseline; gap: 16px;
  flex-wrap: wrap; padding-top: 24px; }
.kicker, .small { color: var(--soft); font-size: .875rem; }
.notice { border-left: 4px solid var(--contradicted); background: var(--wash); padding: 8px 16px;
  margin: 16px 0; }
button, select { font: inherit; color: inherit; background: var(--paper); padding: 6px 10px;
  border: 1px solid #8d98a3; border-radius: 4px; }
button[aria-pressed=true] { background: var(--ink); color: var(--paper); }
:focus-visible { outline: 3px solid #2563c9; outline-offset: 2px; }
.filters { position: sticky; top: 0; background: var(--paper); display: flex; flex-wrap: wrap;
  gap: 8px 16px; padding: 12px 0; border-bottom: 1px solid var(--line); z-index: 3; }
.filters label { font-size: .8125rem; color: var(--soft); display: grid; gap: 2px; }
.filters output { align-self: end; padding: 6px 0; font-size: .875rem; }
.tiles { display: flex; flex-wrap: wrap; gap: 8px; padding: 0; margin: 16px 0; list-style: none; }
.tiles li { border: 1px solid var(--line); border-top: 4px solid var(--tone); padding: 8px 16px;
  min-width: 8.5rem; }
.tiles b { display: block; font-size: 1.5rem; line-height: 1.2;
  font-variant-numeric: tabular-nums; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-size: .875rem; font-variant-numeric: tabular-nums; }
th, td { padding: 4px 8px; border-bottom: 1px solid var(--line); vertical-align: top; }
thead th { border-bottom: 1px solid var(--ink); font-weight: 600; vertical-align: bottom; }
th { text-align: left; font-weight: 400; }
td, th.number { text-align: right; }
.sums { margin: 8px 0 16px; }
.sums td:nth-child(2) { font-weight: 600; }
.sheet { margin: 24px 0 32px; break-inside: avoid; }
.sheet .name { display: flex; gap: 4px 12px; align-items: baseline; flex-wrap: wrap; }
.sheet .chips { color: var(--soft); font-size: .8125rem; }
.grid { margin-top: 4px; }
.grid th[scope=row] { width: 22rem; min-width: 9rem; overflow-wrap: anywhere; }
.grid thead th { text-align: right; min-width: 6.5rem; max-width: 8rem; hyphens: auto;
  overflow-wrap: break-word; }
.grid thead th:first-child { text-align: left; }
.grid thead tr:first-child th { border-bottom: 0; padding-bottom: 0; color: var(--soft); }
.grid .first { border-left: 1px solid var(--line); }
.grid td { white-space: nowrap; }
.grid td b { font-weight: 600; }
.grid td i { display: inline-block; min-width: 2.75rem; margin-left: 4px; font-style: normal;
  color: var(--soft); font-size: .75rem; }
.grid td.off { background: color-mix(in srgb, var(--tone) 12%, var(--paper)); }
.grid td.off b, .verdict { color: var(--tone); }
.grid td.dim { opacity: .22; }
.grid sup { font-size: .6875rem; line-height: 0; }
.text { width: 100%; } .text th.small { max-width: 34rem; } .text td b { display: block; }
.text th:first-child { white-space: nowrap; } .text thead th { text-align: left; }
.text td { white-space: normal; min-width: 7rem; } .grid.text th[scope=row] { width: auto; }
.verdict { font-weight: 600; }
.reproduced { --tone: var(--reproduced); } .impossible { --tone: var(--impossible); }
.contradicted { --tone: var(--contradicted); } .undetermined { --tone: var(--undetermined); }
.missed { --tone: var(--missed); }
.notes { list-style: none; margin: 8px 0 0; padding: 0; font-size: .8125rem; }
.notes li { margin: 4px 0; max-width: 90ch; }
details { font-size: .8125rem; color: var(--soft); margin-top: 8px; }
summary { cursor: pointer; }
.off-list { list-style: none; padding: 0; margin: 8px 0; }
.off-list li { border-left: 4px solid var(--tone); padding: 4px 0 4px 16px; margin: 16px 0;
  break-inside: avoid; }
.pair { font-variant-numeric: tabular-nums; }
[hidden] { display: none !important; }
@media (max-width: 640px) {
  html { font-size: 15px; } body { padding: 0 16px 48px; }
  .filters { position: static; } .filters label { flex: 1 1 40%; } .filters select { width: 100%; }
  .tiles li { flex: 1 1 40%; min-width: 0; padding: 8px 12px; }
  th, td { padding: 3px 4px; } table { font-size: .8125rem; }
  .grid { width: 100%; } .grid thead th { min-width: 0; }
  .grid th[scope=row] { width: auto; min-width: 6.5rem; max-width: 9rem; position: sticky;
    left: 0; background: var(--paper); }
  .grid td b { display: block; }
  .upright thead tr:last-child th:not(:first-child) { padding: 4px 2px; }
  .upright thead tr:last-child th:not(:first-child) > span { writing-mode: vertical-rl;
    transform: rotate(180deg); max-height: 8rem; display: inline-block; text-align: left; }
  .sums { width: 100%; }
  .grid td i { min-width: 0; max-width: 3.25rem; margin: 0; font-size: .6875rem;
    white-space: normal; line-height: 1.25; }
}
@media print {
  html { font-size: 10pt; } body { max-width: none; padding: 0; }
  .filters, .language { display: none; } h2 { break-after: avoid; }
  th, td { padding: 2px 6px; }
  .scroll { overflow: visible; } .grid td.dim { opacity: 1; } details > summary { display: none; }
  details { color: var(--ink); }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
"""

SCRIPT = """
(function () {
  var root = document.documentElement;
  function every(selector, work) {
    Array.prototype.forEach.call(document.querySelectorAll(selector), work);
  }
  function speak(language) {
    root.lang = language;
    every('[data-language]', function (button) {
      button.setAttribute('aria-pressed', String(button.dataset.language === language));
    });
    every('[data-nl]', function (part) { part.textContent = part.dataset[language]; });
  }
  every('[data-language]', function (button) {
    button.addEventListener('click', function () { speak(button.dataset.language); });
  });
  function chosen(name) { return document.getElementById('filter-' + name).value; }
  function filter() {
    var chapter = chosen('chapter'), verdict = chosen('verdict'), role = chosen('role');
    var total = 0;
    every('.sheet', function (sheet) {
      var hits = 0;
      Array.prototype.forEach.call(sheet.querySelectorAll('td[data-verdict]'), function (cell) {
        var hit = (!chapter || sheet.dataset.chapter === chapter) &&
          (!verdict || cell.dataset.verdict === verdict) && (!role || cell.dataset.role === role);
        cell.classList.toggle('dim', !hit);
        if (hit) { hits += 1; }
      });
      sheet.hidden = hits === 0;
      total += hits;
    });
    every('.chapter', function (part) {
      part.hidden = !part.querySelector('.sheet:not([hidden])');
    });
    document.getElementById('shown').textContent = String(total);
    document.getElementById('none').hidden = total > 0;
  }
  every('.filters select', function (select) { select.addEventListener('change', filter); });
  window.addEventListener('beforeprint', function () {
    every('details', function (detail) { detail.open = true; });
  });
  document.querySelector('.filters').hidden = false;
  document.querySelector('.language').hidden = false;
  speak(root.lang);
  filter();
}());
"""
