import { peer } from '../../support/peer.ts';

/** Whether this process may install and boot things, and every tool is there; said aloud where not, and fails with REQUIRE_PEERS=1. */
export function canTry(tools: readonly string[], missed: string): boolean {
  if (process.getuid?.() !== 0) {
    if (process.env['REQUIRE_PEERS'] === '1') throw new Error(`REQUIRE_PEERS=1, and this is not root`);
    process.stderr.write(`NOT TRIED: without root, ${missed}\n`);
    return false;
  }
  return tools.map((tool) => peer(tool, missed)).every((path) => path !== undefined);
}

/** What a booted machine takes. */
export const machineTools = ['debootstrap', 'systemd-nspawn', 'nsenter', 'setpriv', 'unshare'] as const;
