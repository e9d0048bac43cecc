import type { Store } from '../store/store.ts';

/** Prometheus text. Every number comes from a counter row or an indexed look-up: nothing here counts rows. */
export async function printMetrics(store: Store): Promise<string> {
  const found = await store.read(async (tx) => ({
    envelopes: await tx.inbox.counts(),
    exports: await tx.exports.counts(),
    dispatches: await tx.dispatches.counts(),
    records: await tx.records.total(),
    lastExport: (await tx.exports.recent(1))[0],
    lastDispatch: (await tx.dispatches.recent(1))[0],
    lastWatch: await tx.watch.lastRun(),
  }));
  const lines = [
    ...byState('vaguemestre_envelopes', 'Envelopes of the inbox by state', found.envelopes),
    ...byState('vaguemestre_exports', 'Exports by state', found.exports),
    ...byState('vaguemestre_dispatches', 'Dispatches by state of delivery', found.dispatches),
    ...single('vaguemestre_records', 'Records held', found.records),
    ...single(
      'vaguemestre_last_export_timestamp_seconds',
      'When the latest export was received',
      (found.lastExport?.receivedAt ?? 0) / 1000,
    ),
    ...single(
      'vaguemestre_last_dispatch_timestamp_seconds',
      'When the latest dispatch was composed',
      (found.lastDispatch?.composedAt ?? 0) / 1000,
    ),
    ...single(
      'vaguemestre_last_watch_timestamp_seconds',
      'When the watching last ended an evaluation',
      (found.lastWatch ?? 0) / 1000,
    ),
  ];
  return `${lines.join('\n')}\n`;
}

function byState(name: string, help: string, counts: Readonly<Record<string, number>>): readonly string[] {
  const values = Object.entries(counts).map(([state, count]) => `${name}{state="${state}"} ${count}`);
  return [`# HELP ${name} ${help}`, `# TYPE ${name} gauge`, ...values];
}

function single(name: string, help: string, value: number): readonly string[] {
  return [`# HELP ${name} ${help}`, `# TYPE ${name} gauge`, `${name} ${value}`];
}
