import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { scorecardText, type HeartbeatAnswer } from '../../shared/protocol/push.ts';
import { writeDurably } from '../../shared/runtime/durable-file.ts';
import { systemCode } from '../../shared/runtime/errors.ts';
import { makeFolder } from '../../shared/runtime/folder-owner.ts';
import type { Logger } from '../../shared/runtime/logger.ts';
import type { ReceiverClient } from '../push/receiver-client.ts';

export interface ScorecardFilesDeps {
  readonly client: Pick<ReceiverClient, 'scorecard'>;
  /** Whether the region signed this very text. */
  readonly covers: (text: string, proof: string) => Promise<boolean>;
  readonly folder: string;
  readonly logger: Logger;
}

/** Fetched at one heartbeat; the others wait for the next. */
const atOnce = 20;

/**
 * Leaves each week's scorecard where people look: `qualite-FINESS-WEEK.csv`, and the same to be read in `.fr.txt` and
 * `.en.txt`. The CSV comes last: a week whose CSV is there is done. Whatever fails is tried again at the next heartbeat.
 */
export function createScorecardFiles({ client, covers, folder, logger }: ScorecardFilesDeps) {
  return async (
    scorecards: NonNullable<HeartbeatAnswer['scorecards']>,
    signal: AbortSignal,
  ): Promise<void> => {
    let fetched = 0;
    for (const { facility, week } of scorecards) {
      // Names of files are made of them.
      if (!/^[0-9AB]{9}$/.test(facility)) continue;
      const path = (ending: string): string => join(folder, `qualite-${facility}-${week}.${ending}`);
      if (signal.aborted || fetched >= atOnce || (await exists(path('csv')))) continue;
      fetched += 1;
      const reply = await client.scorecard(facility, signal);
      if (reply.kind === 'failed') {
        logger.debug({ facility, code: reply.attempt.code }, 'scorecard-not-fetched');
        continue;
      }
      const { text, proof } = reply.body;
      const content = (await covers(text, proof)) ? readText(text) : undefined;
      if (content?.facility !== facility || content.week !== week) {
        logger.warn({ facility, week }, 'scorecard-not-signed');
        continue;
      }
      try {
        makeFolder(folder);
        await writeDurably(path('fr.txt'), content.fr, 0o644);
        await writeDurably(path('en.txt'), content.en, 0o644);
        await writeDurably(path('csv'), content.csv, 0o644);
        logger.info({ facility, week }, 'scorecard-written');
      } catch (error) {
        logger.warn({ facility, week, reason: systemCode(error) ?? '' }, 'scorecard-not-written');
      }
    }
  };
}

function readText(text: string) {
  try {
    return scorecardText.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
