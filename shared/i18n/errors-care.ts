import type { ErrorText } from './texts.ts';

export const careErrors = {} as const satisfies Readonly<Record<string, ErrorText>>;
