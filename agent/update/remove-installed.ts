import { existsSync } from 'node:fs';
import { readdir, rm, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** What the agent itself leaves in its state, by name: a source's folder that somebody has put in there is not the agent's. */
const ofState = /^(agent\.db([-.].*)?|agent\.lock([-.].*)?|identity|logs|trial\.json(\.tmp)?|selftest-.*)$/;

/** Takes away an installed agent's state, updates and configuration. What is not the agent's, or cannot go, is left and said. */
export async function removeInstalled({
  state,
  config,
  releases,
}: {
  readonly state: string;
  readonly config: string;
  readonly releases: string | null;
}): Promise<{ readonly removed: readonly string[]; readonly left: readonly string[] }> {
  const removed: string[] = [];
  const left: string[] = [];
  const remove = async (path: string): Promise<void> => {
    if (!existsSync(path)) return;
    await rm(path, { recursive: true, force: true, maxRetries: 3 }).then(
      () => removed.push(path),
      () => left.push(path),
    );
  };
  for (const name of await readdir(state).catch(() => [])) {
    if (ofState.test(name)) await remove(join(state, name));
    else left.push(join(state, name));
  }
  if (releases !== null) await remove(releases);
  await remove(config);
  for (const folder of [state, dirname(config), dirname(state)])
    await rmdir(folder).then(
      () => removed.push(folder),
      () => undefined,
    );
  return { removed, left };
}
