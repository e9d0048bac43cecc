import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { signTrustBundle } from '../../shared/protocol/trust-bundle.ts';
import { writeDurably } from '../../shared/runtime/durable-file.ts';
import { trustBundlePath } from '../auth/trust-bundle-file.ts';
import { trustBundleOf } from '../pki/region-bundle.ts';
import { createRegion } from '../pki/region-keys.ts';
import { stateFolder } from '../state-folder.ts';
import { openSqliteStore } from '../store/sqlite-store.ts';
import { say, type CommandAnswer, type CommandContext } from './command.ts';
import { writeDown } from './command-actor.ts';

/** Keys, database and signed trust bundle of a new region. The bundle comes last: with it, the region may serve. */
export async function init({ config, language, clock, random }: CommandContext): Promise<CommandAnswer> {
  const state = stateFolder(config.state);
  await mkdir(state.folder, { recursive: true, mode: 0o700 });
  const region = await createRegion(state.keys, { name: config.region, hosts: config.hosts, clock, random });
  const store = openSqliteStore(state.database);
  await store.transaction((tx) =>
    writeDown(tx, clock, {
      action: 'region.create',
      subject: config.region,
      facts: { root: region.rootDigest },
    }),
  );
  await store.close();
  const jws = await signTrustBundle(trustBundleOf(region, 1, clock.now()), region.root.privateKey);
  await writeDurably(trustBundlePath(state.folder), jws);

  const recovery = join(state.keys, 'recovery');
  return {
    document: { region: region.name, state: state.folder, rootDigest: region.rootDigest, recovery },
    lines: [
      say(language, 'regionCreated', { name: region.name, folder: state.folder }),
      say(language, 'rootDigest', { digest: region.rootDigest }),
      say(language, 'recoveryKey', { path: recovery }),
      say(language, 'initNext'),
    ],
  };
}
