import type { ErrorText } from './texts.ts';

/** Errors of history, resending, quarantine, worklist, carrying. */
export const operationsErrors = {} as const satisfies Record<string, ErrorText>;
