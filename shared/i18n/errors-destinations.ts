import type { ErrorText } from './texts.ts';

export const destinationsErrors = {} as const satisfies Readonly<Record<string, ErrorText>>;
