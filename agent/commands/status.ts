import { operationTexts as texts } from '../../shared/i18n/terminal-agent-operations.ts';
import { fill, type Language } from '../../shared/i18n/texts.ts';
import { systemClock } from '../../shared/runtime/clock.ts';
import { loadIdentity } from '../enrolment/identity.ts';
import { createDiskGuard } from '../health/disk-guard.ts';
import type { CommandContext, Options } from './command.ts';
import { withState } from './open-state.ts';
import { shownTime } from './operation-options.ts';
import { statusFacts, type StatusDocument, type StatusLevel, type Trouble } from './status-document.ts';
import { statusLines } from './status-lines.ts';
import { oneLine } from './status-unknown.ts';
import { troublesOf } from './status-troubles.ts';

const exitCodes = { well: 0, warning: 1, critical: 2 } as const;

/**
 * Per source its last export, what waits, the last receipt, and what is wrong with what to do about it. Exit 0 well, 1
 * warning, 2 critical. `brief`: one line (and where it cannot be told: status-unknown.ts).
 */
export async function statusCommand(context: CommandContext, options: Options): Promise<number> {
  const document = await describe(context);
  if (options['brief'] === true) context.print(briefLine(document, context.language));
  else if (context.json) context.print(JSON.stringify(document));
  else for (const line of statusLines(document, context)) context.print(line);
  return exitCodes[document.level];
}

async function describe({ config, language }: CommandContext): Promise<StatusDocument> {
  const identity = await loadIdentity(config.state);
  const guard = createDiskGuard({ folder: config.state, floorBytes: config.limits.freeDiskBytes });
  const disk = await guard.check();
  const asked = { config, identity, language, now: systemClock.now(), disk };
  return withState(config.state, async (open) => {
    const facts = statusFacts(asked, open);
    const troubles = await troublesOf(asked, facts, open);
    return { level: levelOf(troubles), ...facts, freeDiskBytes: await guard.freeBytes(), troubles };
  });
}

function levelOf(troubles: readonly Trouble[]): StatusLevel {
  if (troubles.some(({ level }) => level === 'critical')) return 'critical';
  return troubles.length === 0 ? 'well' : 'warning';
}

const words = { well: 'OK', warning: 'WARNING', critical: 'CRITICAL' } as const;

/** As monitoring plug-ins speak: a word, a reason, then figures after a bar. */
function briefLine(document: StatusDocument, language: Language): string {
  const { level, troubles, sources, backlog, quarantine, recent, lastReceiptAt } = document;
  const worst = troubles.find((one) => one.level === level) ?? troubles[0];
  const pending = backlog.reduce((sum, feed) => sum + feed.pending, 0);
  const others = troubles.length - 1;
  const reason =
    worst === undefined
      ? fill(texts.briefWell[language], {
          sources: sources.length,
          at: shownTime(lastReceiptAt === null ? null : Date.parse(lastReceiptAt), language),
        })
      : `${worst.where}: ${worst.code}: ${worst.message}${others > 0 ? ` (+${others})` : ''}`;
  const figures = `pending=${pending} quarantine=${quarantine} rejected=${recent.rejected} held=${recent.held}`;
  return `VAGUEMESTRE ${words[level]} - ${oneLine(reason)} | ${figures}`;
}
