import type { Fault } from '../../shared/runtime/errors.ts';
import type { AgentDatabase } from './database.ts';
import { exportSql, fileSql } from './queries.ts';
import type { MovedFile, SeenFile } from './rows.ts';

export interface SourceStatus {
  readonly source: string;
  readonly exports: number;
  readonly records: number;
  readonly lastExport: string | null;
  /** Error code of what keeps the source from being read; null = nothing. */
  readonly problem: string | null;
  /** JSON of its facts. */
  readonly problemFacts: string | null;
  readonly problemAt: number | null;
}

export interface RejectReport {
  readonly export: string;
  readonly source: string;
  readonly digest: string;
  readonly code: string;
  readonly line: number | null;
  readonly record: number | null;
  readonly at: number;
}

/** What the agent remembers of files and sources. */
export interface FileBook {
  seen(source: string, name: Buffer): Omit<SeenFile, 'source' | 'name'> | undefined;
  /** Files committed and still to be moved: what a stop between commit and move leaves. */
  movesDue(source: string, limit: number): readonly SeenFile[];
  /** They lie where they were moved to, or are no longer there: one transaction. */
  moved(files: readonly MovedFile[]): void;
  /** The file of an export lies elsewhere now. */
  relocate(exportId: string, target: Buffer): void;
  /** The file stays where it is. */
  keep(source: string, name: Buffer): void;
  status(source: string): SourceStatus | undefined;
  setProblem(source: string, fault: Pick<Fault, 'code' | 'facts'> | null, at: number): void;
  rejectReports(limit: number): readonly RejectReport[];
  reported(exports: readonly string[]): void;
  rereads(limit: number): readonly { readonly export: string; readonly resend: number }[];
  askReread(exportId: string, resend: boolean, at: number): void;
  dropReread(exportId: string): void;
}

export function createFileBook({ run, get, all, transaction }: AgentDatabase): FileBook {
  return {
    seen: (source, name) => get(fileSql.seen, source, name),
    movesDue: (source, limit) => all<SeenFile>(fileSql.moves, source, limit),
    moved: (files) => {
      if (files.length === 0) return;
      transaction(() => {
        for (const { source, name, export: id, target } of files) {
          if (target !== undefined) run(exportSql.moved, target, id);
          run(fileSql.forget, source, name);
        }
      });
    },
    relocate: (exportId, target) => {
      run(exportSql.moved, target, exportId);
    },
    keep: (source, name) => {
      run(fileSql.kept, source, name);
    },
    status: (source) => get<SourceStatus>(fileSql.status, source),
    setProblem: (source, fault, at) => {
      const known = get<SourceStatus>(fileSql.status, source);
      const [code, facts] = fault === null ? [null, null] : [fault.code, JSON.stringify(fault.facts)];
      if ((known?.problem ?? null) === code && (code === null || known?.problemFacts === facts)) return;
      run(fileSql.problem, source, code, facts, code === null ? null : at);
    },
    rejectReports: (limit) => all<RejectReport>(fileSql.reports, limit),
    reported: (exports) => {
      transaction(() => {
        for (const id of exports) run(fileSql.reported, id);
      });
    },
    rereads: (limit) => all<{ export: string; resend: number }>(fileSql.rereads, limit),
    askReread: (exportId, resend, at) => {
      run(fileSql.putReread, exportId, resend ? 1 : 0, at);
    },
    dropReread: (exportId) => {
      run(fileSql.dropReread, exportId);
    },
  };
}
