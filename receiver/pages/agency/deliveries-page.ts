import { portalAgency } from '../../../shared/i18n/portal-agency.ts';
import type { DestinationConfig } from '../../config-destinations.ts';
import type { DispatchRow } from '../../store/dispatch-table.ts';
import { rangeWords } from '../batches/batch-words.ts';
import { counted } from '../counted.ts';
import { deliveryBadge } from '../delivery-badge.ts';
import type { PortalDeps } from '../deps.ts';
import { html, nothing, type Html } from '../html.ts';
import type { Page, PageContext } from '../page.ts';
import { emptyState, formToken, pageHead } from '../parts.ts';
import { teller } from '../typeset.ts';
import { count, momentWords } from '../words.ts';
import { answerWords, deliveryWord, ownDestinations } from './agency-words.ts';
import { mostAtOnce } from './bulk-pages.ts';
import { fingerprintOf } from './delivery-body.ts';
import type { Downloads } from './downloads.ts';
import { reservations } from './reservations.ts';

const pageSize = 50;

interface Delivered {
  readonly settings: DestinationConfig;
  readonly open: readonly DispatchRow[];
  readonly rows: readonly DispatchRow[];
  /** At the agency, not answered. */
  readonly unanswered: number;
  /** As each travels, of the rows shown; none before it was sealed. */
  readonly fingerprints: ReadonlyMap<number, string>;
}

/** What is ready for me, how complete? */
export function deliveriesPage({ config }: Pick<PortalDeps, 'config'>, downloads: Downloads): Page {
  return {
    path: '/agence',
    see: ['agency'],
    get: async (context) => {
      const { viewer, language, query, read } = context;
      await downloads.back(viewer.account);
      const say = teller(portalAgency, language);
      const own = ownDestinations(config, viewer);
      const before = /^\d{1,15}$/.test(query.get('avant') ?? '')
        ? Number(query.get('avant'))
        : Number.MAX_SAFE_INTEGER;
      const { delivered, names } = await read(async (reads) => {
        const delivered: Delivered[] = [];
        for (const settings of own) {
          const destination = settings.name;
          const top = { destination, before: Number.MAX_SAFE_INTEGER, limit: pageSize + 1 };
          const state = settings.transport.kind === 'pull' ? 'waiting' : 'sent';
          const open = (await reads.destinations.dispatches({ ...top, state })) ?? [];
          const rows =
            (await reads.destinations.dispatches({ destination, before, limit: pageSize + 1 })) ?? [];
          const taken = { ...top, limit: mostAtOnce, state: 'sent' } as const;
          const unanswered = ((await reads.destinations.dispatches(taken)) ?? []).length;
          const fingerprints = new Map<number, string>();
          for (const { id } of rows.slice(0, pageSize)) {
            const facts = await reads.destinations.dispatch(destination, id);
            const fingerprint = facts === undefined ? undefined : fingerprintOf({ settings, facts });
            if (fingerprint !== undefined) fingerprints.set(id, fingerprint);
          }
          delivered.push({ settings, open, rows, unanswered, fingerprints });
        }
        return { delivered, names: await reads.destinations.facilityNames() };
      });
      if (own.length === 0) {
        const body = html`${pageHead({ sentence: say('nobody') })}${emptyState(say('nobody'), say('nobodyText'))}`;
        return { kind: 'page', title: say('title'), body, nav: 'deliveries' };
      }
      const region = await context.region();
      const body = html`${head(context, config.region, delivered)}<section class="cols"><div class="stack">${delivered.map(
        (each) => deliveryTable(context, each, names),
      )}</div>${reservations(region, own, language)}</section>`;
      return { kind: 'page', title: say('title'), body, nav: 'deliveries' };
    },
  };
}

function head({ language }: PageContext, region: string, delivered: readonly Delivered[]): Html {
  const say = teller(portalAgency, language);
  const names = delivered.map(({ settings: { owner, name } }) => owner ?? name).join(', ');
  const fetched = delivered
    .filter(({ settings }) => settings.transport.kind === 'pull')
    .flatMap(({ open }) => open);
  const brought = delivered
    .filter(({ settings }) => settings.transport.kind !== 'pull')
    .flatMap(({ open }) => open);
  const files = counted(fetched.length, 'file', language);
  const more = delivered.some(({ open }) => open.length > pageSize);
  const sentence =
    fetched.length === 0
      ? brought.length === 0
        ? say('nothingReady')
        : say('toAnswer', { files: counted(brought.length, 'file', language) })
      : more
        ? say('readyMany', { files: `≥ ${files}` })
        : say('ready', {
            files,
            facilities: counted(new Set(fetched.map(({ facility }) => facility)).size, 'facility', language),
            visits: counted(
              fetched.reduce((sum, { records }) => sum + records, 0),
              'visit',
              language,
            ),
          });
  return pageHead({ kicker: say('kicker', { names, region }), sentence, lede: say('readyLede') });
}

function deliveryTable(
  context: PageContext,
  { settings, open, rows, unanswered, fingerprints }: Delivered,
  names: ReadonlyMap<string, string>,
): Html {
  const { language, now, to, query } = context;
  const say = teller(portalAgency, language);
  const caption = say('deliveries', { name: settings.owner ?? settings.name });
  if (rows.length === 0)
    return html`<div class="card pad"><h2>${caption}</h2><p class="small muted">${say('none')}</p></div>`;
  const shown = rows.slice(0, pageSize);
  const last = rows.length > pageSize ? shown.at(-1) : undefined;
  const acts = bulkActs(context, settings, open, unanswered);
  return html`<div>${acts}<div class="card scroll" tabindex="0" role="region" aria-label="${caption}"><table class="tab flow"><caption>${caption}</caption><thead><tr><th scope="col">${say('composed')}</th><th scope="col">${say('state')}</th><th scope="col">${say('facility')}</th><th scope="col">${say('days')}</th><th scope="col" class="num">${say('visits')}</th><th scope="col">${say('fingerprintShort')}</th><th scope="col">${say('taken')}</th><th scope="col">${say('answered')}</th></tr></thead><tbody>${shown.map(
    (row) =>
      html`<tr><th scope="row" class="nowrap"><a href="${to(`/agence/fichiers/${row.destination}/${row.id}`)}">${momentWords(row.composedAt, now, language)}</a></th><td>${deliveryBadge(deliveryWord(row, settings), language)}</td><td class="full">${names.get(row.facility) ?? row.facility}</td><td class="full">${rangeWords(row.from, row.to, language)}</td><td class="num full" data-l="${say('visits').toLowerCase()}">${count(row.records, language)}</td><td class="mono small hide">${fingerprintCell(fingerprints.get(row.id))}</td><td class="muted hide">${row.sentAt === null ? '—' : momentWords(row.sentAt, now, language)}</td><td class="muted hide">${answerWords(row, now, language)}</td></tr>`,
  )}</tbody></table></div><nav class="acts" aria-label="${caption}">${
    query.has('avant') ? html`<a class="btn" href="${to('/agence')}">${say('newest')}</a>` : nothing
  }${last === undefined ? nothing : html`<a class="btn" href="${to(`/agence?avant=${last.id}`)}">${say('older')}</a>`}</nav></div>`;
}

/** Enough of it to tell one file from another at a glance; the whole is on the file's page. */
function fingerprintCell(fingerprint: string | undefined): Html {
  return fingerprint === undefined
    ? html`—`
    : html`<abbr title="${fingerprint}">${fingerprint.slice(0, 12)}</abbr>`;
}

/** Several at once, where there are several. */
function bulkActs(
  { language, to, viewer }: PageContext,
  { name, transport }: DestinationConfig,
  open: readonly DispatchRow[],
  unanswered: number,
): Html {
  const say = teller(portalAgency, language);
  const ready = transport.kind === 'pull' ? open.length : 0;
  const files = (number: number, most: number): string =>
    `${number >= most ? '≥ ' : ''}${counted(number, 'file', language)}`;
  const download =
    ready < 2
      ? nothing
      : html`<form method="post" action="${to(`/agence/telecharger/${name}`)}">${formToken(viewer)}<button class="btn">${say('downloadAll', { files: files(ready, pageSize + 1) })}</button></form>`;
  const acknowledge =
    unanswered === 0
      ? nothing
      : html`<a class="btn" href="${to(`/agence/accuser/${name}`)}">${say('acknowledgeAll', { files: files(unanswered, mostAtOnce) })}</a>`;
  return ready < 2 && unanswered === 0
    ? nothing
    : html`<div class="acts under">${download}${acknowledge}</div>`;
}
