import { agentTexts } from '../../shared/i18n/terminal-agent.ts';
import { fill, type Language } from '../../shared/i18n/texts.ts';
import { systemClock } from '../../shared/runtime/clock.ts';
import { createLogger, type Logger } from '../../shared/runtime/logger.ts';
import { watchAskingParent } from '../../shared/runtime/parent-watch.ts';
import { systemRandom } from '../../shared/runtime/random.ts';
import { createAgent, type Agent } from '../agent.ts';
import { loadIdentity } from '../enrolment/identity.ts';
import { createTrialHealth, type TrialHealth } from '../update/trial-health.ts';
import { takeStateLock } from '../health/state-lock.ts';
import type { CommandContext } from './command.ts';
import { completeWithRegion } from './doctor-complete.ts';
import type { ExportDocument } from './export-document.ts';
import { runOnce } from './run-once.ts';
import { runService } from './run-service.ts';

export interface RunOptions {
  readonly once: boolean;
  readonly oneByOne: boolean;
  readonly timeoutSeconds: number;
}

export async function runCommand(context: CommandContext, options: RunOptions): Promise<number> {
  const { config } = context;
  const logger = createLogger({ name: 'agent', level: config.logLevel });
  const unlock = takeStateLock(config.state, systemClock);
  try {
    return await runLocked(context, options, logger);
  } finally {
    unlock();
  }
}

async function runLocked(context: CommandContext, options: RunOptions, logger: Logger): Promise<number> {
  const { config, configPath, language } = context;
  const identity = await loadIdentity(config.state);
  const damaged = new AbortController();
  const health = createTrialHealth({ env: process.env, clock: systemClock, logger });
  const onDamaged = (fault: Error): void => damaged.abort(fault);
  const stopping = AbortSignal.any([stopSignal(), damaged.signal]);
  try {
    await completeWithRegion({ config, identity, logger, stopping, once: options.once });
    if (options.once) {
      const agent = await createAgent({
        ...{ config, identity, clock: systemClock, random: systemRandom, logger, onDamaged },
        onHeard: health.heard,
      });
      return await onceLocked(agent, context, options, { stopping, health });
    }
    await runService({
      ...{ config, configPath, identity, logger, stopping, onDamaged, health },
      onStarted: () => {
        logger.info({ agent: identity.agent, sources: config.sources.length }, 'agent-started');
        if (!context.json) process.stderr.write(`${agentTexts.running[language]}\n`);
      },
    });
    return 0;
  } finally {
    logger.info('agent-stopped');
    damaged.signal.throwIfAborted();
  }
}

async function onceLocked(
  agent: Agent,
  { language, json, print }: CommandContext,
  options: RunOptions,
  { stopping, health }: { readonly stopping: AbortSignal; readonly health: TrialHealth },
): Promise<number> {
  try {
    await health.begin(agent.notes);
    await agent.start({ intake: false });
    const { documents, complete } = await runOnce(
      agent,
      { ...options, language, clock: systemClock },
      stopping,
    );
    agent.notes.put('last-run', { how: 'once', at: systemClock.now() });
    if (json) print(JSON.stringify({ exports: documents }));
    else for (const line of summary(documents, language)) print(line);
    return complete && !stopping.aborted ? 0 : 1;
  } finally {
    await agent.stop();
  }
}

function summary(documents: readonly ExportDocument[], language: Language): readonly string[] {
  const lines = documents.map((document) => {
    const key = `state-${document.state}`;
    const state = key in agentTexts ? agentTexts[key as keyof typeof agentTexts][language] : document.state;
    const why = document.error === null ? '' : `  ${document.error.code} → ${document.error.hint}`;
    return `${document.file}  ${state}  ${document.accepted}/${document.records}${why}`;
  });
  const records = documents.reduce((sum, { accepted }) => sum + accepted, 0);
  return [...lines, fill(agentTexts.onceSummary[language], { exports: documents.length, records })];
}

/** Fires on SIGTERM, SIGINT, or when a parent asked to be watched is gone. */
function stopSignal(): AbortSignal {
  const stopping = new AbortController();
  const stop = (): void => stopping.abort();
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  watchAskingParent(stop);
  return stopping.signal;
}
