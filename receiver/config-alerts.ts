import { z } from 'zod';

/** Who is told of what goes wrong, how and when. */
export const alertSettings = z.strictObject({}).prefault({});
export type AlertsConfig = z.infer<typeof alertSettings>;
