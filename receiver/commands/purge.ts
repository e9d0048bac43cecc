import { shownInstant } from '../../shared/i18n/shown.ts';
import { terminalRetention } from '../../shared/i18n/terminal-retention.ts';
import { fill, type Facts, type Language } from '../../shared/i18n/texts.ts';
import { permanent } from '../../shared/runtime/errors.ts';
import { dayToIso } from '../../shared/runtime/paris-time.ts';
import { retentionClasses, termOf, type RetentionClass } from '../config-retention.ts';
import { deletionRecord, type DeletionRecord } from '../retention/deletion-record.ts';
import { loadRegion } from '../pki/region-keys.ts';
import { previewPurge, purge, purgedClasses } from '../retention/purge.ts';
import { rewriteIfWanted } from '../retention/rewrite.ts';
import { commandActor } from './command-actor.ts';
import {
  receiptSigner,
  requireRegion,
  withStore,
  type CommandAnswer,
  type CommandContext,
} from './command.ts';
import { countOption, shownDay } from './destination-words.ts';

export interface PurgeOptions {
  readonly class?: string | undefined;
  readonly dryRun?: boolean | undefined;
}

/** Deletes what is past its time, now, as the serving receiver does by night. */
export async function purgeNow(
  { config, clock, random, language }: CommandContext,
  options: PurgeOptions,
): Promise<CommandAnswer> {
  const { retention: settings } = config;
  const classes = options.class === undefined ? purgedClasses(settings) : [classNamed(options.class)];
  const state = await requireRegion(config);
  const region = await loadRegion(state.keys, clock);
  const root = region.rootDigest;
  if (options.dryRun === true) {
    const due = await withStore(config, (store) => previewPurge({ store, settings, clock, root }, classes));
    return {
      document: {
        dryRun: true,
        due: due.map(({ class: name, cutoff, count }) => ({
          class: name,
          before: dayToIso(cutoff.day),
          count,
        })),
      },
      lines: [
        ...due.map(({ class: name, cutoff, count }) => {
          const { setting, count: term } = termOf(settings, name);
          const facts = { count, setting, term, day: shownDay(cutoff.day, language) };
          return tellRetention(language, 'purgeDue', { class: className(language, name), ...facts });
        }),
        tellRetention(language, 'purgePreview'),
      ],
    };
  }
  const sign = await receiptSigner(config, clock);
  const begunAt = clock.now();
  const done = await withStore(config, async (store) => {
    const purged = await purge(
      { store, settings, clock, random, sign, root },
      { classes, actor: commandActor() },
    );
    await rewriteIfWanted(store);
    return purged;
  });
  return {
    document: {
      purged: done.map(({ class: name, cutoff, record, earlier }) => ({
        ...{ class: name, before: dayToIso(cutoff.day) },
        ...{ record: record ?? null, earlier: earlier ?? null },
      })),
    },
    lines: done.flatMap(({ class: name, cutoff, record, earlier }) => {
      const facts = { class: className(language, name), day: shownDay(cutoff.day, language) };
      const before = earlier === undefined ? [] : [interrupted(earlier, language)];
      if (record === undefined) return [...before, tellRetention(language, 'purgedNone', facts)];
      const count = Object.values(record.counts)[0] ?? 0;
      return [
        ...before,
        tellRetention(language, 'purged', { ...facts, count, seq: record.seq }),
        // The same deletion, taken up where it had stopped.
        ...(record.startedAt < Math.trunc(begunAt) ? [interrupted(record, language)] : []),
      ];
    }),
  };
}

/** A purge that was stopped before its end: since when, and the record that tells all of it. */
function interrupted({ class: name, startedAt, seq }: DeletionRecord, language: Language): string {
  const facts = { class: className(language, name), at: shownInstant(startedAt, language), seq };
  return tellRetention(language, 'purgeResumed', facts);
}

/** What was deleted, as the region signed it; the latest last. */
export async function listDeletions(
  { config, language }: CommandContext,
  { after }: { readonly after?: string | undefined },
): Promise<CommandAnswer> {
  const from = after === undefined ? 0 : countOption(after, '--after', Number.MAX_SAFE_INTEGER);
  const rows = await withStore(config, (store) =>
    store.read((tx) => tx.retention.deletions(from, mostListed)),
  );
  const records = rows.map(({ text, proof }) => ({
    text,
    proof,
    said: deletionRecord.parse(JSON.parse(text)),
  }));
  return {
    document: { deletions: records.map(({ text, proof, said }) => ({ ...said, text, proof })) },
    lines:
      records.length === 0
        ? [tellRetention(language, 'deletionNone')]
        : records.map(({ said: { seq, endedAt, class: name, counts, rule, person } }) =>
            tellRetention(language, 'deletionLine', {
              ...{ seq, rule, person, at: shownInstant(endedAt, language), class: className(language, name) },
              counts: Object.entries(counts)
                .map(([what, count]) => `${what} ${count}`)
                .join(', '),
            }),
          ),
  };
}

const mostListed = 1000;

export function tellRetention(
  language: Language,
  name: keyof typeof terminalRetention,
  facts: Facts = {},
): string {
  return fill(terminalRetention[name][language], facts);
}

function className(language: Language, name: string): string {
  const text = `class-${name}`;
  const known = Object.entries(terminalRetention).find(([key]) => key === text);
  return known === undefined ? name : known[1][language];
}

function classNamed(text: string): RetentionClass {
  const found = retentionClasses.find((name) => name === text);
  if (found !== undefined) return found;
  throw permanent('retention-class-unknown', { facts: { class: text, known: retentionClasses.join(', ') } });
}
