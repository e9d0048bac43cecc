import type { ErrorText } from './texts.ts';

export const calendarErrors = {} as const satisfies Readonly<Record<string, ErrorText>>;
