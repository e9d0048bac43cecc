import { dayOfInstant, dayToIso } from '../../../shared/runtime/paris-time.ts';
import { withdrawRequest } from '../../care/ask-days.ts';
import type { RequestState } from '../../store/care-tables.ts';
import type { PortalDeps } from '../deps.ts';
import { html, nothing, type Html } from '../html.ts';
import { missing, type Page, type PageContext } from '../page.ts';
import { badge, emptyState, formToken, pageHead } from '../parts.ts';
import type { FacilityCatchUp, LackingRun } from '../reads/catch-up-read.ts';
import { colon } from '../typeset.ts';
import { dayWords, momentWords } from '../words.ts';
import { careAct, careSee, mayAct, pathOf, speak } from './care-frame.ts';

/** What is lacking of the last sixty days, what was asked, and what comes next. */
export function createCatchUpPage({ store, clock }: PortalDeps): Page {
  return {
    path: '/rattrapage',
    see: careSee,
    get: async (context) => {
      const found = await context.read(({ care }) => care.catchUp(context.now));
      const say = speak(context.language);
      const lacking = found.filter((each) => each.lacking.length > 0);
      const days = lacking
        .flatMap((each) => each.lacking)
        .reduce((sum, run) => sum + run.to - run.from + 1, 0);
      const sentence =
        days === 0
          ? say('catchUpSentenceNone')
          : days === 1
            ? say('catchUpSentenceOne')
            : say('catchUpSentence', { days, facilities: lacking.length });
      const requests = found.filter((each) => each.requests.length > 0);
      const body = html`${pageHead({ kicker: say('catchUp'), sentence, lede: say('catchUpLede') })}${
        lacking.length === 0 ? nothing : lackingTable(context, lacking)
      }<section class="sec">${
        requests.length === 0
          ? emptyState(say('catchUpRequests'), say('catchUpNoRequest'))
          : requestTable(context, requests)
      }</section>`;
      return { kind: 'page', title: sentence, body, nav: 'facilities' };
    },
    act: {
      may: careAct,
      post: async (context) => {
        const facility = await context.read(({ care }) => care.facility(context.form('finess')));
        if (facility === undefined) return missing;
        const request = { facility: facility.finess, id: Number(context.form('id')) };
        await withdrawRequest({ store, clock }, context.actor, request);
        return { kind: 'redirect', to: context.to('/rattrapage') };
      },
    },
  };
}

function lackingTable(context: PageContext, found: readonly FacilityCatchUp[]): Html {
  const { language, now, to } = context;
  const say = speak(language);
  const today = dayOfInstant(now);
  const rows = found.flatMap((facility) =>
    facility.lacking.map(
      (run, index) =>
        html`<tr${index === 0 ? html` id="manque-${facility.finess}"` : nothing}><th scope="row"><a href="${to(pathOf(facility))}">${facility.name}</a></th><td>${spanWords(context, run)}</td><td class="num" data-l="${say('age')}">${say('ageDays', { n: today - run.from })}</td><td>${lackingBadge(context, run)}</td><td>${nextStep(context, facility, run)}</td></tr>`,
    ),
  );
  return table(
    say('catchUpLacking'),
    [say('facility'), say('days'), say('age'), say('state'), say('next')],
    rows,
  );
}

function spanWords({ language }: PageContext, { from, to }: Pick<LackingRun, 'from' | 'to'>): string {
  const words = (day: LackingRun['from']): string => dayWords(day, 'short', language);
  return from === to ? words(from) : speak(language)('span', { from: words(from), to: words(to) });
}

function lackingBadge({ language }: PageContext, run: LackingRun): Html {
  const say = speak(language);
  const { request, absent, paper, byHand } = run;
  const counted =
    byHand === null ? nothing : html` <small>${say('byHand')}${colon(language)} ${byHand}</small>`;
  if (absent) return badge('silent', 's', say('stateAbsent'));
  if (request !== null) return requestBadge(request.state, say);
  return html`${paper ? badge('late', 'd', say('degraded')) : badge('silent', 's', say('stateNotAsked'))}${counted}`;
}

function nextStep(
  context: PageContext,
  facility: FacilityCatchUp,
  { request, absent, paper, ...run }: LackingRun,
): Html {
  const { language, to } = context;
  const say = speak(language);
  if (absent) return html`${say('nextExtract')}`;
  if (request?.state === 'asked') return html`${say('nextWaitAgent')}`;
  if (request?.state === 'told') return html`${say('nextWaitFile')}`;
  if (request !== null) return html`<a href="${to(pathOf(facility))}#contacts">${say('nextCall')}</a>`;
  if (paper) return html`${say('nextPaper')}`;
  const path = pathOf(facility, `renvoi?du=${dayToIso(run.from)}&au=${dayToIso(run.to)}`);
  return mayAct(context)
    ? html`<a class="btn sm" href="${to(path)}">${say('nextAsk')}</a>`
    : html`${say('nextAsk')}`;
}

function requestTable(context: PageContext, found: readonly FacilityCatchUp[]): Html {
  const { language, now, to, viewer } = context;
  const say = speak(language);
  const rows = found.flatMap((facility) =>
    facility.requests.map((request, index) => {
      const { id, state, at, by, reason, days } = request;
      const of = (wanted: string): number => days.filter((each) => each.state === wanted).length;
      const [refilled, absent] = [of('refilled'), of('absent')];
      const open = state === 'asked' || state === 'told';
      const withdraw =
        open && mayAct(context)
          ? html`<form method="post" action="${to('/rattrapage')}">${formToken(viewer)}<input type="hidden" name="finess" value="${facility.finess}" /><input type="hidden" name="id" value="${id}" /><button class="btn sm">${say('withdraw')}</button></form>`
          : nothing;
      return html`<tr${index === 0 ? html` id="${facility.finess}"` : nothing}><th scope="row"><a href="${to(pathOf(facility))}">${facility.name}</a></th><td>${spanWords(context, request)}</td><td>${momentWords(at, now, language)}<small> ${by}</small></td><td>${reason}</td><td>${requestBadge(state, say)} <small>${say('refilledOf', { refilled, days: days.length })}${
        absent === 0 ? nothing : html`, ${say('absentOf', { absent })}`
      }</small></td><td>${withdraw}</td></tr>`;
    }),
  );
  const heads = [say('facility'), say('days'), say('asked'), say('reason'), say('state'), say('action')];
  return table(say('catchUpRequests'), heads, rows);
}

function table(caption: string, heads: readonly string[], rows: readonly Html[]): Html {
  return html`<div class="card scroll" tabindex="0" role="region" aria-label="${caption}"><table class="tab flow"><caption>${caption}</caption><thead><tr>${heads.map((head) => html`<th scope="col">${head}</th>`)}</tr></thead><tbody>${rows}</tbody></table></div>`;
}

function requestBadge(state: RequestState, say: ReturnType<typeof speak>): Html {
  switch (state) {
    case 'asked':
      return badge('late', 't', say('stateAsked'));
    case 'told':
      return badge('late', 'send', say('stateTold'));
    case 'refilled':
      return badge('ok', 'k', say('stateRefilled'));
    case 'partly':
      return badge('part', 'p', say('statePartly'));
    case 'given-up':
      return badge('silent', 's', say('stateGivenUp'));
    case 'withdrawn':
      return badge('', 'd', say('stateWithdrawn'));
  }
}
