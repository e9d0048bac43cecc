import { describeCode } from '../../shared/i18n/errors.ts';
import { checkNames, updateTexts as texts } from '../../shared/i18n/terminal-agent-update.ts';
import type { Language } from '../../shared/i18n/texts.ts';
import { databaseOf } from '../agent.ts';
import { migrations, worksFrom } from '../outbox/schema.ts';
import { copyMemory } from '../update/copy-memory.ts';
import { agentVersion } from '../version.ts';
import type { Surroundings } from './command.ts';
import { checksOf, configAtOrUndefined, type CheckResult } from './selftest-checks.ts';

/**
 * `selftest`: whether this program works here, tried on a copy of its memory. Nothing is sent, nothing is changed. Exit code 0:
 * every check is well, or has nothing to look at yet.
 */
export async function selftestCommand(
  { json, language, print }: Surroundings,
  { configPath, copy }: { readonly configPath: string; readonly copy: string | undefined },
): Promise<number> {
  const own = copy === undefined ? await copyMemory(await databaseAt(configPath)) : undefined;
  const results: CheckResult[] = [];
  try {
    for (const check of checksOf({ configPath, copy: copy ?? own?.copy })) {
      const result = await check();
      results.push(result);
      if (!json) for (const line of linesOf(result, language)) print(line);
    }
  } finally {
    await own?.drop();
  }
  if (json)
    print(JSON.stringify({ version: agentVersion, schema: migrations.length, worksFrom, checks: results }));
  return results.some(({ outcome }) => outcome === 'failed') ? 1 : 0;
}

/** Undefined: no state is known. */
async function databaseAt(configPath: string): Promise<string | undefined> {
  const config = await configAtOrUndefined(configPath).catch(() => undefined);
  return config && databaseOf(config.state);
}

function linesOf({ name, outcome, code, facts, detail }: CheckResult, language: Language): readonly string[] {
  const head = `${texts[outcome][language].padEnd(7)} ${checkNames[name][language]}${detail === undefined ? '' : `  ${detail}`}`;
  if (code === undefined) return [head];
  const { message, hint } = describeCode(code, language, facts ?? {});
  return [head, `        ${code}: ${message}`, `        → ${hint}`];
}
