import { pino, type Logger as PinoLogger } from 'pino';

/**
 * Logs are JSON lines: a constant lower-case event name and fields of ids, counts, paths and rules. No patient value
 * is ever a field. Written synchronously to stderr: worker transports break bundles, and stdout belongs to `--json`.
 */
export type Logger = PinoLogger;
export type LogLevel = 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'silent';

/** Lines kept while none can be written. */
const keptBytes = 256 * 1024;

export function createLogger(options: { name: string; level?: LogLevel; fd?: number }): Logger {
  const lines = pino.destination({ fd: options.fd ?? 2, sync: true, maxLength: keptBytes });
  // A full disk under the log, or a reader that went away, must not end the program: what does not fit is dropped.
  lines.on('error', () => undefined);
  return pino(
    {
      name: options.name,
      level: options.level ?? 'info',
      base: { pid: process.pid },
      messageKey: 'event',
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: describeError },
    },
    lines,
  );
}

/** Code, class and stack only: a library's message may quote what it was parsing. */
function describeError(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { kind: typeof error };
  const fields = error as Error & { code?: unknown; class?: unknown; facts?: unknown };
  const cause = error.cause instanceof Error ? describeError(error.cause) : undefined;
  return {
    name: error.name,
    ...(fields.code === undefined ? {} : { code: fields.code }),
    ...(fields.class === undefined ? {} : { class: fields.class }),
    ...(fields.facts === undefined ? {} : { facts: fields.facts }),
    // A message of several lines stands above the frames.
    stack: error.stack
      ?.split('\n')
      .filter((line) => /^\s+at \S/.test(line))
      .slice(0, 5)
      .map((frame) => frame.trim()),
    ...(cause === undefined ? {} : { cause }),
  };
}
