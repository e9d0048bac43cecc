import { portalBatches } from '../../../shared/i18n/portal-batches.ts';
import type { DeliveryWord } from '../../../shared/i18n/portal-deliveries.ts';
import type { Language } from '../../../shared/i18n/texts.ts';
import type { DestinationConfig } from '../../config-destinations.ts';
import { createCalendar } from '../../forward/calendar/cron.ts';
import type { DispatchRow } from '../../store/dispatch-table.ts';
import { counted } from '../counted.ts';
import { deliveryBadge, worstState } from '../delivery-badge.ts';
import { html, type Html } from '../html.ts';
import type { BatchFacts } from '../reads/batch-reads.ts';
import { teller } from '../typeset.ts';
import { momentWords } from '../words.ts';
import { reasonWords } from './batch-words.ts';

/** What one destination has of a batch. */
export interface FanBlade {
  readonly destination: string;
  /** As people call it. */
  readonly title: string;
  readonly word: DeliveryWord;
  /** Its files; the latest of each run of days stands. */
  readonly files: readonly DispatchRow[];
  readonly nextAt: number | undefined;
}

/** Every destination that takes the facility's batches, in the order of the settings, then those no longer named there. */
export function fanOf(
  facts: BatchFacts,
  destinations: readonly DestinationConfig[],
  now: number,
): readonly FanBlade[] {
  const { row, dispatches } = facts;
  const taking = destinations.filter(
    ({ feed, facilities }) =>
      feed === row.feed && (facilities === undefined || facilities.includes(row.facility)),
  );
  const named = new Set(taking.map(({ name }) => name));
  const gone = [...new Set(dispatches.map(({ destination }) => destination))].filter(
    (name) => !named.has(name),
  );
  return [
    ...taking.map((settings): FanBlade => {
      const files = latestFiles(dispatches.filter(({ destination }) => destination === settings.name));
      const { name, owner, schedule } = settings;
      const nextAt = schedule.kind === 'calendar' ? createCalendar(schedule).next(now) : undefined;
      const word = wordOf(facts, files, settings);
      return { destination: name, title: owner ?? name, files, word, nextAt };
    }),
    ...gone.map((name): FanBlade => {
      const files = latestFiles(dispatches.filter(({ destination }) => destination === name));
      const word = worstState(files.map(({ state }) => state)) ?? 'idle';
      return { destination: name, title: name, files, word, nextAt: undefined };
    }),
  ];
}

/** A later file of the same days has taken the place of an earlier one. */
function latestFiles(files: readonly DispatchRow[]): readonly DispatchRow[] {
  return files.filter(
    (file) => !files.some((other) => other.id > file.id && other.from <= file.from && other.to >= file.to),
  );
}

function wordOf(
  { row, outcome }: BatchFacts,
  files: readonly DispatchRow[],
  settings: DestinationConfig,
): DeliveryWord {
  const state = worstState(files.map((file) => file.state));
  if (state === 'waiting' && settings.transport.kind === 'pull') return 'toFetch';
  if (state !== undefined) return state;
  // Held for its removals alone, the rest of it is applied.
  if ((row.state === 'held' && outcome?.hold !== 'removals') || row.state === 'waiting') return 'held';
  return settings.schedule.kind === 'calendar' ? 'scheduled' : 'idle';
}

export function fan(blades: readonly FanBlade[], facts: BatchFacts, now: number, language: Language): Html {
  return html`<div class="fan" role="group" aria-label="${portalBatches.fanLabel[language]}">${blades.map(
    (blade) =>
      html`<div><div class="sech"><h3>${blade.title}</h3><div class="right">${deliveryBadge(blade.word, language)}</div></div>${bladeLines(
        blade,
        facts,
        now,
        language,
      ).map((line) => html`<p>${line}</p>`)}</div>`,
  )}</div>`;
}

function bladeLines(
  { word, files, nextAt }: FanBlade,
  { inForce }: BatchFacts,
  now: number,
  language: Language,
): readonly string[] {
  const say = teller(portalBatches, language);
  const at = (instant: number): string => momentWords(instant, now, language);
  const worst = files.find(({ state }) => state === worstState(files.map((each) => each.state)));
  if (worst === undefined)
    return word === 'scheduled' && nextAt !== undefined
      ? [say('fanScheduled', { at: momentWords(nextAt, now, language) })]
      : word === 'held'
        ? [say('ledeNothingApplied')]
        : [say('fanIdle')];
  const visits = counted(
    files.reduce((sum, { records }) => sum + records, 0),
    'visit',
    language,
  );
  const reason = reasonWords(worst.code, say('fanNoReason'), language);
  const sent = worst.sentAt === null ? [] : [say('fanSent', { at: at(worst.sentAt), visits })];
  const said: Readonly<Record<typeof worst.state, string[]>> = {
    acknowledged: [
      ...sent,
      worst.reference === null
        ? say('fanAcknowledged', { at: at(worst.changedAt) })
        : say('fanReference', { at: at(worst.changedAt), reference: worst.reference }),
    ],
    sent,
    sending: [say('fanFiles', { files: counted(files.length, 'file', language), visits })],
    waiting: [
      word === 'toFetch'
        ? say('fanToFetch', { at: at(worst.composedAt) })
        : worst.attempts > 0 && worst.code !== null
          ? say('fanRetry', {
              ...{ at: at(worst.composedAt), reason },
              attempts: counted(worst.attempts, 'attempt', language),
            })
          : say('fanWaiting', { at: at(worst.composedAt) }),
    ],
    refused: [...sent, say('fanRefused', { at: at(worst.changedAt), reason })],
    dead: [say('fanDead', { at: at(worst.changedAt), reason })],
  };
  return [
    ...said[worst.state],
    ...(inForce ? [say('fanInForce', { name: worst.name })] : []),
    ...(files.length > 1
      ? [say('fanFiles', { files: counted(files.length, 'file', language), visits })]
      : []),
  ];
}
