import { resolve } from 'node:path';
import { watch as watchFolder, type FSWatcher } from 'chokidar';
import type { Logger } from '../../shared/runtime/logger.ts';

export interface Watcher {
  close(): Promise<void>;
}

/** A hint only: any event asks for a scan; when watching fails, scanning at its own pace goes on alone. */
export function watchSource(deps: {
  readonly folder: string;
  readonly logger: Logger;
  readonly hint: () => void;
}): Watcher {
  const folder = resolve(deps.folder);
  let watcher: FSWatcher | undefined = watchFolder(deps.folder, {
    depth: 0,
    ignoreInitial: true,
    followSymlinks: false,
    persistent: false,
    // Only the folder is watched: one watch each for 100,000 old files would cost more than the scan.
    ignored: (path) => resolve(path) !== folder,
  });
  const close = async (): Promise<void> => {
    const closing = watcher;
    watcher = undefined;
    await closing?.close();
  };
  watcher.on('raw', deps.hint);
  watcher.on('all', deps.hint);
  watcher.on('error', (error) => {
    deps.logger.warn({ err: error, folder: deps.folder }, 'watch-failed');
    deps.hint();
    void close();
  });
  return { close };
}
