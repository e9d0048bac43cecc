import { portalStates } from '../../shared/i18n/portal-states.ts';
import type { Language } from '../../shared/i18n/texts.ts';
import type { Viewer } from '../accounts/profile.ts';
import type { WatchState } from '../store/watch-tables.ts';
import { glyph, stateMarks, type Glyph, type Tone } from './glyphs.ts';
import { html, nothing, type Html, type HtmlPart } from './html.ts';

/** Pieces that several pages show. */
/** Mark and word on a tint. */
export function badge(tone: Tone, mark: Glyph, word: HtmlPart): Html {
  return html`<span class="b ${tone}">${glyph(mark)}${word}</span>`;
}

export function stateBadge(state: WatchState, language: Language): Html {
  const marks = stateMarks[state];
  return badge(marks.badge, marks.glyph, portalStates[state][language]);
}

export interface Postmark {
  readonly tone: 'done' | 'late' | 'held' | 'silent' | 'todo';
  /** A count, a short word, or a glyph. */
  readonly mark: { readonly text: string | number } | { readonly glyph: Glyph };
  readonly name: string;
  readonly lines: readonly HtmlPart[];
}

/** The thread: from the hospital to the acknowledgement, as postmarks. */
export function thread(label: string, marks: readonly Postmark[]): Html {
  return html`<ol class="thread" aria-label="${label}">
    ${marks.map(
      ({ tone, mark, name, lines }) =>
        html`<li${tone === 'done' ? nothing : html` class="${tone}"`}><div class="st">${
          'glyph' in mark ? glyph(mark.glyph) : html`<b>${mark.text}</b>`
        }</div><h3>${name}</h3>${lines.map((line) => html`<p>${line}</p>`)}</li>`,
    )}
  </ol>`;
}

/** The page's sentence: what is to be known, then its totals. */
export function pageHead(parts: {
  readonly kicker?: HtmlPart;
  readonly sentence: HtmlPart;
  readonly lede?: HtmlPart;
  readonly aside?: HtmlPart;
}): Html {
  const { kicker, sentence, lede, aside } = parts;
  return html`<div class="head"><div>${kicker === undefined ? nothing : html`<p class="kicker">${kicker}</p>`}<h1>${sentence}</h1>${
    lede === undefined ? nothing : html`<p class="lede">${lede}</p>`
  }</div>${aside}</div>`;
}

/** What every form that changes something carries. */
export function formToken({ csrf }: Viewer): Html {
  return html`<input type="hidden" name="_csrf" value="${csrf}" />`;
}

/** Names and what they are, one a line. */
export function facts(rows: readonly (readonly [HtmlPart, HtmlPart])[]): Html {
  return html`<dl class="facts">${rows.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>`;
}

/** Fact, when it was checked, next step: nothing is left blank. */
export function emptyState(title: HtmlPart, text: HtmlPart, next?: HtmlPart): Html {
  return html`<div class="card empty">${glyph('k')}<h2>${title}</h2><p>${text}</p>${next}</div>`;
}
