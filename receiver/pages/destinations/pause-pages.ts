import { portalDestinations } from '../../../shared/i18n/portal-destinations.ts';
import {
  dayFromIso,
  dayOfInstant,
  dayToIso,
  instantOf,
  type Day,
} from '../../../shared/runtime/paris-time.ts';
import { reaches } from '../../accounts/profile.ts';
import { resumeByHand, suspendByHand, tryByHand } from '../../forward/by-hand.ts';
import { counted } from '../counted.ts';
import type { PortalDeps } from '../deps.ts';
import { html, nothing, type Html, type HtmlPart } from '../html.ts';
import { missing, type Answer, type Page, type PageContext } from '../page.ts';
import { formToken, pageHead } from '../parts.ts';
import { teller } from '../typeset.ts';
import type { FilesKnown } from './files-known.ts';
import { titleOf } from './destination-words.ts';

const longestReason = 500;
const longestPauseDays = 92;
const may = ['regional-operator'] as const;

/** Suspend until a day, resume, try now: each on a page of its own, so that nobody does it by a slip. */
export function pausePages(deps: PortalDeps, files: FilesKnown): readonly Page[] {
  const { config } = deps;
  const found = async (context: PageContext) => {
    const { params, now, viewer } = context;
    const name = params['name'] ?? '';
    if (!reaches(viewer.destinations, name)) return undefined;
    const known = await files.known(now);
    const today = dayOfInstant(now);
    const standing = await context.read((reads) =>
      reads.destinations.standing({ config, files: known, now, from: today, to: today }),
    );
    return standing.destinations.find((each) => each.name === name);
  };

  const suspendForm = async (context: PageContext, entries: Entries = {}): Promise<Answer> => {
    const each = await found(context);
    if (each === undefined) return missing;
    const say = teller(portalDestinations, context.language);
    const name = titleOf(each);
    const today = dayOfInstant(context.now);
    const fields = html`<div><label for="p-u">${say('until')} <span class="hint">${say('untilHint')}</span></label><input class="field" type="date" id="p-u" name="fin" required min="${dayToIso(today)}" max="${dayToIso((today + longestPauseDays) as Day)}" value="${entries.until ?? ''}" /></div>${reasonField(context, entries.reason)}`;
    if (each.pausedBy !== null)
      return page(context, name, {
        sentence: say('alreadyPaused', { name, person: each.pausedBy }),
        body: html`<div class="acts"><a class="btn main" href="${context.to(`/destinations/${each.name}/reprise`)}">${say('resume')}</a></div>`,
      });
    return page(context, name, {
      ...{ sentence: say('suspendSentence', { name }), lede: say('suspendLede') },
      body: actForm(context, each.name, fields, say('suspendAct', { name }), entries.fault),
      ...(entries.fault === undefined ? {} : { status: 422 }),
    });
  };

  const resumeForm = async (context: PageContext, entries: Entries = {}): Promise<Answer> => {
    const each = await found(context);
    if (each === undefined) return missing;
    const say = teller(portalDestinations, context.language);
    const name = titleOf(each);
    const { waiting, sending } = each.counts;
    return page(context, name, {
      sentence: say('resumeSentence', { name }),
      lede: say('resumeLede', { files: counted(waiting + sending, 'file', context.language) }),
      body: actForm(
        context,
        each.name,
        reasonField(context, entries.reason),
        say('resumeAct', { name }),
        entries.fault,
      ),
      ...(entries.fault === undefined ? {} : { status: 422 }),
    });
  };

  return [
    {
      path: '/destinations/:name/suspension',
      see: may,
      get: suspendForm,
      act: {
        may,
        post: async (context) => {
          const each = await found(context);
          if (each === undefined) return missing;
          const say = teller(portalDestinations, context.language);
          const reason = context.form('motif').slice(0, longestReason);
          const entries = { reason, until: context.form('fin') };
          const until = dayFromIso(entries.until);
          const today = dayOfInstant(context.now);
          if (until === undefined || until < today || until > today + longestPauseDays)
            return suspendForm(context, { ...entries, fault: say('untilMissing') });
          if (reason === '') return suspendForm(context, { ...entries, fault: say('reasonMissing') });
          const untilAt = instantOf((until + 1) as Day, 0).at;
          await suspendByHand(deps, context.actor, { name: each.name, until, untilAt, reason });
          return done(deps, context, each.name);
        },
      },
    },
    {
      path: '/destinations/:name/reprise',
      see: may,
      get: resumeForm,
      act: {
        may,
        post: async (context) => {
          const each = await found(context);
          if (each === undefined) return missing;
          const reason = context.form('motif').slice(0, longestReason);
          const fault = teller(portalDestinations, context.language)('reasonMissing');
          if (reason === '') return resumeForm(context, { reason, fault });
          await resumeByHand(deps, context.actor, each.name, reason);
          return done(deps, context, each.name);
        },
      },
    },
    {
      path: '/destinations/:name/essai',
      see: may,
      act: {
        may,
        post: async (context) => {
          const each = await found(context);
          if (each === undefined) return missing;
          await tryByHand(deps, context.actor, each.name);
          return done(deps, context, each.name);
        },
      },
    },
  ];
}

interface Entries {
  readonly reason?: string;
  readonly until?: string;
  readonly fault?: string;
}

function done({ onChange }: PortalDeps, { to }: PageContext, name: string): Answer {
  onChange();
  return { kind: 'redirect', to: to(`/destinations/${name}`) };
}

function page(
  { language, to }: PageContext,
  name: string,
  parts: {
    readonly sentence: HtmlPart;
    readonly lede?: HtmlPart;
    readonly body: Html;
    readonly status?: number;
  },
): Answer {
  const { sentence, lede, body, status } = parts;
  const kicker = html`<a href="${to('/destinations')}">${portalDestinations.title[language]}</a> <span aria-hidden="true">›</span> ${name}`;
  return {
    ...{ kind: 'page', title: name, nav: 'destinations' },
    body: html`${pageHead({ kicker, sentence, ...(lede === undefined ? {} : { lede }) })}${body}`,
    ...(status === undefined ? {} : { status }),
  };
}

export function reasonField({ language }: PageContext, reason = ''): Html {
  const say = teller(portalDestinations, language);
  return html`<div><label for="p-m">${say('reason')} <span class="hint">${say('reasonHint')}</span></label><textarea class="field" id="p-m" name="motif" required maxlength="${longestReason}" autofocus>${reason}</textarea></div>`;
}

function actForm(
  { viewer, language, to, here }: PageContext,
  name: string,
  fields: Html,
  act: string,
  fault: string | undefined,
): Html {
  const say = teller(portalDestinations, language);
  return html`<form class="ask" method="post" action="${to(here.split('?')[0] ?? '')}">${formToken(viewer)}${
    fault === undefined ? nothing : html`<p class="note" role="alert">${fault}</p>`
  }${fields}<div class="acts"><button class="btn main">${act}</button><a class="btn" href="${to(`/destinations/${name}`)}">${say('cancel')}</a></div></form>`;
}
