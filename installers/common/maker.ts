import type { Platform } from './platforms.ts';
import type { ProductFacts } from './products.ts';
import type { Staged } from './stage.ts';

/** One kind of package: what it is for, the programs it needs, and how it is made of a staged tree. */
export interface Maker {
  readonly name: string;
  readonly products: readonly ProductFacts[];
  readonly platform: Platform;
  /** Programs of this machine that it calls. */
  readonly needs: readonly string[];
  /** Answers the files made, all under `out`. */
  make(staged: Staged, how: Making): Promise<readonly string[]>;
}

export interface Making {
  readonly out: string;
  /** Quick and large, for trying. */
  readonly fast: boolean;
  /** Private key (PKCS #8, PEM) that signs updates. */
  readonly signingKey: string | undefined;
}
