import { operationTexts as texts } from '../../shared/i18n/terminal-agent-operations.ts';
import { fill } from '../../shared/i18n/texts.ts';
import { systemClock } from '../../shared/runtime/clock.ts';
import { permanent } from '../../shared/runtime/errors.ts';
import { systemRandom } from '../../shared/runtime/random.ts';
import { createMovementStore } from '../adt/movement-store.ts';
import { countRefused, previewRefused, retryRefused, type ReadAgain } from '../adt/refused-messages.ts';
import { loadMappings, pick } from '../agent.ts';
import { openOldVault } from '../assembly/vault.ts';
import type { AgentConfig, SourceConfig } from '../config.ts';
import type { CommandContext, Options } from './command.ts';
import { isConfirmed } from './confirm.ts';
import { operator, sourceOption } from './operation-options.ts';
import { withOperations, type OpenOperations } from './open-operations.ts';

/**
 * Has the refused messages of a source read with today's rules: after an update, or a change of the source's settings. The
 * running agent, or the next run, tells the region what came of them.
 */
export async function retryMessages(context: CommandContext, options: Options): Promise<number> {
  const { config, json, language, print } = context;
  const source = await messageSource(options, config);
  return withOperations(config.state, async (open) => {
    if (!countRefused(open.database).some((one) => one.source === source.name)) {
      print(json ? JSON.stringify({ done: false, ...none }) : texts.messagesNone[language]);
      return 0;
    }
    const vault = await openOldVault(config.state, systemRandom);
    const opened = { database: open.database, vault };
    const rules = { source: source.name, encoding: source.encoding };
    const found = previewRefused(opened, rules);
    if (!json) print(fill(texts.retryPreview[language], { source: source.name, ...found }));
    const isDone =
      found.taken > 0 &&
      (await isConfirmed(context, options, fill(texts.retryAsk[language], { taken: found.taken })));
    const store = createMovementStore({ ...opened, clock: systemClock });
    const onTaken = (taken: number): void => note(context, open, source.name, taken);
    const settled = isDone ? retryRefused({ ...opened, store, onTaken }, rules) : found;
    if (json) print(JSON.stringify({ done: isDone, ...settled }));
    else if (isDone) print(fill(texts.retryDone[language], { taken: settled.taken }));
    else if (found.taken > 0) print(texts.nothingDone[language]);
    return 0;
  });
}

const none: ReadAgain = { kept: 0, taken: 0, refused: 0, cut: 0, damaged: 0 };

/** Throws `source-unknown`, and `adt-settings-missing` where nothing would put together what is taken. */
async function messageSource(options: Options, config: AgentConfig): Promise<SourceConfig> {
  const name = sourceOption(options, config);
  const [source] = config.sources.filter((one) => one.name === name);
  const mappings = source && pick(await loadMappings({ ...config, sources: [source] }), source.mappings);
  if (source === undefined || mappings?.some(({ format }) => format === 'hl7v2') !== true)
    throw permanent('adt-settings-missing', {
      facts: { source: name ?? '', missing: 'mappings: [pam-fr]' },
    });
  return source;
}

/** In the transaction in which they are taken. */
function note(
  { terminal }: CommandContext,
  { operations }: OpenOperations,
  source: string,
  taken: number,
): void {
  operations.record({
    ...{ at: systemClock.now(), who: operator(terminal.env), action: 'retry' },
    ...{ what: source, exports: 0, records: taken },
  });
}
