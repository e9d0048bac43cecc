import { z } from 'zod';
import { expecting } from '../shared/runtime/settings.ts';
import { host, path, patience } from './config-parts.ts';
import { https, submission } from './config-uploads.ts';

/** How dispatches reach an agency, and what they are sealed with. Secrets are files, never values. */
const port = (standard: number) => z.int().min(1).max(65_535).default(standard);
const remoteFolder = z.string().min(1).max(500).default('.');

/** Written as people read it out: in groups or not, in either case. */
const fingerprintOf = (digits: RegExp, count: string) =>
  z
    .string()
    .max(200)
    .transform((text) => text.replace(/[: ]/g, '').toLowerCase())
    .pipe(
      z
        .string()
        .regex(
          digits,
          expecting(`une empreinte : ${count} (hexadécimal)`, `a fingerprint: ${count} (hexadecimal)`),
        ),
    );
const certificateFingerprint = fingerprintOf(/^[0-9a-f]{64}$/, 'SHA-256');
/** 64 digits are those of a key that GnuPG 2.2 cannot use: the key itself says so when it is read. */
const openpgpFingerprint = fingerprintOf(/^([0-9a-f]{40}|[0-9a-f]{64})$/, '40');

/** `fingerprint`: compared with what the file holds, and approved by two people before first use. */
export const protection = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('none') }),
    z.strictObject({
      kind: z.literal('openpgp'),
      /** The agency's public key. */
      keyFile: path,
      fingerprint: openpgpFingerprint,
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
      fingerprint: certificateFingerprint,
    }),
  ])
  .prefault({ kind: 'none' })
  .refine((found) => !('signingPassphraseFile' in found) || found.signingKeyFile !== undefined, {
    path: ['signingPassphraseFile'],
    error: expecting('signingKeyFile avec elle', 'signingKeyFile with it'),
  });
export type ProtectionConfig = z.infer<typeof protection>;

const hostKey = z
  .string()
  .regex(
    /^SHA256:[A-Za-z0-9+/]{43}=?$/,
    expecting('une empreinte « SHA256:… » (ssh-keygen -lf)', 'a fingerprint "SHA256:..." (ssh-keygen -lf)'),
  );

/** False for an agency that takes files away as they arrive: its answer to the rename is enough. */
const readBack = z.boolean().default(true);

const directory = z.strictObject({ kind: z.literal('directory'), folder: path });

const sftp = z
  .strictObject({
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
    readBack,
    timeoutSeconds: patience,
  })
  .refine(({ keyFile, passwordFile }) => keyFile !== undefined || passwordFile !== undefined, {
    error: expecting('keyFile, passwordFile ou les deux', 'keyFile, passwordFile or both'),
  })
  .refine(({ keyFile, passphraseFile }) => keyFile !== undefined || passphraseFile === undefined, {
    path: ['passphraseFile'],
    error: expecting('rien sans keyFile : c’est elle qu’il ouvre', 'nothing without keyFile, which it opens'),
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
  readBack,
  timeoutSeconds: patience,
});

const pull = z
  .strictObject({
    kind: z.literal('pull'),
    /** SHA-256 of the client certificates that open this destination. */
    certificates: z.array(certificateFingerprint).max(10).default([]),
    /** One token a line, at least 32 characters each. */
    tokenFile: path.optional(),
  })
  .refine(({ certificates, tokenFile }) => certificates.length > 0 || tokenFile !== undefined, {
    path: ['certificates'],
    error: expecting('un certificat au moins, ou un tokenFile', 'a certificate at least, or a tokenFile'),
  });

export const transport = z.discriminatedUnion('kind', [directory, sftp, ftps, https, pull, submission]);
export type TransportConfig = z.infer<typeof transport>;
export type TransportOf<Kind extends TransportConfig['kind']> = Extract<TransportConfig, { kind: Kind }>;
