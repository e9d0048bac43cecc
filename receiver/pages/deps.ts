import type { Clock } from '../../shared/runtime/clock.ts';
import type { Logger } from '../../shared/runtime/logger.ts';
import type { Random } from '../../shared/runtime/random.ts';
import type { SignReceipts } from '../apply/receipts.ts';
import type { ReceiverConfig } from '../config.ts';
import type { DispatchTarget } from '../forward/compose.ts';
import type { Store } from '../store/store.ts';

/** What the pages' acts are made of; each factory takes the part it uses. Pages read through their context, never here. */
export interface PortalDeps {
  readonly config: ReceiverConfig;
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly sign: SignReceipts;
  readonly targets: readonly DispatchTarget[];
  /** Something was changed that the receiver's loops wait for. */
  readonly onChange: () => void;
  /** Where people reach the pages, without a slash at its end. */
  readonly url: () => string;
}
