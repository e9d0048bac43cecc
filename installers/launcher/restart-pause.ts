/** As the unit's RestartSec. */
const pauseMs = 10_000;

/** How long a service that failed waits before it ends: what watches it on Windows starts it again at once, for ever. */
export function restartPauseMs(platform: NodeJS.Platform, code: number): number {
  return platform === 'win32' && code !== 0 && code !== 2 ? pauseMs : 0;
}

/** In the last moment of the process, when its files are closed and no timer runs any more. */
export function pauseBeforeRestart(): void {
  process.once('exit', (code) => {
    const ms = restartPauseMs(process.platform, code);
    if (ms > 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
  });
}
