import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readInstall, type InstallKind } from '../../shared/release/layout.ts';
import { unitDescription, unitFolder, type PackagedUnit } from './unit.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Packages that bring a unit of systemd. */
const withUnit: readonly InstallKind[] = ['deb', 'rpm', 'tar'];

/** The unit that this program's package brought. Undefined: a checkout, or a second service under another name. */
export function packagedUnit(
  name: string,
  { env, root = '/' }: { readonly env: Environment; readonly root: string | undefined },
): PackagedUnit | undefined {
  const home = env['VAGUEMESTRE_HOME'];
  const install = home === undefined ? undefined : readInstall(home);
  if (home === undefined || install?.product !== name || !withUnit.includes(install.kind)) return undefined;
  return {
    user: install.account,
    configPath: install.config,
    hidden: isOfAnother(join(root, unitFolder, `${name}.service`), home),
  };
}

/** A unit of ours that runs a program outside `home`: what a checkout's `service install` left. */
function isOfAnother(unit: string, home: string): boolean {
  try {
    const text = readFileSync(unit, 'utf8');
    return text.includes(unitDescription) && !text.includes(home);
  } catch {
    return false;
  }
}
