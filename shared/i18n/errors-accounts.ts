import type { ErrorText } from './texts.ts';

export const accountsErrors = {} as const satisfies Readonly<Record<string, ErrorText>>;
