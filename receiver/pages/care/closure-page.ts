import { dayOfInstant, dayToIso } from '../../../shared/runtime/paris-time.ts';
import { allFeeds } from '../../../shared/feeds/registry.ts';
import { declareClosure, withdrawClosure } from '../../care/declare.ts';
import type { Closure } from '../../store/care-tables.ts';
import { feedWords } from '../charts/feed-words.ts';
import type { PortalDeps } from '../deps.ts';
import { html, nothing, type Html } from '../html.ts';
import type { Answer, Page, PageContext } from '../page.ts';
import { formToken } from '../parts.ts';
import type { FacilitySeen } from '../reads/care-reads.ts';
import { dayWords } from '../words.ts';
import { careForm, carePage, careSee, field, mayAct, ofFacility, pathOf } from './care-frame.ts';
import { speak, type Refusal } from './care-frame.ts';

/** Days of which nothing is awaited. */
export function createClosurePage({ store, clock, onChange }: PortalDeps): Page {
  const deps = { store, clock };
  return {
    path: '/etablissements/:finess/fermeture',
    see: careSee,
    get: (context) => ofFacility(context, show),
    act: careForm(async (context, facility) => {
      const { form, actor } = context;
      const { finess } = facility;
      if (form('geste') === 'annuler')
        await withdrawClosure(deps, actor, { facility: finess, id: Number(form('id')) });
      else
        await declareClosure(deps, actor, finess, {
          ...{ feed: form('flux'), from: form('from'), to: form('to'), reason: form('reason') },
        });
      onChange();
      return { kind: 'redirect', to: context.to(pathOf(facility, 'fermeture')) };
    }, show),
  };
}

async function show(context: PageContext, facility: FacilitySeen, refusal?: Refusal): Promise<Answer> {
  const { language, viewer, now } = context;
  const say = speak(language);
  const closures = await context.read(({ care }) => care.closuresOf(facility.finess, 50));
  const today = dayToIso(dayOfInstant(now));
  const chosen = refusal?.typed('flux') ?? '';
  const form = mayAct(context)
    ? html`<form class="ask" method="post"><h2>${say('closureDeclare')}</h2>${formToken(viewer)}<p><label for="c-flux">${say('closureFeed')}</label><select class="field" id="c-flux" name="flux"><option value="">${say('closureAll')}</option>${allFeeds.map(
        ({ name }) =>
          html`<option value="${name}"${name === chosen ? html` selected` : nothing}>${feedWords(name, language).name}</option>`,
      )}</select></p>${field({ name: 'from', label: say('from'), type: 'date', value: today, required: true }, refusal)}${field(
        { name: 'to', label: say('to'), type: 'date', value: today, required: true },
        refusal,
      )}${field({ name: 'reason', label: say('reason'), type: 'area', most: 500, required: true }, refusal)}<p class="acts"><button class="btn main">${say('closureDeclare')}</button><a class="btn" href="${context.to(pathOf(facility))}">${say('cancel')}</a></p></form>`
    : nothing;
  return carePage(context, facility, {
    ...{ here: say('closure'), refusal },
    sentence: say('closureSentence', { name: facility.name }),
    lede: say('closureLede'),
    body: html`<section class="cols even sec">${form}<div>${
      closures.length === 0
        ? html`<p class="muted">${say('closureNone')}</p>`
        : closureTable(context, closures)
    }</div></section>`,
  });
}

function closureTable(context: PageContext, closures: readonly Closure[]): Html {
  const { language, viewer } = context;
  const say = speak(language);
  const rows = closures.map((closure) => {
    const { id, from, to, feed, reason, by, withdrawnAt } = closure;
    const days = say('span', {
      from: dayWords(from, 'short', language),
      to: dayWords(to, 'short', language),
    });
    const withdraw =
      withdrawnAt === null && mayAct(context)
        ? html`<form method="post">${formToken(viewer)}<input type="hidden" name="id" value="${id}" /><button class="btn sm" name="geste" value="annuler">${say('closureWithdraw')}</button></form>`
        : nothing;
    return html`<tr><th scope="row">${days}<small>${feed === null ? say('closureAll') : feedWords(feed, language).name}</small></th><td>${say(
      stateOf(closure, dayOfInstant(context.now)),
    )}</td><td>${reason}<small> ${by}</small></td><td>${withdraw}</td></tr>`;
  });
  return html`<div class="card scroll" tabindex="0" role="region" aria-label="${say('closureList')}"><table class="tab flow"><caption>${say('closureList')}</caption><thead><tr><th scope="col">${say('period')}</th><th scope="col">${say('state')}</th><th scope="col">${say('reason')}</th><th scope="col">${say('action')}</th></tr></thead><tbody>${rows}</tbody></table></div>`;
}

function stateOf({ withdrawnAt, from, to }: Closure, today: number) {
  if (withdrawnAt !== null) return 'closureWithdrawn';
  if (to < today) return 'closurePast';
  return from > today ? 'closureComing' : 'closureNow';
}
