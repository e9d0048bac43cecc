import { portalAgency, refusalReasons } from '../../../shared/i18n/portal-agency.ts';
import type { DestinationConfig } from '../../config-destinations.ts';
import { rangeWords } from '../batches/batch-words.ts';
import { counted } from '../counted.ts';
import { deliveryBadge } from '../delivery-badge.ts';
import { html, nothing, type Html } from '../html.ts';
import type { PageContext } from '../page.ts';
import { facts as factList, formToken, pageHead } from '../parts.ts';
import type { DispatchFacts } from '../reads/destination-reads.ts';
import { teller } from '../typeset.ts';
import { count, momentWords } from '../words.ts';
import { answerWords, deliveryWord, refusalWords } from './agency-words.ts';

export interface Found {
  readonly settings: DestinationConfig;
  readonly facts: DispatchFacts;
}

export interface DeliveryView extends Found {
  readonly names: ReadonlyMap<string, string>;
  readonly fault: string | undefined;
}

export function deliveryBody(context: PageContext, view: DeliveryView): Html {
  const { language, to, now } = context;
  const { settings, facts } = view;
  const { row, sealed } = facts;
  const say = teller(portalAgency, language);
  const word = deliveryWord(row, settings);
  const visits = counted(row.records, 'visit', language);
  const state = word === 'toFetch' ? 'ready' : row.state === 'sending' ? 'waiting' : row.state;
  const head = pageHead({
    kicker: html`<a href="${to('/agence')}">${say('title')}</a> <span aria-hidden="true">›</span> ${settings.owner ?? settings.name} ${deliveryBadge(word, language)}`,
    sentence: say('fileSentence', { visits, state: say(`state_${state}`) }),
    aside: settings.transport.kind === 'pull' && row.state !== 'dead' ? downloadForm(context, view) : nothing,
  });
  const at = (instant: number | null): string =>
    instant === null ? '—' : momentWords(instant, now, language);
  const content = factList([
    [say('file'), html`<span class="mono">${sealed?.name ?? row.name}</span>`],
    [say('facility'), view.names.get(row.facility) ?? row.facility],
    [say('days'), rangeWords(row.from, row.to, language)],
    [say('visits'), count(row.records, language)],
    [say('format'), row.format],
    [say('fingerprint'), html`<span class="mono">${fingerprintOf(view) ?? say('atDownload')}</span>`],
    [say('fingerprintComposed'), html`<span class="mono">${row.digest}</span>`],
    [
      say('sealedFor'),
      settings.protection.kind === 'none'
        ? say('notSealed')
        : (sealed?.protection ?? settings.protection.kind),
    ],
    [say('size'), sealed === undefined ? '—' : say('bytes', { n: count(sealed.bytes, language) })],
    [say('composed'), at(row.composedAt)],
    [say('sentAt'), at(row.sentAt)],
    [say('answerAt'), answerWords(row, now, language)],
  ]);
  return html`${head}<section class="cols"><div class="card pad"><h2>${say('content')}</h2>${content}</div>${
    row.state === 'dead'
      ? html`<div class="ask"><p>${say('notYours')}</p></div>`
      : html`<div class="stack">${acknowledgeForm(context, view)}${refuseForm(context, view)}</div>`
  }</section>`;
}

/** As it travels: what is neither zipped nor sealed travels as it was composed. */
export function fingerprintOf({ settings, facts: { row, sealed } }: Found): string | undefined {
  if (sealed !== undefined) return sealed.digest;
  return settings.protection.kind === 'none' && !settings.packaging.zip ? row.digest : undefined;
}

function addressOf({ to }: PageContext, { facts: { row } }: DeliveryView, act: string): string {
  return to(`/agence/fichiers/${row.destination}/${row.id}/${act}`);
}

function downloadForm(context: PageContext, view: DeliveryView): Html {
  const say = teller(portalAgency, context.language);
  return html`<form class="acts" method="post" action="${addressOf(context, view, 'telecharger')}">${formToken(context.viewer)}<button class="btn main">${say(
    view.facts.row.sentAt === null ? 'download' : 'downloadAgain',
  )}</button></form>`;
}

function acknowledgeForm(context: PageContext, view: DeliveryView): Html {
  const { language, now, viewer } = context;
  const { row } = view.facts;
  const say = teller(portalAgency, language);
  const visits = counted(row.records, 'visit', language);
  if (row.state === 'acknowledged')
    return html`<div class="ask"><h2>${say('acknowledgeTitle')}</h2><p>${say('acknowledgedAlready', { at: momentWords(row.changedAt, now, language) })}</p></div>`;
  return html`<form class="ask" method="post" action="${addressOf(context, view, 'accuser')}">${formToken(viewer)}<h2>${say('acknowledgeTitle')}</h2>${
    view.fault === undefined ? nothing : html`<p class="note" role="alert" id="d-fault">${view.fault}</p>`
  }<p class="small">${say('acknowledgeText', { file: row.name, visits })}</p>${fingerprintField(context, view, 'd-e')}<div class="acts"><button class="btn main">${say('acknowledge', { visits })}</button></div></form>`;
}

/** Asked of who has not taken the file here. */
function fingerprintField(
  { language }: PageContext,
  { facts, settings, fault }: DeliveryView,
  id: string,
): Html {
  const say = teller(portalAgency, language);
  if (facts.row.sentAt !== null) return nothing;
  if (settings.transport.kind !== 'pull') return nothing;
  return html`<p class="small muted">${say('notTakenText')}</p><div><label for="${id}">${say('typeFingerprint')}</label><input class="field mono" id="${id}" name="empreinte" maxlength="120" autocomplete="off" spellcheck="false"${
    fault === undefined ? nothing : html` aria-describedby="d-fault"`
  } /></div>`;
}

function refuseForm(context: PageContext, view: DeliveryView): Html {
  const { language, now, viewer } = context;
  const { row } = view.facts;
  const say = teller(portalAgency, language);
  const before =
    row.state === 'acknowledged'
      ? say('refuseAfter')
      : row.state === 'refused'
        ? say('refusedAlready', {
            at: momentWords(row.changedAt, now, language),
            reason: refusalWords(row.code, language),
          })
        : undefined;
  return html`<form class="ask" method="post" action="${addressOf(context, view, 'refuser')}">${formToken(viewer)}<h2>${say('refuseTitle')}</h2><p class="small muted">${say('refuseText')}</p>${
    before === undefined ? nothing : html`<p class="small">${before}</p>`
  }<div><label for="d-m">${say('reason')}</label><select class="field" id="d-m" name="motif" required><option value="">${say('choose')}</option>${Object.entries(
    refusalReasons,
  ).map(
    ([code, words]) => html`<option value="${code}">${words[language]}</option>`,
  )}</select></div>${fingerprintField(context, view, 'd-r')}<div class="acts"><button class="btn warn">${say('refuse', { file: row.name })}</button></div></form>`;
}
