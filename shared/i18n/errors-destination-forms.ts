import type { ErrorText } from './texts.ts';

export const destinationFormsErrors = {} as const satisfies Readonly<Record<string, ErrorText>>;
