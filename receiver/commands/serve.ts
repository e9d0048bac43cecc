import { once } from 'node:events';
import { watchAskingParent } from '../../shared/runtime/parent-watch.ts';
import { startReceiver } from '../receiver.ts';
import type { CommandContext } from './command.ts';

/** Runs until SIGTERM, SIGINT or, when asked to watch it, the end of the parent process. */
export async function serve(context: CommandContext): Promise<void> {
  const stopping = new AbortController();
  const stop = (): void => stopping.abort();
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  watchAskingParent(stop);
  const receiver = await startReceiver(context);
  if (!stopping.signal.aborted) await once(stopping.signal, 'abort');
  await receiver.stop();
}
