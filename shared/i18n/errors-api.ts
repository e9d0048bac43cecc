import type { ErrorText } from './texts.ts';

/** The API and its tokens. */
export const apiErrors = {} as const satisfies Record<string, ErrorText>;
