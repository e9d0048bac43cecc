import type { ErrorText } from './texts.ts';

/** Extractions that cannot be made. */
export const extractionErrors = {} as const satisfies Record<string, ErrorText>;
