import { reaches } from '../../accounts/profile.ts';
import type { AuditCheck, AuditFilter, AuditLine } from '../../store/audit-tables.ts';
import type { StoreTx } from '../../store/store.ts';
import type { ViewReach } from './reach.ts';

/** The audit log, lines of facilities within the viewer's reach only. */
export interface JournalReads {
  /** The latest first, below `before`. */
  page(filter: AuditFilter, before: number, limit: number): Promise<JournalPage>;
  /** What can be filtered by; nothing for whoever does not see every line. */
  choices(): Promise<JournalChoices>;
  chain(): Promise<ChainState>;
  facilityNames(): Promise<ReadonlyMap<string, string>>;
}

export interface JournalPage {
  readonly lines: readonly AuditLine[];
  /** Where older lines begin; undefined when there are none. */
  readonly next: number | undefined;
}

export interface JournalChoices {
  readonly actors: readonly string[];
  readonly actions: readonly string[];
}

export interface ChainState {
  /** Number of the last line. */
  readonly lines: number;
  readonly check: AuditCheck | undefined;
  readonly signed: { readonly seq: number; readonly at: number } | undefined;
}

export function createJournalReads(tx: StoreTx, { facilities }: ViewReach): JournalReads {
  const visible = ({ facility }: AuditLine): boolean =>
    facilities === 'all' || (facility !== null && reaches(facilities, facility));
  return {
    page: async (filter, before, limit) => {
      const found = await tx.audit.find(filter, before, limit);
      const last = found.at(-1);
      return {
        lines: found.filter(visible),
        next: found.length === limit && last !== undefined && last.seq > 1 ? last.seq : undefined,
      };
    },
    choices: async () =>
      facilities === 'all'
        ? { actors: await tx.audit.actors(), actions: await tx.audit.actions() }
        : { actors: [], actions: [] },
    chain: async () => {
      const seal = await tx.audit.lastSeal();
      return {
        lines: (await tx.audit.head())?.seq ?? 0,
        check: await tx.audit.check(),
        signed: seal === undefined ? undefined : { seq: seal.seq, at: seal.at },
      };
    },
    facilityNames: async () => {
      const all = await tx.facilities.list();
      return new Map(
        all.filter(({ finess }) => reaches(facilities, finess)).map(({ finess, name }) => [finess, name]),
      );
    },
  };
}
