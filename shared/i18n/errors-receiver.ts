import type { ErrorText } from './texts.ts';

export const receiverErrors = {} as const satisfies Record<string, ErrorText>;
