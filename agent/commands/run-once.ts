import type { Language } from '../../shared/i18n/texts.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import { pause } from '../../shared/runtime/lifecycle.ts';
import type { Agent } from '../agent.ts';
import type { ExportRow } from '../outbox/rows.ts';
import { describeFile } from '../source/scan.ts';
import { documentOf, finalState, unreadableDocument, type ExportDocument } from './export-document.ts';

export interface OnceOptions {
  /** Each export goes its whole way before the next is read, in byte order of names, without waiting for files to settle. */
  readonly oneByOne: boolean;
  readonly timeoutSeconds: number;
  readonly language: Language;
  readonly clock: Clock;
}

export interface OnceResult {
  readonly documents: readonly ExportDocument[];
  /** Every export has reached a final state and every source could be read. */
  readonly complete: boolean;
}

/** Takes what is in the sources, sends it, and waits for its outcomes. */
export async function runOnce(agent: Agent, options: OnceOptions, signal: AbortSignal): Promise<OnceResult> {
  const deadline = options.clock.monotonic() + options.timeoutSeconds * 1000;
  const run = createRun(agent, options, deadline, signal);
  // What an earlier run left on its way is waited for as well.
  run.add(agent.exports.unsettled(100_000).map(({ id }) => id));
  if (options.oneByOne) await run.oneByOne();
  else await run.together();
  return run.result();
}

function createRun(agent: Agent, options: OnceOptions, deadline: number, signal: AbortSignal) {
  const ids = new Set<string>();
  /** As each was when it became final: what a later export or a decision changes is theirs to tell. */
  const final = new Map<string, ExportDocument>();
  const unreadable = new Map<string, ExportDocument>();
  const isOver = (): boolean => signal.aborted || options.clock.monotonic() >= deadline;

  const rowOf = (id: string): ExportRow | undefined => {
    let row = agent.exports.get(id);
    while (row?.state === 'superseded' && row.original !== null) row = agent.exports.get(row.original);
    return row;
  };
  const isFinal = (id: string): boolean => {
    if (final.has(id)) return true;
    const row = rowOf(id);
    if (row === undefined || finalState(row) === undefined) return false;
    final.set(id, documentOf(row, agent.exports, options.language));
    return true;
  };
  const note = (round: Awaited<ReturnType<Agent['intake']['round']>>): void => {
    for (const id of round.taken) ids.add(id);
    for (const { file, fault } of round.unreadable)
      unreadable.set(
        file.path.toString('latin1'),
        unreadableDocument(describeFile(file), fault.code, options.language),
      );
  };

  const settle = async (): Promise<void> => {
    const waiting = new Set([...ids].filter((id) => !isFinal(id)));
    while (waiting.size > 0 && !isOver()) {
      if (agent.files.rereads(1).length > 0) note(await agent.intake.round(signal, { all: false }));
      await agent.changed(Math.min(1000, Math.max(1, deadline - options.clock.monotonic())));
      for (const id of waiting) if (isFinal(id)) waiting.delete(id);
    }
  };

  return {
    add: (found: readonly string[]) => {
      for (const id of found) ids.add(id);
    },
    together: async () => {
      for (let first = true; !isOver(); first = false) {
        const round = await agent.intake.round(signal, { all: first });
        note(round);
        if (!round.unfinished) break;
        await pause(Math.min(round.againInMs, Math.max(0, deadline - options.clock.monotonic())), signal);
      }
      await settle();
    },
    oneByOne: async () => {
      await settle();
      for (const source of agent.sources) {
        const done = new Set<string>();
        for (;;) {
          const [file] = (await agent.intake.list(source)).filter(
            ({ path }) => !done.has(path.toString('latin1')),
          );
          if (file === undefined || isOver()) break;
          done.add(file.path.toString('latin1'));
          note(await agent.intake.takeOne(source, file, signal));
          await settle();
        }
      }
    },
    result: (): OnceResult => {
      const unfinished = [...ids].filter((id) => !isFinal(id));
      const rows = new Map([...ids].map((id) => [rowOf(id)?.id ?? id, { id, row: rowOf(id) }]));
      const documents = [...rows.values()].flatMap(({ id, row }) => {
        const document = final.get(id) ?? (row && documentOf(row, agent.exports, options.language));
        return document === undefined ? [] : [document];
      });
      const complete =
        unfinished.length === 0 && agent.sources.every(({ problem }) => problem !== 'source-unreachable');
      return { documents: [...documents, ...unreadable.values()], complete };
    },
  };
}
