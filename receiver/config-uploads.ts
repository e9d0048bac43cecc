import { z } from 'zod';
import { expecting } from '../shared/runtime/settings.ts';
import { path, patience } from './config-parts.ts';

/**
 * Uploads to an agency over HTTPS: one request (`https`), or a national service that is asked step by step (`submission`).
 * Addresses, field names, states and codes are the agency's own: all of them are settings.
 */

/** An address whose path may hold some of these names between braces. */
function address(...names: readonly string[]) {
  const list = names.map((name) => `{${name}}`).join(', ');
  const wanted = expecting(
    `une adresse https:// (au plus ces mots entre accolades : ${list})`,
    `an address https:// (at most these words in braces: ${list})`,
  );
  return z
    .string()
    .max(2000)
    .refine((text) => isAddress(text, names), { error: wanted });
}

function isAddress(text: string, names: readonly string[]): boolean {
  const filled = names.reduce((rest, name) => rest.replaceAll(`{${name}}`, 'x'), text);
  // A host that a file's name could choose, a login or a fragment in an address: never meant.
  if (!/^https:\/\/[^/?#@{}\s]+(?:[/?][^#{}\s]*)?$/.test(filled)) return false;
  return !/^https:\/\/[^/?]*\{/.test(text) && URL.canParse(filled);
}

/** Written by the upload itself, or a secret: those are files. */
const ownHeaders = new Set([
  ...['authorization', 'connection', 'content-digest', 'content-length', 'cookie', 'expect', 'host'],
  ...['idempotency-key', 'if-match', 'if-none-match', 'proxy-authorization', 'te', 'transfer-encoding'],
  ...['content-disposition', 'upgrade', 'keep-alive'],
]);

const headers = z
  .record(z.string(), z.string().max(1000))
  .default({})
  .superRefine((found, context) => {
    const seen = new Set<string>();
    for (const [name, value] of Object.entries(found)) {
      const lower = name.toLowerCase();
      const isName = /^[a-z0-9-]{1,100}$/.test(lower) && !ownHeaders.has(lower) && !seen.has(lower);
      seen.add(lower);
      if (isName && /^[\x20-\x7e]*$/.test(value)) continue;
      context.addIssue({
        code: 'custom',
        path: [name],
        message: isName
          ? expecting('une valeur ASCII sur une ligne', 'an ASCII value on one line')
          : expecting(
              'un en-tête que l’envoi n’écrit pas lui-même, cité une fois (un secret se met dans bearerFile ou basicFile)',
              'a header that the upload does not write itself, named once (a secret goes in bearerFile or basicFile)',
            ),
      });
    }
  });

const login = {
  /** Who signed the server's certificate; the public authorities unless said. */
  authorityFile: path.optional(),
  /** The region's certificate for this agency, when it asks for one, and its key. */
  clientCertificateFile: path.optional(),
  clientKeyFile: path.optional(),
  /** One line: a token. */
  bearerFile: path.optional(),
  /** One line `user:password`. */
  basicFile: path.optional(),
  headers,
  timeoutSeconds: patience,
};

interface LoginFiles {
  readonly clientCertificateFile?: string | undefined;
  readonly clientKeyFile?: string | undefined;
  readonly bearerFile?: string | undefined;
  readonly basicFile?: string | undefined;
}

function checkLogin(found: LoginFiles, context: z.RefinementCtx): void {
  const fault = faultIn(context);
  if (found.clientCertificateFile !== undefined && found.clientKeyFile === undefined)
    fault(['clientKeyFile'], 'la clé de clientCertificateFile', 'the key of clientCertificateFile');
  if (found.clientKeyFile !== undefined && found.clientCertificateFile === undefined)
    fault(['clientCertificateFile'], 'le certificat de clientKeyFile', 'the certificate of clientKeyFile');
  if (found.bearerFile !== undefined && found.basicFile !== undefined)
    fault(['basicFile'], 'bearerFile ou basicFile, pas les deux', 'bearerFile or basicFile, not both');
}

function faultIn(context: z.RefinementCtx) {
  return (at: readonly PropertyKey[], fr: string, en: string): void =>
    context.addIssue({ code: 'custom', path: [...at], message: expecting(fr, en) });
}

/** Where an answer's JSON says something: names joined by dots. */
const jsonPath = z
  .string()
  .regex(
    /^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+){0,9}$/,
    expecting('des noms joints par des points (depot.id)', 'names joined by dots (deposit.id)'),
  );
const field = z
  .string()
  .regex(/^[A-Za-z0-9._-]{1,100}$/, expecting('un nom de champ', 'a name of a field'))
  .default('file');
const stateNames = z.array(z.string().min(1).max(100)).max(20);

export const https = z
  .strictObject({
    kind: z.literal('https'),
    url: address('name', 'digest'),
    method: z.enum(['PUT', 'POST']).default('POST'),
    form: z.enum(['raw', 'multipart']).default('raw'),
    /** multipart: the name of the file's field. */
    field,
    /**
     * PUT raw: what is at the address is looked at before (a name is never overwritten) and after (the file is there,
     * whole). false for a server that takes files away at once, or shows something else under the address.
     */
    readBack: z.boolean().default(true),
    ...login,
    /** Where a JSON answer gives the agency's id, the digest it took, its verdict and its code. */
    answer: z
      .strictObject({
        referencePath: jsonPath.optional(),
        digestPath: jsonPath.optional(),
        statePath: jsonPath.optional(),
        accepted: stateNames.default(['accepted']),
        refused: stateNames.default(['refused']),
        codePath: jsonPath.optional(),
      })
      .prefault({}),
  })
  .superRefine((found, context) => {
    const fault = faultIn(context);
    checkLogin(found, context);
    // The name travels nowhere else: every file would land at one address.
    if (found.method === 'PUT' && found.form === 'raw' && !found.url.includes('{name}'))
      fault(['url'], 'une adresse avec {name} (PUT raw)', 'an address with {name} (PUT raw)');
    if (found.answer.accepted.some((state) => found.answer.refused.includes(state)))
      fault(['answer', 'refused'], 'aucun état de accepted', 'no state of accepted');
    if (found.form === 'multipart' && hasContentType(found.headers))
      fault(
        ['headers'],
        'pas de Content-Type (multipart écrit le sien)',
        'no Content-Type (multipart writes its own)',
      );
  });

function hasContentType(found: Readonly<Record<string, string>>): boolean {
  return Object.keys(found).some((name) => name.toLowerCase() === 'content-type');
}

const method = z.enum(['GET', 'POST', 'PUT']);
/** What comes back belongs to one file only when the address says which. */
const ofOneFile = address('name', 'digest', 'reference').refine((text) => text.includes('{reference}'), {
  error: expecting('une adresse avec {reference}', 'an address with {reference}'),
});

/** Prepared, submitted, polled, then its result: a national upload service with polled status. */
export const submission = z
  .strictObject({
    kind: z.literal('submission'),
    prepare: z.strictObject({
      method: method.default('POST'),
      url: address('name', 'digest'),
      /** The JSON body's members (not with GET); values may use {name}, {digest}, {size}. */
      body: z
        .record(z.string().regex(/^[A-Za-z0-9_-]{1,100}$/), z.string().max(1000))
        .default({ name: '{name}', digest: '{digest}', size: '{size}' }),
      /** Where the answer gives the service's id of the file. */
      referencePath: jsonPath,
      /** Where an answer 409 (the name is taken) gives the digest of what is there. */
      digestPath: jsonPath.optional(),
    }),
    submit: z.strictObject({
      method: z.enum(['POST', 'PUT']).default('PUT'),
      url: ofOneFile,
      form: z.enum(['raw', 'multipart']).default('raw'),
      field,
      /** Where the answer gives the digest of what was taken. */
      digestPath: jsonPath.optional(),
    }),
    poll: z.strictObject({
      method: method.default('GET'),
      url: ofOneFile,
      statePath: jsonPath,
      everySeconds: z.number().min(1).max(86_400).default(60),
    }),
    /** Asked for a refused file; its code is the agency's own. */
    result: z.strictObject({ method: method.default('GET'), url: ofOneFile, codePath: jsonPath }).optional(),
    /** The service's own state names; any other one decides nothing, and is told. */
    states: z.strictObject({
      /** Prepared, the file not there yet. */
      prepared: stateNames.default([]),
      pending: stateNames.min(1),
      accepted: stateNames.min(1),
      refused: stateNames.min(1),
    }),
    ...login,
  })
  .superRefine((found, context) => {
    checkLogin(found, context);
    const seen = new Set<string>();
    for (const [kind, names] of Object.entries(found.states)) {
      for (const [index, name] of names.entries()) {
        if (seen.has(name))
          faultIn(context)(['states', kind, index], 'un état nommé une seule fois', 'a state named once');
        seen.add(name);
      }
    }
    if (hasContentType(found.headers))
      faultIn(context)(
        ['headers'],
        'pas de Content-Type (chaque étape écrit le sien)',
        'no Content-Type (each step writes its own)',
      );
  });
