import { z } from 'zod';

/**
 * New certificates before the old ones end, asked for over the mutually authenticated connection: fresh keys each time,
 * subject and extensions again from the receiver's database. The answer is an EnrolmentGrant with an empty `mac`.
 */
export const renewalRequest = z.strictObject({
  v: z.literal(1),
  tlsRequest: z.string().max(8192),
  sealRequest: z.string().max(8192),
});
export type RenewalRequest = z.infer<typeof renewalRequest>;
