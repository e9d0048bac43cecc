import type { ErrorText } from './texts.ts';

export const readingErrors = {} as const satisfies Record<string, ErrorText>;
