import type { Clock } from '../../../shared/runtime/clock.ts';
import type { ReceiverConfig } from '../../config.ts';
import { fileFacts, type FileFacts } from '../../forward/overview.ts';

/** What destinations' key and format files say, read again after a minute: reading them at every look would cost more than the look. */
export interface FilesKnown {
  known(now: number): Promise<ReadonlyMap<string, FileFacts>>;
}

const keptMs = 60_000;

export function createFilesKnown(config: ReceiverConfig, clock: Clock): FilesKnown {
  let last: { readonly at: number; readonly facts: Promise<ReadonlyMap<string, FileFacts>> } | undefined;
  return {
    known: (now) => {
      if (last === undefined || now - last.at > keptMs || now < last.at)
        last = { at: now, facts: fileFacts(config, clock) };
      return last.facts;
    },
  };
}
