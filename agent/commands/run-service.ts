import { systemClock } from '../../shared/runtime/clock.ts';
import { asFault, permanent } from '../../shared/runtime/errors.ts';
import { pause } from '../../shared/runtime/lifecycle.ts';
import type { Logger } from '../../shared/runtime/logger.ts';
import { systemRandom } from '../../shared/runtime/random.ts';
import { checkParts, createAgent, type Agent } from '../agent.ts';
import { isMappingFile, loadConfig, type AgentConfig } from '../config.ts';
import type { Identity } from '../enrolment/identity.ts';
import { createConfigWatch } from '../health/config-watch.ts';
import type { TrialHealth } from '../update/trial-health.ts';

export interface ServiceDeps {
  readonly config: AgentConfig;
  readonly configPath: string;
  readonly identity: Identity;
  readonly logger: Logger;
  readonly stopping: AbortSignal;
  readonly onDamaged: (fault: Error) => void;
  readonly health: TrialHealth;
  /** The agent runs: said once. */
  onStarted(): void;
}

const lookEveryMs = 2_000;
const dayMs = 86_400_000;

/**
 * The agent until it is stopped. A new configuration (SIGHUP, or a change of one of its files) is checked whole first; with
 * a fault, the old one stays in force. Else the parts stop and are built anew in this process: what was on its way is
 * resumed as after a restart, and the state's lock and the identity stay.
 */
export async function runService(deps: ServiceDeps): Promise<void> {
  const { configPath, logger, stopping } = deps;
  const startedAt = systemClock.now();
  let config = deps.config;
  const requests = createRequests();
  const watch = createConfigWatch({
    files: () => watchedFiles(configPath, config),
    everyMs: lookEveryMs,
    logger,
    onChanged: requests.ask,
  });

  const start = async (next: AgentConfig): Promise<Agent> => {
    const { identity, onDamaged } = deps;
    const clock = systemClock;
    const agent = await createAgent({
      ...{ config: next, identity, clock, random: systemRandom, logger, startedAt, onDamaged },
      onHeard: deps.health.heard,
    });
    try {
      await agent.start({ intake: true });
    } catch (error) {
      await agent.stop();
      throw error;
    }
    logger.level = next.logLevel;
    return agent;
  };

  /** Undefined: refused, and said why. */
  const readNext = async (agent: Agent): Promise<AgentConfig | undefined> => {
    await watch.settle();
    try {
      const next = await loadConfig(configPath);
      if (next.state !== config.state)
        throw permanent('config-state-changed', { facts: { state: config.state, found: next.state } });
      await checkParts(next, deps.identity);
      return next;
    } catch (error) {
      refuse(agent, error);
      return undefined;
    }
  };
  const refuse = (agent: Agent, error: unknown): void => {
    const { code, facts } = asFault(error);
    logger.error({ err: error, code, facts }, 'config-refused');
    agent.notes.put('config-refused', { at: systemClock.now(), code, facts });
  };

  const reload = async (agent: Agent): Promise<Agent> => {
    const next = await readNext(agent);
    if (next === undefined) return agent;
    await agent.stop();
    const renewed = await start(next).catch(async (error: unknown) => {
      const old = await start(config);
      refuse(old, error);
      return { old };
    });
    if ('old' in renewed) return renewed.old;
    config = next;
    await watch.adopt();
    renewed.notes.drop('config-refused');
    logger.info({ sources: next.sources.length }, 'config-reloaded');
    return renewed;
  };

  await watch.settle();
  let agent = await start(config);
  const unlisten = onHangUp(requests.ask);
  try {
    agent.notes.drop('config-refused');
    await deps.health.begin(agent.notes);
    agent.notes.put('last-run', { how: 'service', at: startedAt });
    await watch.start();
    deps.onStarted();
    while (await requests.next(stopping)) agent = await reload(agent);
  } finally {
    unlisten();
    await watch.stop();
    await agent.stop();
  }
}

/** Reloads asked for while one is under way are one more. */
function createRequests(): { readonly ask: () => void; next(stopping: AbortSignal): Promise<boolean> } {
  let asked = new AbortController();
  return {
    ask: () => asked.abort(),
    next: async (stopping) => {
      // A pause keeps the process alive whatever the loops are waiting for.
      while (!stopping.aborted && !asked.signal.aborted)
        await pause(dayMs, AbortSignal.any([stopping, asked.signal]));
      asked = new AbortController();
      return !stopping.aborted;
    },
  };
}

/** The configuration, its mappings, and the secrets that it names. */
function watchedFiles(configPath: string, { sources, proxy, notify }: AgentConfig): readonly string[] {
  const secrets = [proxy?.passwordFile, notify.email?.passwordFile];
  const ofSources = sources.flatMap(({ mappings, decrypt }) => [
    ...mappings.filter(isMappingFile),
    decrypt?.privateKeyFile,
    decrypt?.passphraseFile,
  ]);
  return [...new Set([configPath, ...secrets, ...ofSources].filter((path) => path !== undefined))];
}

/** Windows has the signal for a closed window only, which is to end the program. */
function onHangUp(reload: () => void): () => void {
  if (process.platform === 'win32') return () => undefined;
  process.on('SIGHUP', reload);
  return () => {
    process.off('SIGHUP', reload);
  };
}
