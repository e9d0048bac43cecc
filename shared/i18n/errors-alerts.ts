import type { ErrorText } from './texts.ts';

export const alertsErrors = {} as const satisfies Readonly<Record<string, ErrorText>>;
