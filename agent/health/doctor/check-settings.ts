import { access, constants } from 'node:fs/promises';
import { expiryTrouble } from '../certificate-expiry.ts';
import { failure, fine, warning, type Check, type DoctorFinding } from './finding.ts';
import type { AgentConfig } from '../../config.ts';

/** Every fault of the file at once, and every file it names. `checkParts` builds what a start would build. */
export function settingsCheck(deps: {
  /** Throws what stops a start: mappings, decryption keys. */
  readonly mustLoad: (config: AgentConfig) => Promise<unknown>;
}): Check {
  return {
    name: 'settings',
    run: async ({ configPath, config, configFault }) => {
      if (configFault !== undefined) return [failure(configFault.code, configFault.facts)];
      if (config === undefined) return [];
      const found: DoctorFinding[] = [];
      for (const file of filesOf(config)) {
        const isReadable = await access(file, constants.R_OK).then(
          () => true,
          () => false,
        );
        if (!isReadable) found.push(failure('settings-file', { file }));
      }
      if (found.length > 0) return found;
      await deps.mustLoad(config);
      return [fine('settings-fine', { file: configPath, sources: config.sources.length })];
    },
  };
}

function filesOf(config: AgentConfig): readonly string[] {
  return [
    config.proxy?.passwordFile,
    config.notify.email?.passwordFile,
    ...config.sources.flatMap(({ decrypt }) => [decrypt?.privateKeyFile, decrypt?.passphraseFile]),
  ].filter((file) => file !== undefined);
}

export const identityCheck: Check = {
  name: 'identity',
  run: ({ config, identity, identityFault, clock }) => {
    if (config === undefined) return Promise.resolve([]);
    if (identity === undefined) {
      const { code, facts } = identityFault ?? { code: 'agent-not-enrolled', facts: { state: config.state } };
      return Promise.resolve([code === 'agent-not-enrolled' ? warning(code, facts) : failure(code, facts)]);
    }
    const until = new Date(identity.validity.until).toISOString();
    if (clock.now() < identity.validity.from)
      return Promise.resolve([
        failure('certificate-not-yet', { from: new Date(identity.validity.from).toISOString() }),
      ]);
    const trouble = expiryTrouble(identity.validity.until, clock.now());
    if (trouble === null) return Promise.resolve([fine('identity-fine', { name: identity.name, until })]);
    const level =
      trouble.code === 'certificate-ends-30' || trouble.code === 'certificate-ends-14' ? warning : failure;
    return Promise.resolve([level(trouble.code, { days: trouble.days, until })]);
  },
};
