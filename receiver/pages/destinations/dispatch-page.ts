import { portalDestinations } from '../../../shared/i18n/portal-destinations.ts';
import { againByHand, setAsideByHand } from '../../forward/by-hand.ts';
import { composedAgain } from '../../forward/replay.ts';
import type { DispatchRow } from '../../store/dispatch-table.ts';
import { rangeWords, shortId } from '../batches/batch-words.ts';
import { counted } from '../counted.ts';
import type { PortalDeps } from '../deps.ts';
import { deliveryBadge } from '../delivery-badge.ts';
import { html, nothing, type Html, type HtmlPart } from '../html.ts';
import { missing, type Answer, type Page, type PageContext } from '../page.ts';
import { facts as factList, formToken, pageHead } from '../parts.ts';
import type { DispatchFacts } from '../reads/destination-reads.ts';
import { teller } from '../typeset.ts';
import { count, momentWords } from '../words.ts';
import { detailWords } from './destination-files.ts';
import { destinationsSeenBy } from './destination-list-page.ts';
import { reasonField } from './pause-pages.ts';

const longestReason = 500;

/** One file of a destination, and what a person may do about it. */
export function dispatchPage(deps: PortalDeps): Page {
  const found = (context: PageContext) => {
    const { name = '', id = '' } = context.params;
    if (!/^\d{1,15}$/.test(id)) return Promise.resolve(undefined);
    return context.read((reads) => reads.destinations.dispatch(name, Number(id)));
  };
  const show = async (context: PageContext, fault?: string): Promise<Answer> => {
    const facts = await found(context);
    if (facts === undefined) return missing;
    const names = await context.read((reads) => reads.destinations.facilityNames());
    const body = bodyOf(context, deps, facts, names, fault);
    const status = fault === undefined ? {} : { status: 422 };
    return { kind: 'page', title: facts.row.name, body, nav: 'destinations', ...status };
  };
  return {
    path: '/destinations/:name/fichiers/:id',
    see: destinationsSeenBy,
    get: (context) => show(context),
    act: {
      may: ['regional-operator'],
      post: async (context) => {
        const facts = await found(context);
        const target = deps.targets.find(({ name }) => name === context.params['name']);
        if (facts === undefined) return missing;
        const reason = context.form('motif').slice(0, longestReason);
        if (reason === '')
          return show(context, teller(portalDestinations, context.language)('reasonMissing'));
        const { destination, id } = facts.row;
        const request = { destination, id, reason };
        const act = context.form('acte');
        if (act === 'composer' && target !== undefined)
          await againByHand(deps, context.actor, target, request);
        else if (act === 'ecarter') await setAsideByHand(deps, context.actor, request);
        else return missing;
        deps.onChange();
        return { kind: 'redirect', to: context.to(`/destinations/${destination}`) };
      },
    },
  };
}

function bodyOf(
  context: PageContext,
  deps: PortalDeps,
  facts: DispatchFacts,
  names: ReadonlyMap<string, string>,
  fault: string | undefined,
): Html {
  const { language, to } = context;
  const say = teller(portalDestinations, language);
  const { row } = facts;
  const title =
    deps.config.destinations.find(({ name }) => name === row.destination)?.owner ?? row.destination;
  const head = pageHead({
    kicker: html`<a href="${to('/destinations')}">${say('title')}</a> <span aria-hidden="true">›</span> <a href="${to(`/destinations/${row.destination}`)}">${title}</a> ${deliveryBadge(row.state, language)}`,
    sentence: say('dispatchSentence', {
      visits: counted(row.records, 'visit', language),
      state: say(`state_${row.state}`),
    }),
    lede: detailWords(row, context.now, language),
  });
  return html`${head}<section class="cols"><div class="card pad"><h2 class="mono">${row.name}</h2>${factList(rowsOf(context, facts, names))}</div>${
    context.viewer.profile === 'regional-operator' ? actForm(context, row, fault) : nothing
  }</section>`;
}

function rowsOf(
  { language, now, to }: PageContext,
  { row, exports, sealed }: DispatchFacts,
  names: ReadonlyMap<string, string>,
): readonly (readonly [HtmlPart, HtmlPart])[] {
  const say = teller(portalDestinations, language);
  const at = (instant: number | null): string =>
    instant === null ? '—' : momentWords(instant, now, language);
  return [
    [say('facility'), names.get(row.facility) ?? row.facility],
    [say('days'), rangeWords(row.from, row.to, language)],
    [say('visits'), count(row.records, language)],
    [say('format'), row.format],
    [say('cause'), say(`cause_${row.cause}`)],
    [say('composedAt'), at(row.composedAt)],
    [say('sentAt'), at(row.sentAt)],
    [say('changedAt'), at(row.changedAt)],
    [say('attempts'), count(row.attempts, language)],
    [say('reference'), row.reference ?? '—'],
    [say('fingerprint'), html`<span class="mono">${sealed?.digest ?? row.digest}</span>`],
    [
      say('batches'),
      exports.length === 0
        ? '—'
        : html`${exports.slice(0, 20).map((id) => html`<a class="mono" href="${to(`/lots/${id}`)}">${shortId(id)}</a> `)}`,
    ],
  ];
}

function actForm(context: PageContext, row: DispatchRow, fault: string | undefined): Html {
  const { viewer, language, to } = context;
  const say = teller(portalDestinations, language);
  const again = (row.state === 'dead' || row.state === 'refused') && row.code !== composedAgain;
  if (!again && row.state !== 'waiting') return nothing;
  return html`<form class="ask" method="post" action="${to(`/destinations/${row.destination}/fichiers/${row.id}`)}">${formToken(viewer)}<h2>${say('whatToDo')}</h2><p class="small muted">${say(again ? 'againText' : 'setAsideText')}</p>${
    fault === undefined ? nothing : html`<p class="note" role="alert">${fault}</p>`
  }${reasonField(context)}<div class="acts">${
    again
      ? html`<button class="btn main" name="acte" value="composer">${say('again')}</button>`
      : html`<button class="btn warn" name="acte" value="ecarter">${say('setAside')}</button>`
  }</div></form>`;
}
