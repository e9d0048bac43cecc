import { feedNamed } from '../../shared/feeds/registry.ts';
import type { Feed } from '../../shared/feeds/feed.ts';
import type { Slice } from '../../shared/protocol/slice.ts';
import { asFault, permanent, type Fault } from '../../shared/runtime/errors.ts';
import { openRecord, type Incoming } from '../apply/content.ts';
import type { AgentRow, EnvelopeRow } from '../store/store.ts';
import type { OpenSlice } from './open-envelope.ts';

/** An envelope as read outside any transaction: its records checked again, or the fault that refuses it. */
export type OpenedSlice =
  | {
      readonly kind: 'slice';
      readonly row: EnvelopeRow;
      readonly feed: Feed;
      readonly slice: Slice;
      readonly records: readonly Incoming[];
      /** Broken rules: the agent's own checks run again, so that no count rests on what the region was told. */
      readonly totals: Readonly<Record<string, number>>;
    }
  | {
      readonly kind: 'fault';
      readonly row: EnvelopeRow;
      readonly fault: Fault;
      readonly export: string | null;
    };

/** Never throws: what cannot be opened is an answer, so that one bad envelope does not stop the rest. */
export async function openStored(
  row: EnvelopeRow,
  content: Buffer | undefined,
  agent: AgentRow | undefined,
  open: OpenSlice,
  feeds: (name: string) => Feed | undefined = feedNamed,
): Promise<OpenedSlice> {
  let exportId: string | null = null;
  try {
    if (content === undefined) throw permanent('envelope-content-missing');
    const { header, slice } = await open(content);
    exportId = slice.head.export;
    const feed = feeds(header.feed);
    if (feed === undefined) throw permanent('feed-unknown', { facts: { feed: header.feed } });
    if (header.schema !== feed.version)
      throw permanent('schema-unknown', { facts: { feed: header.feed, found: header.schema } });
    const { facility } = slice.head;
    if (agent?.facilities.includes(facility) !== true)
      throw permanent('facility-not-allowed', { facts: { facility } });
    const totals: Record<string, number> = {};
    const records = slice.records.map((record) => {
      const { incoming, breaches } = openRecord(feed, record, facility);
      for (const { rule } of breaches) totals[rule] = (totals[rule] ?? 0) + 1;
      return incoming;
    });
    return { kind: 'slice', row, feed, slice, records, totals };
  } catch (error) {
    return { kind: 'fault', row, fault: asFault(error), export: exportId };
  }
}
