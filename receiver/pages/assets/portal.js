/*
 * Everything here is optional: every page works without it. Refresh of the parts marked data-live, keys, the grid's arrows,
 * copying. No text of its own: what is said is in the page.
 */
'use strict';

const $ = (selector, from = document) => from.querySelector(selector);
const $$ = (selector, from = document) => [...from.querySelectorAll(selector)];
const stored = (key) => {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
};
const keep = (key, value) => {
  try {
    localStorage.setItem(key, value);
  } catch {
    // A browser that keeps nothing forgets the choice, no more.
  }
};

/* Refresh: the stream says that something changed, the page is asked for again, and its marked parts are swapped. */
const band = $('[data-frozen]');
if (document.body.hasAttribute('data-live-page')) {
  const toggle = $('[data-live-toggle]');
  const told = new Map();
  let paused = false;
  let seenAt = Date.now();
  let busy = false;
  const refresh = async () => {
    if (paused || busy || document.hidden || document.body.contains($('dialog[open]'))) return;
    busy = true;
    try {
      const answer = await fetch(location.href, { headers: { accept: 'text/html', 'x-refresh': '1' } });
      // Signed out meanwhile: the page says so when it is used.
      if (!answer.ok || answer.redirected) return;
      const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html');
      for (const part of $$('[data-live]')) {
        const next = $(`[data-live="${part.dataset.live}"]`, fresh);
        if (
          next === null ||
          next.innerHTML === (told.get(part) ?? part.innerHTML) ||
          part.contains($('details[open],textarea:focus,input:focus', part))
        )
          continue;
        const focused = part.contains(document.activeElement)
          ? document.activeElement.getAttribute('href')
          : null;
        const cell = part.contains(document.activeElement) ? placeInGrid(document.activeElement) : undefined;
        part.innerHTML = next.innerHTML;
        // The grid's own marks are no change of the page.
        told.set(part, next.innerHTML);
        if (part.matches('table.grid')) settleGrid(part, cell);
        else if (focused !== null) $(`a[href="${CSS.escape(focused)}"]`, part)?.focus();
      }
      seenAt = Date.now();
    } catch {
      // The band says since when.
    } finally {
      busy = false;
    }
    age();
  };
  const age = () => {
    const frozen = !paused && Date.now() - seenAt > 90_000;
    if (band !== null) band.hidden = !frozen;
    const time = $('[data-frozen-since]');
    if (frozen && time !== null)
      time.textContent = new Intl.DateTimeFormat('fr-FR', {
        timeZone: 'Europe/Paris',
        hour: '2-digit',
        minute: '2-digit',
      }).format(seenAt);
  };
  if (toggle !== null) {
    toggle.hidden = false;
    toggle.addEventListener('click', () => {
      paused = !paused;
      toggle.setAttribute('aria-pressed', String(paused));
      if (!paused) void refresh();
    });
  }
  const stream = new EventSource('/flux');
  stream.addEventListener('changed', () => void refresh());
  stream.addEventListener('same', () => {
    seenAt = Date.now();
    age();
  });
  setInterval(() => {
    // Where no stream gets through, the page is simply asked for again.
    if (stream.readyState !== EventSource.OPEN) void refresh();
    age();
  }, 60_000);
  document.addEventListener('visibilitychange', () => void refresh());
}

/* Keys. */
const places = {
  a: '/',
  e: '/etablissements',
  l: '/lots',
  d: '/destinations',
  t: '/alertes',
  n: '/analyser',
  r: '/rapports',
};
const english = document.documentElement.lang === 'en' ? '/en' : '';
let before = '';
const off = () => stored('shortcuts') === 'off';
const rows = () => $$('main .todo-list h3 a,main .tab tbody th a');
document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape') for (const open of $$('details.menu[open]')) open.open = false;
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || off()) return;
  if (event.target.closest('input,textarea,select,[contenteditable]') !== null) return;
  const go = before === 'g' ? places[event.key] : undefined;
  before = event.key;
  if (go !== undefined) location.href = english + (go === '/' && english ? '' : go);
  else if (event.key === '/') {
    event.preventDefault();
    $('#chercher')?.focus();
  } else if (event.key === '?') location.href = `${english}/aide`;
  else if (event.key === 'j' || event.key === 'k') {
    const all = rows();
    const at = all.indexOf(document.activeElement);
    all[Math.max(0, Math.min(all.length - 1, at + (event.key === 'j' ? 1 : -1)))]?.focus();
  }
});
const shortcuts = $('[data-shortcuts]');
if (shortcuts !== null) {
  shortcuts.hidden = false;
  const show = () => shortcuts.setAttribute('aria-pressed', String(off()));
  shortcuts.addEventListener('click', () => {
    keep('shortcuts', off() ? 'on' : 'off');
    show();
  });
  show();
}

/* The grid: one stop for the Tab key, arrows inside. */
const linesOf = (grid) => $$('tr', grid).filter((row) => $('th a', row) !== null);
/* Days stand in the same column in the head and in every facility's row. */
const cellsOf = (row) =>
  row.closest('thead') === null
    ? [$('th a', row), ...$$('td.c', row).map((cell) => $('a', cell) ?? cell)]
    : $$('th', row).map((cell) => $('a', cell));
const placeInGrid = (cell) => {
  const row = cell.closest('table.grid tr');
  return row === null ? undefined : [linesOf(row.closest('table')).indexOf(row), cellsOf(row).indexOf(cell)];
};
/* One stop for the Tab key; a place that had the focus has it again. */
const settleGrid = (grid, at) => {
  const all = linesOf(grid).map(cellsOf);
  const active = (at && all[at[0]]?.[at[1]]) ?? all.find(([name, day]) => name && day)?.[0];
  for (const cell of all.flat()) if (cell) cell.tabIndex = cell === active ? 0 : -1;
  if (at !== undefined) active?.focus();
};
for (const grid of $$('table.grid')) {
  const lines = () => linesOf(grid);
  settleGrid(grid);
  grid.addEventListener('keydown', (event) => {
    const row = event.target.closest('tr');
    if (row === null) return;
    if (event.key === 'Escape') {
      grid.parentElement.focus();
      return;
    }
    const all = lines();
    const cells = cellsOf(row);
    const [y, x] = [all.indexOf(row), cells.indexOf(event.target)];
    if (x < 0 || y < 0) return;
    const to = {
      ArrowRight: [y, x + 1],
      ArrowLeft: [y, x - 1],
      ArrowDown: [all.findIndex((each, at) => at > y && cellsOf(each)[x]), x],
      ArrowUp: [all.findLastIndex((each, at) => at < y && cellsOf(each)[x]), x],
      Home: [y, cells.findIndex(Boolean)],
      End: [y, cells.findLastIndex(Boolean)],
    }[event.key];
    if (event.key === 'Enter' && event.target.tagName === 'TD') {
      // Heads of days lead to the day of all facilities.
      const day = new URLSearchParams($('a', $$('thead th', grid)[x])?.search).get('jour');
      if (day !== null) location.href = `${$('th a', row).getAttribute('href').split('?')[0]}/jours/${day}`;
      return;
    }
    const next = to && all[to[0]] && cellsOf(all[to[0]])[to[1]];
    if (!next) return;
    event.preventDefault();
    settleGrid(grid, to);
  });
}

/* Soon signed out: said in time, and one click keeps the session. */
const stay = $('[data-idle]');
if (stay !== null) {
  const [notice] = stay.children;
  const rest = () =>
    setTimeout(() => {
      notice.hidden = false;
    }, stay.dataset.idle * 1000);
  $('button', stay).addEventListener('click', async () => {
    const { ok, redirected } = await fetch('/session');
    if (redirected) location.reload();
    if (!ok) return;
    notice.hidden = true;
    rest();
  });
  rest();
}

/* What can be copied or printed. */
for (const tool of $$('[data-copy],[data-print]')) {
  const { copy } = tool.dataset;
  tool.hidden = false;
  tool.addEventListener('click', () =>
    copy
      ? void navigator.clipboard?.writeText(copy).then(() => tool.setAttribute('aria-pressed', 'true'))
      : window.print(),
  );
}
