import { html, type Html, type HtmlPart } from '../html.ts';

/** A question, its answer in a word, and what the answer rests on. */
export function card(title: HtmlPart, answer: Html, body: HtmlPart): Html {
  return html`<div class="card pad"><div class="sech"><h2>${title}</h2><div class="right">${answer}</div></div>${body}</div>`;
}

/** Nothing to list: said without the mark of what is well, since it may not be. */
export function absentCard(title: HtmlPart, text: HtmlPart): Html {
  return html`<div class="card pad"><h2>${title}</h2><p class="muted">${text}</p></div>`;
}
