import type { ErrorText } from './texts.ts';

export const agencyKeysErrors = {} as const satisfies Readonly<Record<string, ErrorText>>;
