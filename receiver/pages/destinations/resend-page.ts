import { portalDestinations } from '../../../shared/i18n/portal-destinations.ts';
import { dayFromIso, dayToIso, type Day } from '../../../shared/runtime/paris-time.ts';
import { resendByHand } from '../../forward/by-hand.ts';
import type { DispatchTarget } from '../../forward/compose.ts';
import type { ReplayPreview } from '../../forward/replay.ts';
import { rangeWords } from '../batches/batch-words.ts';
import type { PortalDeps } from '../deps.ts';
import { counted } from '../counted.ts';
import { html, nothing, type Html } from '../html.ts';
import { missing, type Answer, type Page, type PageContext } from '../page.ts';
import { facts as factList, formToken, pageHead } from '../parts.ts';
import { teller } from '../typeset.ts';
import { count } from '../words.ts';
import { resendForm } from './resend-form.ts';

const mostDays = 92;
const longestReason = 500;

/** What is asked to be sent again, as the address or the form has it. */
interface Asked {
  readonly target: DispatchTarget;
  readonly title: string;
  readonly from: Day;
  readonly to: Day;
  readonly facility: string;
  readonly onlyMissing: boolean;
}

type Field = (name: string) => string;

/** The preview comes before any button; what is then sent is what was shown, or nothing. */
export function resendPage(deps: PortalDeps): Page {
  const show = async (context: PageContext, field: Field, fault?: string): Promise<Answer> => {
    const asked = askedOf(deps, field);
    const say = teller(portalDestinations, context.language);
    if (asked === 'unknown') return missing;
    if (asked === 'blank') return formPage(context, field);
    if (asked === 'days') return formPage(context, field, say('daysWrong'));
    if (asked === 'too-many') return formPage(context, field, say('daysTooMany', { most: mostDays }));
    const seen = await previewOf(context, asked);
    if (seen === undefined) return missing;
    const body = previewBody(context, asked, seen, field('motif'), fault);
    const status = fault === undefined ? {} : { status: 422 };
    return { kind: 'page', title: say('resendTitle'), body, nav: 'destinations', ...status };
  };

  const formPage = async (context: PageContext, field: Field, fault?: string): Promise<Answer> => {
    const say = teller(portalDestinations, context.language);
    const names = await context.read((reads) => reads.destinations.facilityNames());
    const chosen = {
      ...given('destination', field('destination')),
      ...given('from', field('du')),
      ...given('to', field('au')),
      ...given('facility', field('etablissement')),
    };
    const { destinations } = deps.config;
    const body = html`${pageHead({ sentence: say('resendSentence') })}${resendForm(context, { destinations, names, chosen, fault })}`;
    return { kind: 'page', title: say('resendTitle'), body, nav: 'destinations' };
  };

  // A form sent twice at once: the second one finds what the first one sent, and that is not what was shown.
  let last: Promise<unknown> = Promise.resolve();
  const oneByOne = (work: () => Promise<Answer>): Promise<Answer> => {
    const done = last.then(work);
    last = done.catch(() => undefined);
    return done;
  };

  return {
    path: '/renvoi',
    see: ['regional-operator'],
    get: (context) => show(context, (name) => context.query.get(name) ?? ''),
    act: {
      may: ['regional-operator'],
      post: async (context) => {
        const { form, actor, language } = context;
        const say = teller(portalDestinations, language);
        const asked = askedOf(deps, form);
        if (typeof asked === 'string') return show(context, form);
        return oneByOne(async () => {
          const seen = await previewOf(context, asked);
          if (seen === undefined) return missing;
          const reason = form('motif').slice(0, longestReason);
          if (form('vu') !== stampOf(seen)) return show(context, form, say('previewChanged'));
          if (reason === '') return show(context, form, say('reasonMissing'));
          if (thereAlready(seen) > 0 && form('doublon') !== 'oui')
            return show(context, form, say('doublesMissing'));
          await resendByHand(deps, actor, asked.target, { request: requestOf(asked), seen, reason });
          deps.onChange();
          return { kind: 'redirect', to: context.to(`/destinations/${asked.target.name}`) };
        });
      },
    },
  };
}

function given(name: string, value: string): Record<string, string> {
  return value === '' ? {} : { [name]: value };
}

function askedOf(
  { config, targets }: PortalDeps,
  field: Field,
): Asked | 'unknown' | 'blank' | 'days' | 'too-many' {
  const name = field('destination');
  if (name === '') return 'blank';
  const target = targets.find((each) => each.name === name);
  const settings = config.destinations.find((each) => each.name === name);
  if (target === undefined || settings === undefined) return 'unknown';
  if (field('du') === '' && field('au') === '') return 'blank';
  const [from, to] = [dayFromIso(field('du')), dayFromIso(field('au'))];
  if (from === undefined || to === undefined || to < from) return 'days';
  if (to - from >= mostDays) return 'too-many';
  const onlyMissing = field('quoi') === 'manque';
  return { target, title: settings.owner ?? name, from, to, facility: field('etablissement'), onlyMissing };
}

function requestOf({ from, to, facility, onlyMissing }: Asked) {
  return { from, to, onlyMissing, ...(facility === '' ? {} : { facilities: [facility] }) };
}

interface Seen extends ReplayPreview {
  /** The latest file that was sent again because a person asked; 0: none of late. */
  readonly lastResent: number;
}

function previewOf({ read, now }: PageContext, asked: Asked): Promise<Seen | undefined> {
  const { target } = asked;
  return read(async ({ destinations }) => {
    const preview = await destinations.preview(target, requestOf(asked), now);
    if (preview === undefined) return undefined;
    const query = { destination: target.name, before: Number.MAX_SAFE_INTEGER, limit: 200 };
    const latest = (await destinations.dispatches(query)) ?? [];
    return { ...preview, lastResent: latest.find(({ cause }) => cause === 'replay')?.id ?? 0 };
  });
}

/** Differs when what would be sent, or what is there already, does. */
function stampOf({
  files,
  facilities,
  records,
  days,
  acknowledgedRecords,
  underwayRecords,
  lastResent,
}: Seen): string {
  return [files, facilities, records, days, acknowledgedRecords, underwayRecords, lastResent].join('.');
}

function thereAlready({ acknowledgedRecords, underwayRecords }: ReplayPreview): number {
  return acknowledgedRecords + underwayRecords;
}

function previewBody(
  context: PageContext,
  asked: Asked,
  seen: Seen,
  reason: string,
  fault: string | undefined,
): Html {
  const { language, to } = context;
  const say = teller(portalDestinations, language);
  const { target, title: name, from, to: last, facility, onlyMissing } = asked;
  const visits = counted(seen.records, 'visit', language);
  const there = thereAlready(seen);
  const lacking = seen.records - there;
  const address = (what: string): string => {
    const query = new URLSearchParams({ destination: target.name, du: dayToIso(from), au: dayToIso(last) });
    if (facility !== '') query.set('etablissement', facility);
    if (what !== '') query.set('quoi', what);
    return to(`/renvoi?${query.toString()}`);
  };
  const figures = factList([
    [say('destination'), name],
    [say('days'), `${rangeWords(from, last, language)} (${counted(seen.days, 'day', language)})`],
    [say('facilities'), count(seen.facilities, language)],
    [say('previewFiles'), count(seen.files, language)],
    [say('visits'), count(seen.records, language)],
    [say('already'), count(seen.acknowledgedRecords, language)],
    [say('underway'), count(seen.underwayRecords, language)],
    [say('neverAcknowledged'), html`<span class="strong">${count(lacking, language)}</span>`],
  ]);
  const head = pageHead({
    kicker: html`<a href="${to('/destinations')}">${say('title')}</a>`,
    sentence: seen.files === 0 ? say('previewNothing') : say('previewSentence', { visits, name }),
    lede: say('previewLede'),
  });
  const back = html`<a class="btn" href="${to('/destinations')}">${say('cancel')}</a>`;
  if (seen.files === 0) return html`${head}<div class="ask">${figures}<div class="acts">${back}</div></div>`;
  return html`${head}<form class="ask" method="post" action="${to('/renvoi')}">${formToken(context.viewer)}${hidden(
    {
      ...{ destination: target.name, du: dayToIso(from), au: dayToIso(last), etablissement: facility },
      ...{ quoi: onlyMissing ? 'manque' : '', vu: stampOf(seen) },
    },
  )}${fault === undefined ? nothing : html`<p class="note" id="r-fault" role="alert">${fault}</p>`}${figures}<div><label for="r-m">${say('reason')} <span class="hint">${say('reasonHint')}</span></label><textarea class="field" id="r-m" name="motif" required maxlength="${longestReason}" autofocus${
    fault === undefined ? nothing : html` aria-describedby="r-fault"`
  }>${reason}</textarea></div>${
    there === 0
      ? nothing
      : html`<div><label><input type="checkbox" name="doublon" value="oui" /> ${say('doubles', { visits: counted(there, 'visit', language), name })}</label></div>`
  }<div class="acts"><button class="btn main">${onlyMissing ? say('sendMissing', { visits }) : say('sendAll', { visits })}</button>${
    !onlyMissing && lacking > 0 && there > 0
      ? html`<a class="btn" href="${address('manque')}">${say('missingOnly')}</a>`
      : nothing
  }${back}</div></form>`;
}

function hidden(fields: Readonly<Record<string, string>>): Html {
  return html`${Object.entries(fields).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`)}`;
}
