import { html, type Html, type HtmlPart } from '../html.ts';

/** A question, its answer in a word, and what the answer rests on. */
export function card(title: HtmlPart, answer: Html, body: HtmlPart): Html {
  return html`<div class="card pad"><div class="sech"><h2>${title}</h2><div class="right">${answer}</div></div>${body}</div>`;
}
