import { z } from 'zod';
import { expecting } from '../shared/runtime/settings.ts';

/** How dispatches reach an agency, and what they are sealed with. Secrets are files, never values. */
const path = z.string().min(1).max(1000);
const host = z.string().min(1).max(253);
const port = (standard: number) => z.int().min(1).max(65_535).default(standard);
const remoteFolder = z.string().min(1).max(500).default('.');
/** A wait for the peer: a connection, an answer, a piece of a file. */
const patience = z.int().min(1).max(3600).default(60);

export const fingerprint = z
  .string()
  .regex(/^[0-9a-f: ]{40,100}$/i, expecting('une empreinte (hexadécimal)', 'a fingerprint (hexadecimal)'))
  .transform((text) => text.replace(/[: ]/g, '').toLowerCase());

/** `fingerprint`: compared with what the file holds, and approved by two people before first use. */
export const protection = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('none') }),
    z.strictObject({
      kind: z.literal('openpgp'),
      /** The agency's public key. */
      keyFile: path,
      fingerprint,
      /** The region's own key, to sign with. */
      signingKeyFile: path.optional(),
      signingPassphraseFile: path.optional(),
      armored: z.boolean().default(false),
    }),
    z.strictObject({
      kind: z.literal('cms'),
      /** The agency's certificate (PEM or DER), RSA. */
      certificateFile: path,
      /** SHA-256 of its DER. */
      fingerprint,
    }),
  ])
  .prefault({ kind: 'none' });
export type ProtectionConfig = z.infer<typeof protection>;

const hostKey = z
  .string()
  .regex(
    /^SHA256:[A-Za-z0-9+/]{43}=?$/,
    expecting('une empreinte « SHA256:… » (ssh-keygen -lf)', 'a fingerprint "SHA256:..." (ssh-keygen -lf)'),
  );

const directory = z.strictObject({ kind: z.literal('directory'), folder: path });

const sftp = z.strictObject({
  kind: z.literal('sftp'),
  host,
  port: port(22),
  user: z.string().min(1).max(100),
  /** What the server must present; two while it changes. */
  hostKeys: z.array(hostKey).min(1).max(4),
  keyFile: path.optional(),
  passphraseFile: path.optional(),
  passwordFile: path.optional(),
  folder: remoteFolder,
  timeoutSeconds: patience,
});

const ftps = z.strictObject({
  kind: z.literal('ftps'),
  host,
  port: port(21),
  user: z.string().min(1).max(100),
  passwordFile: path,
  /** Who signed the server's certificate; the public authorities unless said. */
  authorityFile: path.optional(),
  /** The name its certificate must carry, when it is not `host`. */
  serverName: host.optional(),
  folder: remoteFolder,
  timeoutSeconds: patience,
});

const httpsUrl = z
  .string()
  .max(2000)
  .regex(/^https:\/\//, expecting('une adresse https://', 'an address https://'));

const httpsLogin = {
  authorityFile: path.optional(),
  /** The region's certificate for this agency, when it asks for one. */
  clientCertificateFile: path.optional(),
  clientKeyFile: path.optional(),
  bearerFile: path.optional(),
  /** One line `user:password`. */
  basicFile: path.optional(),
  headers: z.record(z.string().regex(/^[A-Za-z0-9-]{1,100}$/), z.string().max(1000)).default({}),
  timeoutSeconds: patience,
};

/** Where an answer's JSON says something: names joined by dots. */
const jsonPath = z.string().regex(/^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+){0,9}$/);

const https = z.strictObject({
  kind: z.literal('https'),
  /** May use {name}. */
  url: httpsUrl,
  method: z.enum(['PUT', 'POST']).default('POST'),
  form: z.enum(['raw', 'multipart']).default('raw'),
  /** multipart: the name of the file's field. */
  field: z.string().min(1).max(100).default('file'),
  ...httpsLogin,
  /** Where a JSON answer gives the agency's id, the digest it took, its verdict and its code. */
  answer: z
    .strictObject({
      referencePath: jsonPath.optional(),
      digestPath: jsonPath.optional(),
      statePath: jsonPath.optional(),
      accepted: z.array(z.string()).max(20).default(['accepted']),
      refused: z.array(z.string()).max(20).default(['refused']),
      codePath: jsonPath.optional(),
    })
    .prefault({}),
});

const pull = z.strictObject({
  kind: z.literal('pull'),
  /** SHA-256 of the client certificates that open this destination. */
  certificates: z.array(fingerprint).max(10).default([]),
  /** One token a line, at least 32 characters each. */
  tokenFile: path.optional(),
});

const step = z.strictObject({
  method: z.enum(['GET', 'POST', 'PUT']),
  /** May use {name}, {reference}, {digest}. */
  url: httpsUrl,
});

/** Prepared, submitted, polled, then its result: a national upload service with polled status. */
const submission = z.strictObject({
  kind: z.literal('submission'),
  prepare: step.extend({ referencePath: jsonPath }),
  submit: step.extend({
    form: z.enum(['raw', 'multipart']).default('raw'),
    field: z.string().default('file'),
  }),
  poll: step.extend({ statePath: jsonPath, everySeconds: z.number().min(1).max(86_400).default(60) }),
  result: step.extend({ codePath: jsonPath.optional(), messagePath: jsonPath.optional() }).optional(),
  /** The service's own state names. */
  states: z.strictObject({
    pending: z.array(z.string().min(1)).min(1).max(20),
    accepted: z.array(z.string().min(1)).min(1).max(20),
    refused: z.array(z.string().min(1)).min(1).max(20),
  }),
  ...httpsLogin,
});

export const transport = z.discriminatedUnion('kind', [directory, sftp, ftps, https, pull, submission]);
export type TransportConfig = z.infer<typeof transport>;
export type TransportOf<Kind extends TransportConfig['kind']> = Extract<TransportConfig, { kind: Kind }>;
