import type { AgentConfig } from '../config.ts';

/** Files named in the configuration that the service's account, and nobody else, must read. */
export function secretFiles({ config }: { readonly config: AgentConfig }): readonly string[] {
  const files = [
    config.proxy?.passwordFile,
    config.notify.email?.passwordFile,
    ...config.sources.flatMap(({ decrypt }) => [decrypt?.privateKeyFile, decrypt?.passphraseFile]),
  ];
  return [...new Set(files.filter((file) => file !== undefined))];
}
