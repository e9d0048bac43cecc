import { dayOfInstant, type Day } from '../../shared/runtime/paris-time.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import type { ReceiverConfig } from '../config.ts';
import { isCritical } from '../alerts/condition.ts';
import { alertKinds, alertStates } from '../store/alert-tables.ts';
import type { DestinationRow } from '../store/destination-tables.ts';
import type { DeliveryState, DispatchRow } from '../store/dispatch-table.ts';
import { reportKinds } from '../store/report-tables.ts';
import type { Store, StoreTx } from '../store/store.ts';
import type { WatchState } from '../store/watch-tables.ts';
import { byLabel, printed, single, type Metric } from './exposition.ts';
import type { HostFacts } from './host-facts.ts';

export interface MetricsDeps {
  readonly store: Store;
  readonly clock: Pick<Clock, 'now'>;
  readonly config: Pick<ReceiverConfig, 'destinations'>;
  readonly host: HostFacts;
  readonly version: string;
}

const dayStates: readonly WatchState[] = [
  ...([
    'received',
    'late',
    'partial',
    'low',
    'silent',
    'held',
    'degraded',
    'closed',
    'not-connected',
  ] as const),
];
const mostAlerts = 1000;
const mostExtractions = 200;
const reportsLooked = 50;

/** Prometheus text. Every number comes from a counter row or an indexed look-up: nothing here counts rows of a large table. */
export async function printMetrics({ store, clock, config, host, version }: MetricsDeps): Promise<string> {
  const now = clock.now();
  const ofStore = await store.read(async (tx) => [
    ...(await ofInbox(tx, now)),
    ...(await ofFacilities(tx, now)),
    ...(await ofAlerts(tx)),
    ...(await ofDestinations(tx, config, now)),
    ...(await ofMaking(tx)),
  ]);
  const build = {
    name: 'vaguemestre_build_info',
    help: 'Its version',
    samples: [{ labels: { version }, value: 1 }],
  };
  return printed([build, ...ofStore, ...(await host.metrics(now))]);
}

async function ofInbox(tx: StoreTx, now: number): Promise<readonly Metric[]> {
  const [stored] = await tx.inbox.inState('stored', 1);
  const [complete] = await tx.exports.inState('complete', 1);
  const [lastExport] = await tx.exports.recent(1);
  const [lastDispatch] = await tx.dispatches.recent(1);
  const seconds = (row: { readonly receivedAt: number } | undefined): number =>
    row === undefined ? 0 : Math.max(0, (now - row.receivedAt) / 1000);
  return [
    byLabel('vaguemestre_envelopes', 'Envelopes of the inbox by state', 'state', await tx.inbox.counts()),
    single(
      'vaguemestre_inbox_oldest_seconds',
      'Age of the oldest envelope that waits to be opened',
      seconds(stored),
    ),
    byLabel('vaguemestre_exports', 'Exports by state', 'state', await tx.exports.counts()),
    single(
      'vaguemestre_exports_oldest_seconds',
      'Age of the oldest export that waits to be applied',
      seconds(complete),
    ),
    byLabel(
      'vaguemestre_dispatches',
      'Dispatches by state of delivery',
      'state',
      await tx.dispatches.counts(),
    ),
    single('vaguemestre_records', 'Records held', await tx.records.total()),
    single(
      'vaguemestre_last_export_timestamp_seconds',
      'When the latest export was received',
      (lastExport?.receivedAt ?? 0) / 1000,
    ),
    single(
      'vaguemestre_last_dispatch_timestamp_seconds',
      'When the latest dispatch was composed',
      (lastDispatch?.composedAt ?? 0) / 1000,
    ),
    single(
      'vaguemestre_last_watch_timestamp_seconds',
      'When the watching last ended an evaluation',
      ((await tx.watch.lastRun()) ?? 0) / 1000,
    ),
  ];
}

/** As the watching saw yesterday, the latest day that daily feeds are awaited of. */
async function ofFacilities(tx: StoreTx, now: number): Promise<readonly Metric[]> {
  const yesterday = (dayOfInstant(now) - 1) as Day;
  const counts = new Map<string, number>(dayStates.map((state) => [state, 0]));
  for (const { state } of await tx.watch.states(yesterday, yesterday))
    counts.set(state, (counts.get(state) ?? 0) + 1);
  const help = 'Feeds of facilities by the state of their latest day, yesterday';
  return [byLabel('vaguemestre_facility_feeds', help, 'state', counts)];
}

async function ofAlerts(tx: StoreTx): Promise<readonly Metric[]> {
  const open = await tx.alerts.open(mostAlerts);
  const samples = alertKinds.flatMap((kind) =>
    alertStates.map((state) => ({
      labels: { kind, state },
      value: open.filter((alert) => alert.kind === kind && alert.state === state).length,
    })),
  );
  return [
    { name: 'vaguemestre_alerts_open', help: 'Open alerts', samples },
    single(
      'vaguemestre_alerts_critical',
      'Open alerts that somebody is woken for',
      open.filter(isCritical).length,
    ),
    single(
      'vaguemestre_alerts_untaken',
      'Open alerts that nobody has taken on',
      open.filter(({ takenBy }) => takenBy === null).length,
    ),
  ];
}

interface FoundDestination {
  readonly name: string;
  readonly row: DestinationRow | undefined;
  /** The next one that waits. */
  readonly first: DispatchRow | undefined;
  readonly counts: Readonly<Record<DeliveryState, number>>;
}

const breakerValues = { closed: 0, 'half-open': 1, open: 2 } as const;

async function ofDestinations(
  tx: StoreTx,
  { destinations }: MetricsDeps['config'],
  now: number,
): Promise<readonly Metric[]> {
  const found: FoundDestination[] = [];
  for (const { name } of destinations) {
    const [first] = await tx.dispatches.due(name, 1);
    const row = await tx.destinations.get(name);
    found.push({ name, row, first, counts: await tx.dispatches.countsOf(name) });
  }
  const each = (name: string, help: string, valueOf: (one: FoundDestination) => number): Metric => ({
    ...{ name: `vaguemestre_destination_${name}`, help },
    samples: found.map((one) => ({ labels: { destination: one.name }, value: valueOf(one) })),
  });
  return [
    {
      name: 'vaguemestre_destination_dispatches',
      help: 'Dispatches of a destination by state of delivery',
      samples: found.flatMap(({ name, counts }) =>
        Object.entries(counts).map(([state, value]) => ({ labels: { destination: name, state }, value })),
      ),
    },
    each('oldest_seconds', 'Age of the oldest dispatch that waits', ({ first }) =>
      first === undefined ? 0 : Math.max(0, (now - first.composedAt) / 1000),
    ),
    each('breaker', '0: closed, all is well; 1: tried again; 2: open', ({ row }) =>
      row === undefined ? 0 : breakerValues[row.breaker],
    ),
    each('failures', 'Faults in a row', ({ row }) => row?.failures ?? 0),
    each('paused', '1: a person has paused it', ({ row }) => Number((row?.pausedBy ?? null) !== null)),
  ];
}

async function ofMaking(tx: StoreTx): Promise<readonly Metric[]> {
  const extractions = await tx.extractions.list(undefined, mostExtractions);
  const pending = (state: string): number => extractions.filter((row) => row.state === state).length;
  const reports = await tx.reports.stored.list({}, reportsLooked);
  let failedMails = 0;
  for (const { id } of reports)
    failedMails += (await tx.reports.mails.of(id)).filter(({ state }) => state === 'failed').length;
  const through = new Map<string, number>();
  for (const kind of reportKinds) {
    const at = await tx.reports.schedules.ranThrough(kind);
    if (at !== undefined) through.set(kind, at / 1000);
  }
  return [
    byLabel('vaguemestre_extractions', 'Extractions that are not over', 'state', {
      ...{ waiting: pending('waiting'), running: pending('running') },
    }),
    single(
      'vaguemestre_reports_without_pdf',
      `Of the latest ${reportsLooked} reports, those whose PDF could not be made`,
      reports.filter(({ pdf }) => pdf === 'failed').length,
    ),
    single(
      'vaguemestre_report_mails_failed',
      `Mails given up of the latest ${reportsLooked} reports`,
      failedMails,
    ),
    byLabel(
      'vaguemestre_reports_through_timestamp_seconds',
      'Through which due time reports were made',
      'kind',
      through,
    ),
  ];
}
