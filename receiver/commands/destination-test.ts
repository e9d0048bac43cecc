import { describeFault } from '../../shared/i18n/errors.ts';
import { probeWords } from '../../shared/i18n/terminal-destinations.ts';
import { wordFor } from '../../shared/i18n/terminal-receiver-words.ts';
import type { Language } from '../../shared/i18n/texts.ts';
import { permanent } from '../../shared/runtime/errors.ts';
import type { DestinationConfig } from '../config-destinations.ts';
import type { ProbeStep } from '../forward/destination.ts';
import { testDestination } from '../forward/test-destination.ts';
import { withStore, type CommandAnswer, type CommandContext } from './command.ts';
import { settingsOfAll, tell } from './destination-words.ts';

/** The whole chain of each destination named, without data. Exit code 1 when a step of any fails. */
export async function testDestinations(
  { config, language }: CommandContext,
  { names, all }: { readonly names?: string | undefined; readonly all?: boolean | undefined },
): Promise<CommandAnswer> {
  if ((names === undefined) === (all !== true))
    throw permanent('command-invalid', { facts: { detail: 'NAME | --all' } });
  const wanted = names === undefined ? config.destinations : settingsOfAll(config, names);
  const tested: Tested[] = [];
  for (const settings of wanted) {
    const approvals = await withStore(config, (store) =>
      store.read((tx) => tx.destinations.approvals(settings.name)),
    );
    const signal = AbortSignal.timeout(patienceMs(settings));
    tested.push({ settings, steps: await testDestination(settings, { approvals, signal }) });
  }
  const failed = tested.some(({ steps }) => steps.some(({ fault }) => fault !== undefined));
  return {
    document: { destinations: tested.map((each) => documentOf(each, language)) },
    lines: tested.length === 0 ? [tell(language, 'none')] : tested.flatMap((each) => linesOf(each, language)),
    exitCode: failed ? 1 : 0,
  };
}

interface Tested {
  readonly settings: DestinationConfig;
  readonly steps: readonly ProbeStep[];
}

/** A step waits as long as a delivery would; the chain, for a few such waits. */
function patienceMs({ transport }: DestinationConfig): number {
  const seconds = 'timeoutSeconds' in transport ? transport.timeoutSeconds : 30;
  return Math.min(4 * seconds, 3600) * 1000;
}

function documentOf({ settings, steps }: Tested, language: Language) {
  return {
    name: settings.name,
    good: steps.every(({ fault }) => fault === undefined),
    steps: steps.map(({ step, fault, found }) => ({
      ...{ step, found: found ?? null },
      error: fault === undefined ? null : describeFault(fault, language),
    })),
  };
}

function linesOf({ settings, steps }: Tested, language: Language): readonly string[] {
  const { name, transport } = settings;
  const head = tell(language, 'testHead', { name, transport: transport.kind });
  if (steps.length === 0) return [head, tell(language, 'testNothing')];
  const lines = steps.map(({ step: code, fault, found }) => {
    const step = wordFor(probeWords, code, language);
    if (fault !== undefined) return tell(language, 'testFailed', { step, ...describeFault(fault, language) });
    return tell(language, 'testPassed', { step, found: found === undefined ? '' : ` (${found})` });
  });
  const good = steps.every(({ fault }) => fault === undefined);
  return [head, ...lines, ...(good ? [tell(language, 'testWell')] : [])];
}
