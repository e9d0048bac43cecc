import { posix, win32 } from 'node:path';
import type { InstallFile, InstallKind, Product } from '../../shared/release/layout.ts';

/** The two programs that are installed, and where each keeps what. */
export interface ProductFacts {
  readonly product: Product;
  /** Folder of its sources. */
  readonly sources: 'agent' | 'receiver';
  readonly entries: readonly string[];
  /** Folders copied beside the bundle: what the code reads by its own folder. */
  readonly folders: readonly { readonly from: string; readonly to: string }[];
  /** Packages laid as they are: addons, and what the licence wants replaceable. */
  readonly packages: readonly string[];
  readonly account: string;
  readonly description: { readonly short: string; readonly long: string };
}

export const agentFacts: ProductFacts = {
  product: 'vaguemestre-agent',
  sources: 'agent',
  entries: ['agent/main.ts'],
  folders: [],
  packages: ['better-sqlite3', 'openpgp'],
  account: 'vaguemestre',
  description: {
    short: "carries a hospital's emergency data to its region",
    long: 'Watches the exports of emergency and administrative software, checks every record, seals what it read, queues it and pushes it to the regional receiver, and tells the hospital what became of every line.',
  },
};

export const receiverFacts: ProductFacts = {
  product: 'vaguemestre-receiver',
  sources: 'receiver',
  entries: ['receiver/main.ts', 'receiver/portal-worker.ts'],
  folders: [{ from: 'receiver/pages/assets', to: 'assets' }],
  packages: ['better-sqlite3', 'openpgp', '@node-rs/argon2'],
  account: 'vaguemestre-receiver',
  description: {
    short: 'receives the emergency data of a region and delivers it',
    long: "Receives, proves and stores what the hospitals' agents send, watches for silence and bad quality, composes national files and delivers them, with pages for operators.",
  },
};

export const productFacts: readonly ProductFacts[] = [agentFacts, receiverFacts];

/** Where the programs lie on a system whose files are laid by the system's package. */
export const linuxPlaces = {
  home: ({ product }: ProductFacts): string => posix.join('/usr/lib', product),
  config: ({ sources }: ProductFacts): string => `/etc/vaguemestre/${sources}.yaml`,
  state: ({ sources }: ProductFacts): string => `/var/lib/vaguemestre/${sources}`,
};

export function installFile(facts: ProductFacts, kind: InstallKind): InstallFile {
  const { product, account, sources } = facts;
  const isAgent = sources === 'agent';
  switch (kind) {
    case 'deb':
    case 'rpm':
    case 'tar':
    case 'container': {
      const state = linuxPlaces.state(facts);
      const updates = isAgent && kind !== 'container';
      return {
        ...{ product, kind, account, config: linuxPlaces.config(facts) },
        releases: updates ? '/var/lib/vaguemestre/releases' : null,
        trial: updates ? posix.join(state, 'trial.json') : null,
      };
    }
    case 'windows': {
      const data = 'C:\\ProgramData\\Vaguemestre';
      return {
        ...{ product, kind, account: `NT SERVICE\\${product}`, config: win32.join(data, `${sources}.yaml`) },
        releases: isAgent ? win32.join(data, 'releases') : null,
        trial: isAgent ? win32.join(data, sources, 'trial.json') : null,
      };
    }
  }
}
