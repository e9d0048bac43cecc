import type { ErrorText } from './texts.ts';

export const sealingErrors = {} as const satisfies Record<string, ErrorText>;
