import { readFile } from 'node:fs/promises';
import { request as httpRequest, validateHeaderName, validateHeaderValue } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { asFault, permanent, systemCode, transient } from '../../shared/runtime/errors.ts';
import { createLoop, type Loop } from '../../shared/runtime/lifecycle.ts';
import type { Logger } from '../../shared/runtime/logger.ts';
import type { WatchingConfig } from '../config-watching.ts';

/**
 * The sign of life: an outside address is asked for as long as the watching works. Who watches that address learns of a
 * receiver that is down, cut off, or no longer looks. The address may carry a secret: it is told to nobody.
 */
export interface BeatDeps {
  readonly settings: NonNullable<WatchingConfig['beat']>;
  readonly headers: Readonly<Record<string, string>>;
  readonly logger: Logger;
  /** No sign of life is given when this says no. */
  readonly isAlive: () => boolean;
}

const waitMs = 10_000;
const mostHeaders = 20;

export function createBeat({ settings, headers, logger, isAlive }: BeatDeps): Loop {
  let failing: string | undefined;
  return createLoop({
    name: 'watch-beat',
    idleMs: settings.everySeconds * 1000,
    logger,
    step: async (signal) => {
      if (!isAlive()) return false;
      try {
        await ask(settings.url, headers, signal);
        if (failing !== undefined) logger.info('watch-beat-heard');
        failing = undefined;
      } catch (error) {
        if (signal.aborted) return false;
        const { code, facts } = asFault(error);
        // Once per outage, and once more when its reason changes.
        if (failing !== code) logger.warn({ code, ...facts }, 'watch-beat-failed');
        failing = code;
      }
      return false;
    },
  });
}

/** Throws `watch-beat-refused` and `watch-beat-unreachable`. Redirections are not followed. */
function ask(url: string, headers: Readonly<Record<string, string>>, signal: AbortSignal): Promise<void> {
  const { protocol, host } = new URL(url);
  const request = protocol === 'https:' ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(waitMs)]);
    const asked = request(url, { headers, signal: limit, agent: false }, (response) => {
      const status = response.statusCode ?? 0;
      // Nothing of the answer is read.
      response.destroy();
      if (status >= 200 && status < 300) resolve();
      else reject(transient('watch-beat-refused', { facts: { host, status } }));
    });
    asked.on('error', (cause) => {
      const reason = systemCode(cause) ?? '';
      reject(transient('watch-beat-unreachable', { facts: { host, reason }, cause }));
    });
    asked.end();
  });
}

/** Lines "name: value"; empty ones and those that start with # are passed over. */
export async function readBeatHeaders(file: string | undefined): Promise<Readonly<Record<string, string>>> {
  if (file === undefined) return {};
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw permanent('watch-headers-unreadable', { facts: { file, reason: systemCode(cause) ?? '' }, cause });
  });
  const headers: Record<string, string> = {};
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '' || line.startsWith('#')) continue;
    const colon = line.indexOf(':');
    const [name, value] = [line.slice(0, colon).trim(), line.slice(colon + 1).trim()];
    if (colon < 1 || !isHeader(name, value) || Object.keys(headers).length === mostHeaders)
      throw permanent('watch-headers-invalid', { facts: { file }, position: { line: index + 1 } });
    headers[name] = value;
  }
  return headers;
}

function isHeader(name: string, value: string): boolean {
  try {
    validateHeaderName(name);
    validateHeaderValue(name, value);
    return value !== '';
  } catch {
    return false;
  }
}
