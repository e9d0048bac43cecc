import { agentTexts } from '../../shared/i18n/terminal-agent.ts';
import { fill } from '../../shared/i18n/texts.ts';
import { systemClock } from '../../shared/runtime/clock.ts';
import { enroll } from '../enrolment/enroll.ts';
import { loadIdentity } from '../enrolment/identity.ts';
import { takeStateLock } from '../health/state-lock.ts';
import { proxyFor } from '../push/proxy.ts';
import type { CommandContext } from './command.ts';

export async function enrollCommand(
  { config, configPath, language, json, print, terminal }: CommandContext,
  { url, code, replace }: { readonly url: string; readonly code: string; readonly replace: boolean },
): Promise<number> {
  const proxy = await proxyFor(url, config.proxy);
  // A running agent would go on under keys that the region has just ended.
  const unlock = takeStateLock(config.state, systemClock);
  const grant = await enroll({
    ...{ url, code, state: config.state, proxy, replace },
    // Aloud while it waits, whatever is asked for as the answer.
    onAwaiting: (fingerprint) =>
      process.stderr.write(`${fill(agentTexts.enrolAwaiting[language], { fingerprint })}\n`),
  }).finally(unlock);
  const { region } = (await loadIdentity(config.state)).bundle();
  const facilities = grant.facilities.map(({ finess, name }) => ({ finess, name }));
  if (json) {
    print(JSON.stringify({ agent: grant.agent, name: grant.name, region, facilities }));
    return 0;
  }
  const listed = facilities.map(({ finess, name }) => `${name} (${finess})`).join(', ');
  print(fill(agentTexts.enrolled[language], { name: grant.name, region, facilities: listed }));
  const installed = terminal.env['VAGUEMESTRE_HOME'] !== undefined;
  const next = installed ? agentTexts.enrolledNextInstalled : agentTexts.enrolledNext;
  if (replace) print(agentTexts.replacedOld[language]);
  print(fill(next[language], { config: configPath }));
  return 0;
}
