import type { ErrorText } from './texts.ts';

export const agentErrors = {} as const satisfies Record<string, ErrorText>;
