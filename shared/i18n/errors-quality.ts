import type { ErrorText } from './texts.ts';

export const qualityErrors = {} as const satisfies Readonly<Record<string, ErrorText>>;
