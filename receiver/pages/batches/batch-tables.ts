import { findingText } from '../../../shared/i18n/findings.ts';
import { portalBatches } from '../../../shared/i18n/portal-batches.ts';
import type { Language } from '../../../shared/i18n/texts.ts';
import { counted } from '../counted.ts';
import { html, nothing, type Html, type HtmlPart } from '../html.ts';
import { badge, facts as factList } from '../parts.ts';
import type { BatchFacts } from '../reads/batch-reads.ts';
import { teller } from '../typeset.ts';
import { count, dayWords } from '../words.ts';

/** What the batch did to each day, as it was applied. */
export function changesTable({ changes, outcome }: BatchFacts, language: Language): Html {
  const say = teller(portalBatches, language);
  if (changes === undefined)
    return html`<div class="card pad"><h2>${say('changes')}</h2><p class="small muted">${say('changesUnknown')}</p></div>`;
  const suspends = (outcome?.suspended ?? 0) > 0;
  const number = (value: number, tone = ''): Html =>
    value === 0
      ? html`<td class="num"><span aria-hidden="true">·</span><span class="sr">${say('none')}</span></td>`
      : html`<td class="num">${tone === '' ? count(value, language) : html`<span class="delta ${tone}">${count(value, language)}</span>`}</td>`;
  return html`<div class="card scroll" tabindex="0" role="region" aria-label="${say('changes')}"><table class="tab"><caption>${say('changes')}</caption><thead><tr><th scope="col">${say('day')}</th><th scope="col" class="num">${say('before')}</th><th scope="col" class="num">${say('after')}</th><th scope="col" class="num">${say('added')}</th><th scope="col" class="num">${say('updated')}</th><th scope="col" class="num">${say('removed')}</th>${
    suspends ? html`<th scope="col" class="num">${say('suspended')}</th>` : nothing
  }</tr></thead><tbody>${changes.map(
    ({ day, before, after, added, updated, removed, suspended }) =>
      html`<tr><th scope="row" class="nowrap">${dayWords(day, 'short', language)}</th><td class="num">${count(before, language)}</td><td class="num">${count(after, language)}</td>${number(added)}${number(updated)}${number(removed, 'neg')}${
        suspends ? number(suspended, 'neg') : nothing
      }</tr>`,
  )}</tbody></table></div>`;
}

/** Read = stored + flagged + rejected, to the visit. */
export function exactCount({ manifest, findings }: BatchFacts, language: Language): Html {
  const say = teller(portalBatches, language);
  if (manifest === undefined)
    return html`<div class="card pad"><h2>${say('count')}</h2><p class="small muted">${say('countUnknown')}</p></div>`;
  const { records, rejected } = manifest;
  const { flagged, exact } = flaggedRecords(findings);
  const some = (name: 'atLeast' | 'atMost', value: number): HtmlPart =>
    exact ? count(value, language) : say(name, { n: count(value, language) });
  return html`<div class="card pad"><h2>${say('count')}</h2>${factList([
    [say('read'), count(records, language)],
    [say('kept'), some('atMost', records - rejected - flagged)],
    [say('flagged'), some('atLeast', flagged)],
    [say('rejectedCount'), count(rejected, language)],
    [
      html`<span class="strong">${say('total')}</span>`,
      html`<span class="strong">${count(records, language)}</span>`,
    ],
  ])}<p class="small muted">${say('countSame')}</p></div>`;
}

type Findings = BatchFacts['findings'];

/** Records with a finding; exact while all findings are listed. */
function flaggedRecords(findings: Findings): { readonly flagged: number; readonly exact: boolean } {
  const records = new Set(findings.listed.flatMap(({ record }) => (record === null ? [] : [record])));
  return { flagged: records.size, exact: totalOf(findings) <= findings.listed.length };
}

function totalOf({ totals }: Findings): number {
  return Object.values(totals).reduce((sum, each) => sum + each, 0);
}

const mostLines = 200;
const severities = {
  error: { tone: 'silent', glyph: 's' },
  warning: { tone: 'late', glyph: 't' },
  info: { tone: '', glyph: 'd' },
} as const;

/** Line, item and rule: the value stays in the hospital's own file. */
export function findingsTable({ findings }: BatchFacts, language: Language): Html {
  const say = teller(portalBatches, language);
  const total = totalOf(findings);
  if (total === 0)
    return html`<section class="sec"><div class="card pad"><h2>${say('findings')}</h2><p class="small muted">${say('findingsNone')}</p></div></section>`;
  const shown = findings.listed.slice(0, mostLines);
  return html`<section class="sec"><div class="card scroll" tabindex="0" role="region" aria-label="${say('findings')}"><table class="tab flow"><caption>${say('findings')}<p class="small muted">${say('findingsText')}</p></caption><thead><tr><th scope="col">${say('line')}</th><th scope="col">${say('severity')}</th><th scope="col">${say('item')}</th><th scope="col">${say('finding')}</th></tr></thead><tbody>${shown.map(
    ({ line, severity, field, rule }) =>
      html`<tr><th scope="row">${line === null ? say('wholeFile') : count(line, language)}</th><td>${badge(severities[severity].tone, severities[severity].glyph, say(severity))}</td><td class="mono">${field ?? '—'}</td><td class="full">${findingText(rule, language, field)}</td></tr>`,
  )}</tbody></table></div>${shown.length < total ? ruleTotals(findings, shown.length, total, language) : nothing}</section>`;
}

function ruleTotals({ totals }: Findings, shown: number, total: number, language: Language): Html {
  const say = teller(portalBatches, language);
  const rows = Object.entries(totals).sort(([, one], [, other]) => other - one);
  return html`<div class="card pad sec"><p class="small">${say('findingsMore', {
    shown: count(shown, language),
    total: count(total, language),
  })}</p>${factList(rows.map(([rule, each]) => [findingText(rule, language, null), counted(each, 'flag', language)]))}</div>`;
}
