import { z } from 'zod';
import { expecting } from '../shared/runtime/settings.ts';
import { profiles } from './accounts/profile.ts';
import { secondFactors } from './accounts/second-factor.ts';

/** The region's pages, served when this section is there: where people reach them, and who vouches for their accounts. */
const file = z.string().min(1).max(1000);

/** What a role of the provider opens. */
const mappedRole = z.strictObject({
  role: z.string().min(1).max(200),
  profile: z.enum(profiles),
  administrator: z.boolean().default(false),
  facilities: z.array(z.string().min(1).max(20)).max(500).default([]),
  destinations: z.array(z.string().min(1).max(100)).max(100).default([]),
});

const identityProvider = z
  .strictObject({
    issuer: z.url({ protocol: /^https?$/ }).max(500),
    clientId: z.string().min(1).max(200),
    clientSecretFile: file,
    scopes: z.array(z.string().min(1).max(100)).max(20).default(['openid', 'profile', 'email']),
    /** Asked of the provider, and required in its answer: a sign-in with two factors. */
    acr: z.string().min(1).max(200).optional(),
    /** Without it, only accounts that exist here open, by their e-mail address. */
    roles: z
      .strictObject({
        /** Where roles stand in the provider's answer: "roles", "realm_access.roles". */
        claim: z.string().min(1).max(200).default('roles'),
        /** The first one that somebody has counts. */
        map: z.array(mappedRole).min(1).max(200),
      })
      .optional(),
    /** In clear, for tests on loopback. */
    allowInsecure: z.boolean().default(false),
  })
  .refine(
    ({ issuer, allowInsecure }) =>
      issuer.startsWith('https:') ||
      (allowInsecure && /^http:\/\/(127\.0\.0\.1|localhost|\[::1\])[:/]/.test(`${issuer}/`)),
    { path: ['issuer'], message: expecting('une adresse https', 'an https address') },
  );
export type IdentityProviderConfig = z.infer<typeof identityProvider>;

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
  /** Who vouches for accounts besides their passwords (OpenID Connect). */
  oidc: identityProvider.optional(),
});
export type PortalConfig = z.infer<typeof portalSettings>;
