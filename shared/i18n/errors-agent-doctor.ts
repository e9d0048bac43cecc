import type { ErrorText } from './texts.ts';

/** Errors of doctor, its repairs and its ticket. */
export const doctorErrors = {} as const satisfies Record<string, ErrorText>;
