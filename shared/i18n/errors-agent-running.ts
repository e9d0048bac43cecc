import type { ErrorText } from './texts.ts';

/** Errors of a running agent: lock, reload, proxy, notices, decryption. */
export const runningErrors = {} as const satisfies Record<string, ErrorText>;
