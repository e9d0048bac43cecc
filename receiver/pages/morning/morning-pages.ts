import { portalMorning } from '../../../shared/i18n/portal-morning.ts';
import type { Profile } from '../../accounts/profile.ts';
import { createWatchRules } from '../../monitor/settings.ts';
import { restoredNote } from '../administration/restored-note.ts';
import type { PortalDeps } from '../deps.ts';
import { glyph } from '../glyphs.ts';
import { html, nothing, type Html } from '../html.ts';
import type { Answer, Page, PageContext } from '../page.ts';
import { emptyState } from '../parts.ts';
import type { RegionSeen } from '../reads/region-seen.ts';
import { teller } from '../typeset.ts';
import { momentWords } from '../words.ts';
import { destinationCards } from './destination-cards.ts';
import { readFilter } from './grid-filter.ts';
import { facilityGrid } from './grid.ts';
import { headline } from './headline.ts';
import { regionThread } from './region-thread.ts';
import { isDaily, tallyOf } from './tally.ts';
import { todoList } from './todo.ts';

/** Where each profile's day begins; the others see the region's morning. */
const ownDoors: Partial<Readonly<Record<Profile, string>>> = {
  'hospital-admin': '/mon-etablissement',
  agency: '/agence',
  'health-professional': '/analyser',
};

/** The watching loop looks every minute. */
const staleMs = 5 * 60_000;

export function createMorningPages({ config }: Pick<PortalDeps, 'config'>): readonly Page[] {
  const { kinds } = createWatchRules(config.watching).of('');
  return [
    {
      path: '/',
      see: 'signed-in',
      get: async (context): Promise<Answer> => {
        const { viewer, language, now, query, to } = context;
        const door = ownDoors[viewer.profile];
        if (door !== undefined) return { kind: 'redirect', to: to(door) };
        const tell = teller(portalMorning, language);
        const page = { kind: 'page', title: tell('title'), nav: 'today', live: true } as const;
        const wanted = query.get('jours') === '90' ? 90 : undefined;
        const seen = await context.region(wanted);
        const restored = await restoredNote(context);
        const filter = readFilter(query, seen.pairs.filter(isDaily));
        const tally = tallyOf(seen);
        if (tally.connected.size === 0) return { ...page, body: html`${restored}${nobody(context, seen)}` };
        const chain = regionThread(seen, tally, now, language);
        const body = html`${watchingBand(seen, context)}${restored}<div id="entete" data-live="entete">${headline(seen, tally, language)}</div><section class="card" id="chaine" data-live="chaine" aria-labelledby="h-chain"><h2 class="sr" id="h-chain">${tell('chain')}</h2>${chain}</section>${await todoList(context, seen, tally)}${facilityGrid(context, { seen, tally, filter, kinds })}${destinationCards(context, seen, tally)}`;
        return { ...page, body };
      },
    },
  ];
}

/** First of all, before any figure: that the figures are old. */
function watchingBand({ watchedAt }: RegionSeen, { now, language }: PageContext): Html {
  if (watchedAt !== null && now - watchedAt <= staleMs) return html`<div id="bande" data-live="bande"></div>`;
  const tell = teller(portalMorning, language);
  const text =
    watchedAt === null
      ? tell('neverWatched')
      : tell('watchedLongAgo', { at: momentWords(watchedAt, now, language) });
  return html`<div id="bande" data-live="bande"><div class="frozen"><div class="wrap">${glyph('t')}<span>${text}</span></div></div></div>`;
}

function nobody(context: PageContext, seen: RegionSeen): Html {
  const { language, to, viewer } = context;
  const tell = teller(portalMorning, language);
  const next =
    seen.pairs.length > 0
      ? html`<a class="btn" href="${to('/etablissements')}">${tell('nobodyNext')}</a>`
      : viewer.administrator
        ? html`<a class="btn main" href="${to('/administration')}">${tell('createCode')}</a>`
        : nothing;
  return html`${watchingBand(seen, context)}<h1>${tell('nobodyTitle')}</h1><div class="sec">${emptyState(tell('nobodyNextTitle'), tell('nobodyText'), next)}</div>`;
}
