import { updateTexts as texts } from '../../shared/i18n/terminal-agent-update.ts';
import { speaker } from '../../shared/i18n/texts.ts';
import { trialOf, trialStarts } from '../../shared/release/choose-version.ts';
import { readStaged } from '../update/decision.ts';
import type { Installation } from '../update/installation.ts';
import { pinnedKeys } from '../update/signed-release.ts';
import type { Surroundings } from './command.ts';

/** `update --status`: what runs at the next start, what it falls back to, what waits, whose updates are taken. */
export function showUpdateStatus({ json, language, print }: Surroundings, here: Installation): number {
  const { install, current, running, packaged, highest } = here;
  const trial = current === undefined ? undefined : trialOf(install, current);
  const document = {
    version: running.version,
    kind: install.kind,
    packaged,
    /** Null: the package rules. */
    update: current ?? null,
    trial: trial ?? null,
    insteadOf: running.insteadOf ?? null,
    staged: readStaged(here.releases) ?? null,
    highest,
    keys: pinnedKeys(here.home).map(({ name }) => name),
  };
  if (json) {
    print(JSON.stringify(document));
    return 0;
  }
  const say = speaker(texts, language);
  const { staged, keys } = document;
  print(say('runs', { version: running.version, kind: install.kind }));
  if (packaged !== running.version) print(`  ${say('packaged', { version: packaged })}`);
  if (current !== undefined && running.onTrial)
    print(
      `  ${say('onTrial', { starts: trial?.starts ?? 0, most: trialStarts, previous: current.previous })}`,
    );
  if (running.insteadOf !== undefined) print(`  ${say('instead', { version: running.insteadOf })}`);
  else if (current !== undefined && current.previous !== current.version)
    print(`  ${say('before', { version: current.previous })}`);
  if (staged !== null) print(`  ${say('waiting', { version: staged.version })}`);
  print(`  ${say('keys', { keys: keys.length === 0 ? say('none') : keys.join(', ') })}`);
  return 0;
}
