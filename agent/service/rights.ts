import { serviceAccount, tryFoldersAs } from '../health/doctor/service-account.ts';
import type { ServiceSettings } from './unit.ts';

/** A folder that the service's account cannot use, and what the system says. */
export interface MissingRight {
  readonly user: string;
  readonly folder: string;
  readonly reason: string;
}

/** Tried as that account, as `doctor` does. Undefined: it could not be tried. */
export async function rightsMissing({
  user,
  config,
}: Pick<ServiceSettings, 'user' | 'config'>): Promise<readonly MissingRight[] | undefined> {
  const account = await serviceAccount(user);
  const found = account === undefined ? undefined : await tryFoldersAs(account, config.sources);
  return found?.flatMap(({ list, notWritable, closed, closedReason }, index) => {
    const folder = config.sources[index]?.folder ?? '';
    if (list !== null) return [{ user, folder, reason: list }];
    if (closed > 0) return [{ user, folder, reason: closedReason ?? '' }];
    return notWritable === null ? [] : [{ user, ...notWritable }];
  });
}
