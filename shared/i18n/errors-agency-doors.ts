import type { ErrorText } from './texts.ts';

export const agencyDoorsErrors = {} as const satisfies Readonly<Record<string, ErrorText>>;
