import type { ErrorText } from './texts.ts';

/** Errors of mappings: reading, joining, checking and trying them. */
export const mappingErrors = {} as const satisfies Record<string, ErrorText>;
