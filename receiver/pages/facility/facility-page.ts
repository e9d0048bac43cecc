import { isFiness } from '../../../shared/feeds/facility.ts';
import { portalFacility } from '../../../shared/i18n/portal-facility.ts';
import { asFault } from '../../../shared/runtime/errors.ts';
import type { Logger } from '../../../shared/runtime/logger.ts';
import { dayOfInstant, type Day } from '../../../shared/runtime/paris-time.ts';
import type { ReceiverConfig } from '../../config.ts';
import type { WatchRules } from '../../monitor/settings.ts';
import { catchUpLink } from '../care/catch-up-link.ts';
import { carePanels } from '../care/care-panels.ts';
import { feedWords } from '../charts/feed-words.ts';
import { html, nothing, type Html } from '../html.ts';
import { missing, type Page, type PageContext } from '../page.ts';
import { pageHead } from '../parts.ts';
import { qualityPanels } from '../quality/quality-panels.ts';
import type { SeenAgent } from '../reads/facility-agents.ts';
import type { SeenExport } from '../reads/facility-exports.ts';
import type { JudgedFeed, Judging } from '../reads/facility-judgement.ts';
import type { SeenFacility } from '../reads/facility-reads.ts';
import { teller } from '../typeset.ts';
import { agentCard } from './agent-card.ts';
import { contentCard, type UsualShare } from './content-card.ts';
import { filesCard } from './files-card.ts';
import { filesTable } from './files-table.ts';
import { kicker } from './kicker.ts';
import { lede } from './lede.ts';
import { facilitySentence } from './sentence.ts';
import { readShares } from './usual-shares.ts';
import { periodOf, volumeSection } from './volume-section.ts';

export interface FacilityPageDeps {
  readonly config: Pick<ReceiverConfig, 'quality'>;
  readonly rules: WatchRules;
  readonly judging: Judging;
  readonly logger: Logger;
}

interface Known {
  readonly facility: SeenFacility;
  readonly agents: readonly SeenAgent[];
  readonly feeds: readonly { readonly judged: JudgedFeed; readonly exports: readonly SeenExport[] }[];
  readonly shares: readonly UsualShare[];
}

const shownExports = 8;
export const seenBy = ['regional-operator', 'hospital-admin', 'read-only', 'auditor'] as const;

/** Does this hospital transmit well? */
export function createFacilityPage(deps: FacilityPageDeps): Page {
  return {
    path: '/etablissements/:finess',
    see: seenBy,
    get: async (context) => {
      const finess = context.params['finess'] ?? '';
      const known = isFiness(finess) ? await readFacility(deps, context, finess) : undefined;
      if (known === undefined) return missing;
      const body = await facilityBody(deps, context, known);
      return { kind: 'page', title: known.facility.name, body, nav: 'facilities', live: true };
    },
  };
}

async function readFacility(
  { judging }: FacilityPageDeps,
  { read, now, query, language }: PageContext,
  finess: string,
): Promise<Known | undefined> {
  const today = dayOfInstant(now);
  const days = periodOf(query.get('jours'));
  return read(async ({ facilities, quality }) => {
    const facility = await facilities.named(finess);
    if (facility === undefined) return undefined;
    const judged = await facilities.judged(finess, judging, { from: (today - days) as Day, to: today, now });
    const feeds = [];
    for (const each of judged)
      feeds.push({ judged: each, exports: await facilities.exports(finess, each.feed, now, shownExports) });
    return {
      ...{ facility, feeds, agents: await facilities.agents(finess, now) },
      shares: await readShares(quality, finess, judged[0], language),
    };
  });
}

async function facilityBody(deps: FacilityPageDeps, context: PageContext, known: Known): Promise<Html> {
  const { facility, agents, feeds } = known;
  const { language, now, viewer, to } = context;
  const say = teller(portalFacility, language);
  const today = dayOfInstant(now);
  const path = to(`/etablissements/${facility.finess}`);
  const [main, ...others] = feeds;
  const told = facilitySentence({
    ...{ name: facility.name, agents, today, now, language },
    feed: main?.judged,
  });
  const care = await part(deps, context, () => carePanels(context, facility.finess), {
    ...{ contacts: nothing, notes: nothing, actions: nothing, banner: nothing },
  });
  const quality = await part(
    deps,
    context,
    () => qualityPanels(context, facility.finess, deps.config.quality),
    { table: nothing, improve: nothing },
  );
  const rules = deps.rules.of(facility.finess);
  const period = periodOf(context.query.get('jours'));
  return html`<div data-live="etablissement">${care.value.banner}${pageHead({
    kicker: kicker({ facility, viewer, language, to }),
    sentence: told.sentence,
    lede: lede({ told, exports: main?.exports ?? [], agents, feed: main?.judged, now, language }),
  })}${
    care.value.actions.toString() === '' ? nothing : html`<div class="acts under">${care.value.actions}</div>`
  }${catchUpLink(
    context,
    feeds.map(({ judged }) => judged.pair),
  )}<section class="cols three" aria-label="${say('cards')}">${agentCard(agents, now, language)}${
    main === undefined
      ? nothing
      : html`${filesCard({ feed: main.judged, rules, today, now, language })}${contentCard(main.judged, known.shares, language)}`
  }</section></div>${main === undefined ? nothing : volumeSection({ feed: main.judged, period, language, path, chooses: true })}${panels(
    [quality.failed ? failedBlock(context) : quality.value.table],
    [quality.value.improve, care.failed ? failedBlock(context) : care.value.contacts, care.value.notes],
    say('qualityAndCare'),
  )}${
    main === undefined
      ? nothing
      : html`<section class="sec" aria-label="${say('files')}">${filesTable({ exports: main.exports, feed: main.judged.feed, title: say('files'), language, to })}</section>`
  }${others.map(({ judged, exports }) => {
    const { name } = feedWords(judged.feed, language);
    const id = `flux-${judged.feed}`;
    return html`<section class="sec" aria-labelledby="${id}"><div class="sech"><h2 id="${id}">${name}</h2></div><div class="cols even">${filesCard({ feed: judged, rules, today, now, language })}</div>${volumeSection({ feed: judged, period, language, path, chooses: false })}<div class="sec">${filesTable({ exports, feed: judged.feed, title: say('filesOf', { feed: name.toLowerCase() }), language, to })}</div></section>`;
  })}`;
}

/** Two columns, or one when the other has nothing to say. */
function panels(left: readonly Html[], right: readonly Html[], label: string): Html {
  const shown = (blocks: readonly Html[]): readonly Html[] =>
    blocks.filter((block) => block.toString() !== '');
  const [first, second] = [shown(left), shown(right)];
  if (first.length === 0 && second.length === 0) return nothing;
  if (first.length === 0 || second.length === 0)
    return html`<section class="sec cols even" aria-label="${label}">${[...first, ...second]}</section>`;
  return html`<section class="sec cols" aria-label="${label}"><div class="stack">${first}</div><div class="stack">${second}</div></section>`;
}

/** A block that fails says so; the rest of the page is shown. */
async function part<T>(
  { logger }: FacilityPageDeps,
  { here }: PageContext,
  work: () => Promise<T>,
  otherwise: T,
): Promise<{ readonly value: T; readonly failed: boolean }> {
  try {
    return { value: await work(), failed: false };
  } catch (error) {
    logger.error({ err: asFault(error), here }, 'page-part-failed');
    return { value: otherwise, failed: true };
  }
}

function failedBlock({ language }: PageContext): Html {
  return html`<p class="note">${portalFacility.blockFailed[language]}</p>`;
}
