import type { ErrorText } from './texts.ts';

/** Errors of first configuration, the service, support bundle, shadow. */
export const setupErrors = {} as const satisfies Record<string, ErrorText>;
