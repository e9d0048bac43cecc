import { hash } from 'node:crypto';
import { join } from 'node:path';
import type { CommandAnswer, CommandContext } from '../../../receiver/commands/command.ts';
import { parseConfig, type ReceiverConfig } from '../../../receiver/config.ts';
import type { Destination, DeliveryReport, OutgoingFile } from '../../../receiver/forward/destination.ts';
import { createForwarder, type Forwarder } from '../../../receiver/forward/delivery/forwarder.ts';
import type { DeliveryChange, DispatchRow } from '../../../receiver/store/dispatch-table.ts';
import type { Language } from '../../../shared/i18n/texts.ts';
import { dayFromIso, type Day } from '../../../shared/runtime/paris-time.ts';
import { systemRandom } from '../../../shared/runtime/random.ts';
import { createLab, facility, quiet, type Lab } from '../receiver/lab.ts';

/** An operator before a region with destinations, its keys and its store real, its clock his own. */
export interface ControlRoom {
  readonly lab: Lab;
  config: ReceiverConfig;
  /** Destinations as the settings file would have them, in flow style. */
  configure(...destinations: readonly Settings[]): void;
  ask<Options>(
    command: (context: CommandContext, options: Options) => Promise<CommandAnswer>,
    options: Options,
    language?: Language,
  ): Promise<Asked>;
  /** Composed for a destination, one a name, and moved on as asked. */
  compose(destination: string, names: readonly string[], change?: Composed): Promise<readonly number[]>;
  row(destination: string, name: string): Promise<DispatchRow>;
  folder(name: string): string;
  /** Nothing waits any more, whatever a test left. */
  clear(): Promise<void>;
  close(): Promise<void>;
}

export interface Asked {
  readonly code: number;
  readonly text: string;
  // What a program reads; the tests say what they expect of it.
  readonly document: Readonly<Record<string, unknown>>;
}

export type Settings = Readonly<Record<string, unknown>> & { readonly name: string };

export interface Composed {
  readonly from?: string;
  readonly to?: string;
  readonly state?: DispatchRow['state'];
  readonly sentAt?: number;
  readonly code?: string;
  readonly attempts?: number;
}

/** Noon in Paris. */
export const noon = Date.UTC(2026, 0, 21, 11);
export const hourMs = 3_600_000;
export const agentId = '01980000-0000-7000-8000-0000000000aa';
const exportId = '01980000-0000-7000-8000-0000000000bb';

export function day(iso: string): Day {
  const found = dayFromIso(iso);
  if (found === undefined) throw new Error(`no day ${iso}`);
  return found;
}

export async function openControlRoom(): Promise<ControlRoom> {
  const lab = await createLab(noon);
  const folder = (name: string): string => join(lab.folder, name);
  const file = folder('receiver.yaml');
  let extract = noon;
  await lab.store.transaction(async (tx) => {
    await tx.agents.put({ id: agentId, name: 'A', status: 'active', facilities: [facility], createdAt: 1 });
    await tx.exports.put({
      ...{
        id: exportId,
        agent: agentId,
        facility,
        feed: 'ed-visits',
        part: '0',
        source: 's',
        receivedAt: noon,
      },
      ...{ reception: await tx.exports.nextReception(), slicesSeen: 1, manifest: null, digest: null },
      ...{ state: 'processed', extract: noon, outcome: '{}' },
    });
  });
  const room: ControlRoom = {
    lab,
    config: parseConfig(`state: ${lab.folder}\nregion: Essai`, file),
    configure: (...destinations) => {
      const settings = { state: lab.folder, region: 'Essai', destinations: destinations.map(completed) };
      room.config = parseConfig(JSON.stringify(settings), file);
    },
    ask: async (command, options, language = 'fr') => {
      const context = {
        config: room.config,
        language,
        clock: lab.clock,
        random: systemRandom,
        logger: quiet,
      };
      const { document, lines, exitCode } = await command(context, options);
      return {
        code: exitCode ?? 0,
        text: lines.join('\n'),
        document: JSON.parse(JSON.stringify(document)) as Record<string, unknown>,
      };
    },
    compose: (destination, names, change = {}) =>
      lab.store.transaction(async (tx) => {
        const ids: number[] = [];
        for (const name of names) {
          extract += 1000;
          const content = Buffer.from(name);
          const id = await tx.dispatches.put(
            {
              ...{ name, destination, facility, feed: 'ed-visits', records: 3, extract },
              ...{
                from: day(change.from ?? '2026-01-20'),
                to: day(change.to ?? change.from ?? '2026-01-20'),
              },
              ...{ digest: hash('sha256', content, 'hex'), composedAt: lab.clock.now(), export: exportId },
              ...{ cause: 'export', format: 'oscour-xml 2013' },
            },
            content,
          );
          if (change.state !== undefined) await tx.dispatches.setDelivery(id, ['waiting'], moved(change));
          ids.push(id);
        }
        return ids;
      }),
    row: async (destination, name) => {
      const row = await lab.store.read((tx) => tx.dispatches.named(destination, name));
      if (row === undefined) throw new Error(`no dispatch ${name}`);
      return row;
    },
    folder,
    clear: () =>
      lab.store.transaction(async (tx) => {
        for (const name of await tx.dispatches.awaited())
          for (const { id } of await tx.dispatches.due(name, 10_000))
            await tx.dispatches.setDelivery(
              id,
              ['waiting'],
              moved({ state: 'sent', sentAt: lab.clock.now() }),
            );
      }),
    close: () => lab.close(),
  };

  function moved({ state = 'waiting', sentAt, code, attempts = 1 }: Composed): DeliveryChange {
    const at = lab.clock.now();
    return {
      ...{ state, attempts, nextAttemptAt: at, changedAt: at, code: code ?? null },
      ...(sentAt === undefined ? {} : { sentAt }),
    };
  }

  /** What every destination needs, where a test does not care. */
  function completed(settings: Settings): Settings {
    return {
      ...{ feed: 'ed-visits', format: 'oscour-xml' },
      transport: { kind: 'directory', folder: folder(`out-${settings.name}`) },
      ...settings,
    };
  }

  return room;
}

export interface Delivering extends Forwarder {
  readonly sent: string[];
  /** What the agency does of the next batches; undefined: takes them. */
  answer: (files: readonly OutgoingFile[]) => Promise<DeliveryReport | undefined>;
}

/** The loop of one destination, its agency in the test's hands. */
export function deliveringTo({ lab }: ControlRoom, name: string): Delivering {
  const sent: string[] = [];
  const destination: Destination = {
    name,
    open: () => Promise.resolve(),
    close: () => Promise.resolve(),
    probe: () => Promise.resolve([]),
    deliver: async (files) => {
      const report = (await delivering.answer(files)) ?? { delivered: files.length, fault: undefined };
      sent.push(...files.slice(0, report.delivered).map((each) => each.name));
      return report;
    },
  };
  const forwarder = createForwarder({
    ...{ destination, store: lab.store, clock: lab.clock, logger: quiet, sign: lab.sign },
    random: { ...systemRandom, fraction: () => 0.5 },
    openParcels: () => Promise.resolve(undefined),
    retry: { firstMs: 1000, maxMs: 300_000, attempts: undefined },
    onReceipts: () => undefined,
  });
  const delivering: Delivering = { ...forwarder, sent, answer: () => Promise.resolve(undefined) };
  return delivering;
}

export const running = new AbortController().signal;
