import { z } from 'zod';

/** The quality scorecards: targets, and when hospitals are sent theirs. */
export const qualitySettings = z.strictObject({}).prefault({});
export type QualityConfig = z.infer<typeof qualitySettings>;
