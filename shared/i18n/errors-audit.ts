import type { ErrorText } from './texts.ts';

export const auditErrors = {} as const satisfies Readonly<Record<string, ErrorText>>;
