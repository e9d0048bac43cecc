import { z } from 'zod';
import { expecting } from '../shared/runtime/settings.ts';
import { secondFactors } from './accounts/second-factor.ts';

/** The region's pages, served when this section is there: where people reach them, and who vouches for their accounts. */
const file = z.string().min(1).max(1000);

export const portalSettings = z.strictObject({
  /** As people type it: links in messages, and where forms may come from. Default: where the listener is. */
  url: z
    .url({ protocol: /^https?$/ })
    .max(300)
    .optional(),
  /** PEM. Without it the pages are in clear, which is allowed on loopback only. */
  tls: z.strictObject({ certificateFile: file, keyFile: file }).optional(),
  /** Addresses of the servers before it, whose X-Forwarded-For is believed. */
  trustedProxies: z
    .array(
      z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()], expecting('une adresse IP', 'an IP address')),
    )
    .max(20)
    .default([]),
  /** Shown at the foot of each page. */
  legalNotice: z
    .url({ protocol: /^https?$/ })
    .max(300)
    .optional(),
  /** From whom a code is asked besides the password: administrators and auditors unless said otherwise. */
  secondFactor: z.enum(secondFactors).default('administrators'),
});
export type PortalConfig = z.infer<typeof portalSettings>;
