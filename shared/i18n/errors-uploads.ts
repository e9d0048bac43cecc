import type { ErrorText } from './texts.ts';

export const uploadsErrors = {} as const satisfies Readonly<Record<string, ErrorText>>;
