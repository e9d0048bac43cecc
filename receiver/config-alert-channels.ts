import { isLoopback } from './config-parts.ts';
import { resolve } from 'node:path';
import { z } from 'zod';
import { expecting } from '../shared/runtime/settings.ts';

/** By which roads people are told: a mail relay, a gateway for short messages, addresses of other programs. */
export const secretFile = (base: string) =>
  z
    .string()
    .min(1)
    .max(1000)
    .transform((path) => resolve(base, path));

/** One address and nothing else: no name, no comment, no second one, no line break. */
export const mailAddress = z
  .string()
  .max(254)
  .regex(
    /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)*[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/,
    expecting('une seule adresse de courriel, sans nom', 'one e-mail address, without a name'),
  );

const timeoutSeconds = z.int().min(1).max(60).default(20);

export const smtpSettings = (base: string) =>
  z
    .strictObject({
      host: z.string().min(1).max(253),
      port: z.int().min(1).max(65_535).default(587),
      /** none: on loopback only. */
      secure: z.enum(['starttls', 'tls', 'none']).default('starttls'),
      user: z.string().min(1).max(200).optional(),
      passwordFile: secretFile(base).optional(),
      /** PEM; left out, whoever this machine trusts vouches for the relay. */
      authorityFile: secretFile(base).optional(),
      from: mailAddress,
      timeoutSeconds,
    })
    .superRefine(({ host, secure, user, passwordFile }, context) => {
      if (secure === 'none' && !isLoopback(host))
        context.addIssue({
          code: 'custom',
          path: ['secure'],
          message: expecting(
            'starttls ou tls (none : seulement vers cette machine)',
            'starttls or tls (none: to this machine only)',
          ),
        });
      if ((user === undefined) !== (passwordFile === undefined))
        context.addIssue({
          code: 'custom',
          path: [user === undefined ? 'user' : 'passwordFile'],
          message: expecting('user et passwordFile, ou aucun des deux', 'user and passwordFile, or neither'),
        });
    });

/** `{to}` and `{text}` are filled in, after the template has been read: no text can change its form. */
const template = z.record(z.string().min(1).max(100), z.json());

export const smsSettings = (base: string) =>
  z
    .strictObject({
      url: z.url({ protocol: /^https?$/ }).max(1000),
      method: z.enum(['POST', 'PUT', 'GET']).default('POST'),
      /** Lines "name: value", such as an authorization. */
      headersFile: secretFile(base).optional(),
      authorityFile: secretFile(base).optional(),
      /** form: also the query of a GET. */
      body: z.strictObject({ form: z.enum(['json', 'form']).default('json'), fields: template }),
      accepted: z
        .strictObject({
          statuses: z.array(z.int().min(200).max(299)).min(1).max(20).default([200, 201, 202, 204]),
          /** Where the answer (JSON) says it, dotted; and what it says then. */
          field: z.string().min(1).max(200).optional(),
          values: z
            .array(z.union([z.string(), z.number(), z.boolean()]))
            .max(20)
            .default([]),
        })
        .prefault({}),
      /** The gateway stands on the region's own network. */
      allowPrivate: z.boolean().default(false),
      timeoutSeconds,
    })
    .superRefine(({ url, method, body, accepted, allowPrivate }, context) => {
      const fault = (path: string[], fr: string, en: string): void =>
        context.addIssue({ code: 'custom', path, message: expecting(fr, en) });
      const written = JSON.stringify(body.fields);
      if (!written.includes('{to}') || !written.includes('{text}'))
        fault(['body', 'fields'], 'des valeurs avec {to} et {text}', 'values with {to} and {text}');
      const isFlat = Object.values(body.fields).every((value) => typeof value !== 'object' || value === null);
      if ((body.form === 'form' || method === 'GET') && !isFlat)
        fault(
          ['body', 'fields'],
          'des valeurs simples, sans liste ni table',
          'plain values, no list or table',
        );
      if (method === 'GET' && body.form === 'json')
        fault(['body', 'form'], 'form, avec GET', 'form, with GET');
      if (accepted.field !== undefined && accepted.values.length === 0)
        fault(
          ['accepted', 'values'],
          'ce que la réponse dit quand elle accepte',
          'what an accepting answer says',
        );
      if (!url.startsWith('https:') && !(allowPrivate && isLoopback(new URL(url).hostname)))
        fault(
          ['url'],
          'une adresse https (http : cette machine seulement)',
          'an https address (http: this machine only)',
        );
    });

export const webhookSettings = (base: string) =>
  z.strictObject({
    name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/, expecting('a-z, 0-9 et -', 'a-z, 0-9 and -')),
    url: z.url({ protocol: /^https?$/ }).max(1000),
    /** Signs each message: at least 24 characters. */
    secretFile: secretFile(base),
    authorityFile: secretFile(base).optional(),
    timeoutSeconds: z.int().min(1).max(60).default(10),
  });
export type SmtpSettings = z.infer<ReturnType<typeof smtpSettings>>;
export type SmsSettings = z.infer<ReturnType<typeof smsSettings>>;
export type WebhookSettings = z.infer<ReturnType<typeof webhookSettings>>;
