import type { ErrorText } from './texts.ts';

export const remoteFoldersErrors = {} as const satisfies Readonly<Record<string, ErrorText>>;
