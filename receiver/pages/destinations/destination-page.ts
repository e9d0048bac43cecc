import { portalDestinations } from '../../../shared/i18n/portal-destinations.ts';
import { portalDeliveries } from '../../../shared/i18n/portal-deliveries.ts';
import type { Language } from '../../../shared/i18n/texts.ts';
import { dayOfInstant } from '../../../shared/runtime/paris-time.ts';
import type { DispatchQuery } from '../../store/listing-tables.ts';
import type { PortalDeps } from '../deps.ts';
import { feedWords } from '../charts/feed-words.ts';
import { counted } from '../counted.ts';
import { html, nothing, type Html, type HtmlPart } from '../html.ts';
import { missing, type Page, type PageContext } from '../page.ts';
import { facts as factList, pageHead } from '../parts.ts';
import type { DestinationStanding } from '../reads/destination-reads.ts';
import { colon, teller } from '../typeset.ts';
import { count, dayWords } from '../words.ts';
import { filesTable } from './destination-files.ts';
import { destinationsSeenBy } from './destination-list-page.ts';
import { tryForm } from './destination-table.ts';
import { faultWords, standingBadge, standingSentence, standingWord, titleOf } from './destination-words.ts';
import type { FilesKnown } from './files-known.ts';

const pageSize = 50;
const slugs: Readonly<Record<string, NonNullable<DispatchQuery['state']>>> = {
  'en-attente': 'waiting',
  remis: 'sent',
  accuse: 'acknowledged',
  refuse: 'refused',
  'mis-de-cote': 'dead',
};

/** One destination: how it fares, its files, and what may be done. */
export function destinationPage({ config }: Pick<PortalDeps, 'config'>, files: FilesKnown): Page {
  return {
    path: '/destinations/:name',
    see: destinationsSeenBy,
    get: async (context) => {
      const { language, now, query, params } = context;
      const name = params['name'] ?? '';
      const say = teller(portalDestinations, language);
      const today = dayOfInstant(now);
      const known = await files.known(now);
      const before = /^\d{1,15}$/.test(query.get('avant') ?? '')
        ? Number(query.get('avant'))
        : Number.MAX_SAFE_INTEGER;
      const slug = query.get('etat') ?? '';
      const state = Object.hasOwn(slugs, slug) ? slugs[slug] : undefined;
      const { standing, rows, names } = await context.read(async (reads) => ({
        standing: await reads.destinations.standing({ config, files: known, now, from: today, to: today }),
        rows: await reads.destinations.dispatches({ destination: name, state, before, limit: pageSize + 1 }),
        names: await reads.destinations.facilityNames(),
      }));
      const each = standing.destinations.find((one) => one.name === name);
      const removed = standing.removed.find((one) => one.name === name);
      if (rows === undefined || (each === undefined && removed === undefined)) return missing;
      const title = each === undefined ? name : titleOf(each);
      const sentence =
        each === undefined
          ? say('isRemoved', { name, files: counted(removed?.waiting ?? 0, 'file', language) })
          : standingSentence(each, now, language);
      const shown = rows.slice(0, pageSize);
      const last = rows.length > pageSize ? shown.at(-1) : undefined;
      const body = html`${pageHead({
        kicker: html`<a href="${context.to('/destinations')}">${say('title')}</a> <span aria-hidden="true">›</span> ${title} ${each === undefined ? standingBadge('removed', language) : standingBadge(standingWord(each), language)}`,
        sentence,
        aside: each === undefined ? nothing : actions(context, each),
      })}<section class="cols"><div class="stack">${stateLinks(context, name, slug)}${filesTable(context, say('files', { name: title }), shown, names)}${pager(context, name, slug, last?.id)}</div>${each === undefined ? nothing : settingsCard(each, language)}</section>`;
      return { kind: 'page', title, body, nav: 'destinations' };
    },
  };
}

function actions(context: PageContext, each: DestinationStanding): Html {
  const { viewer, language, to } = context;
  if (viewer.profile !== 'regional-operator') return nothing;
  const say = teller(portalDestinations, language);
  const at = `/destinations/${each.name}`;
  return html`<div class="acts">${standingWord(each) === 'down' ? tryForm(context, each.name) : nothing}<a class="btn" href="${to(`/renvoi?destination=${each.name}`)}">${say('resendTitle')}</a>${
    each.pausedBy === null
      ? html`<a class="btn" href="${to(`${at}/suspension`)}">${say('suspend')}</a>`
      : html`<a class="btn main" href="${to(`${at}/reprise`)}">${say('resume')}</a>`
  }</div>`;
}

function addressOf({ to }: PageContext, name: string, slug: string, before?: number): string {
  const query = new URLSearchParams();
  if (slug !== '') query.set('etat', slug);
  if (before !== undefined) query.set('avant', String(before));
  const text = query.toString();
  return to(`/destinations/${name}${text === '' ? '' : `?${text}`}`);
}

function stateLinks(context: PageContext, name: string, slug: string): Html {
  const say = teller(portalDestinations, context.language);
  const link = (value: string, text: string): Html =>
    html`<a href="${addressOf(context, name, value)}"${value === slug ? html` aria-current="true"` : nothing}>${text}</a>`;
  return html`<nav class="seg scroll" aria-label="${say('whichFiles')}">${link('', say('any'))}${Object.entries(
    slugs,
  ).map(([value, state]) => link(value, portalDeliveries[state][context.language]))}</nav>`;
}

function pager(context: PageContext, name: string, slug: string, before: number | undefined): Html {
  const say = teller(portalDestinations, context.language);
  return html`<nav class="acts" aria-label="${say('files', { name })}">${
    context.query.has('avant')
      ? html`<a class="btn" href="${addressOf(context, name, slug)}">${say('newest')}</a>`
      : nothing
  }${before === undefined ? nothing : html`<a class="btn" href="${addressOf(context, name, slug, before)}">${say('older')}</a>`}</nav>`;
}

function settingsCard(each: DestinationStanding, language: Language): Html {
  const say = teller(portalDestinations, language);
  const { key, counts } = each;
  const states = (['waiting', 'sending', 'sent', 'acknowledged', 'refused', 'dead'] as const)
    .filter((state) => counts[state] > 0)
    .map(
      (state) => `${portalDeliveries[state][language]}${colon(language)} ${count(counts[state], language)}`,
    );
  const rows: (readonly [HtmlPart, HtmlPart])[] = [
    [say('name'), html`<span class="mono">${each.name}</span>`],
    [say('owner'), each.owner ?? '—'],
    [say('feed'), feedWords(each.feed, language).name],
    [say('format'), each.format],
    [say('transport'), say(`transport_${each.transport}`)],
    [say('protection'), say(`protection_${each.protection}`)],
    [
      say('scope'),
      each.facilities === null ? say('allFacilities') : counted(each.facilities, 'facility', language),
    ],
    [say('counts'), states.length === 0 ? '0' : states.join(', ')],
  ];
  if (each.code !== null) rows.push([say('lastFault'), faultWords(each.code, each.name, language)]);
  if (each.pauseReason !== null) rows.push([say('pauseReason'), each.pauseReason]);
  if (key !== null) {
    rows.push([say('keyFingerprint'), html`<span class="mono">${key.fingerprint ?? '—'}</span>`]);
    rows.push([
      say('keyApprovals'),
      key.approvedBy.length === 0 ? say('nobodyYet') : key.approvedBy.join(', '),
    ]);
    if (key.expiresAt !== null)
      rows.push([say('keyExpires'), dayWords(dayOfInstant(Date.parse(key.expiresAt)), 'long', language)]);
    if (key.code !== null) rows.push([say('lastFault'), faultWords(key.code, each.name, language)]);
  }
  return html`<div class="card pad"><h2>${say('settings')}</h2>${factList(rows)}</div>`;
}
