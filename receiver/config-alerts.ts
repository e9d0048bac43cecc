import { isLoopback } from './config-parts.ts';
import { z } from 'zod';
import { isFiness } from '../shared/feeds/facility.ts';
import { expecting } from '../shared/runtime/settings.ts';
import { mailAddress, smsSettings, smtpSettings, webhookSettings } from './config-alert-channels.ts';
import { alertStates, otherCauses } from './store/alert-tables.ts';

/** Who is told of what goes wrong, how and when. Left out, alerts are kept and shown, and nobody is told. */
const watchCauses = [
  ...['agent-dead', 'network-cut', 'agent-paused', 'source-silent', 'exports-rejected', 'export-short'],
  'held-by-guard',
] as const;
const hour = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, expecting('une heure HH:MM', 'a time HH:MM'));
const finess = z.string().refine(isFiness, expecting('un FINESS géographique', 'a geographic FINESS'));
/** As gateways want it: international. */
const telephone = z
  .string()
  .regex(/^\+[1-9]\d{6,14}$/, expecting('un numéro international, +33…', 'an international number, +33...'));

const quietHours = z
  .strictObject({
    /** Paris. */
    from: hour,
    to: hour,
    /** Silences and destinations that are down are told all the same. */
    criticalPasses: z.boolean().default(false),
  })
  .refine(({ from, to }) => from !== to, expecting('deux heures différentes', 'two different times'));

const recipient = z
  .strictObject({
    name: z.string().min(1).max(60),
    /**
     * region: all alerts. on-call: silences, destinations and faults. facility: those of its facilities. agency: those of its
     * destinations.
     */
    role: z.enum(['region', 'on-call', 'facility', 'agency']),
    facilities: z.union([z.literal('all'), z.array(finess).min(1).max(500)]).default('all'),
    destinations: z.array(z.string().min(1).max(100)).max(100).default([]),
    /** These only. */
    states: z.array(z.enum(alertStates)).min(1).optional(),
    causes: z
      .array(z.enum([...watchCauses, ...otherCauses]))
      .min(1)
      .optional(),
    emails: z.array(mailAddress).max(20).default([]),
    sms: z.array(telephone).max(20).default([]),
    /** Names of webhooks. */
    webhooks: z.array(z.string()).max(20).default([]),
    language: z.enum(['fr', 'en']).default('fr'),
    quietHours: quietHours.optional(),
  })
  .superRefine(({ role, facilities, destinations, emails, sms, webhooks }, context) => {
    const fault = (path: string, fr: string, en: string): void =>
      context.addIssue({ code: 'custom', path: [path], message: expecting(fr, en) });
    if (role === 'facility' && facilities === 'all')
      fault('facilities', 'la liste des FINESS de ces personnes', 'the list of FINESS of these people');
    if (role === 'agency' && destinations.length === 0)
      fault('destinations', 'les noms de ses destinations', 'the names of its destinations');
    if (emails.length + sms.length + webhooks.length === 0)
      fault(
        'emails',
        'une adresse au moins (emails, sms ou webhooks)',
        'one address at least (emails, sms or webhooks)',
      );
  });

export const alertSettings = (base: string) =>
  z
    .strictObject({
      smtp: smtpSettings(base).optional(),
      sms: smsSettings(base).optional(),
      webhooks: z.array(webhookSettings(base)).max(20).default([]),
      /** The only hosts that webhooks may name. */
      allowedHosts: z.array(z.string().min(1).max(253)).max(50).default([]),
      /** Webhooks of this very machine, in clear. */
      allowLoopback: z.boolean().default(false),
      recipients: z.array(recipient).max(500).default([]),
      /** A trouble that passes sooner is told to nobody. */
      holdMinutes: z.int().min(0).max(240).default(10),
      /** While it lasts, people are told again. */
      repeatHours: z.int().min(1).max(720).default(24),
      /** When nobody has taken it. */
      escalation: z
        .strictObject({
          afterHours: z.int().min(1).max(168),
          recipients: z.array(z.string()).min(1).max(50),
        })
        .optional(),
      /** As many facilities as this that fall silent at once, so many percent of all, have one cause. */
      together: z
        .strictObject({
          facilities: z.int().min(2).max(1000).default(5),
          percent: z.int().min(1).max(100).default(30),
          minutes: z.int().min(1).max(120).default(15),
        })
        .prefault({}),
      retentionDays: z.int().min(31).max(3650).default(400),
    })
    .superRefine((alerts, context) => {
      const fault = (path: (string | number)[], fr: string, en: string): void =>
        context.addIssue({ code: 'custom', path, message: expecting(fr, en) });
      const { recipients, webhooks, allowedHosts, allowLoopback, escalation, smtp, sms } = alerts;
      for (const [index, { url }] of webhooks.entries()) {
        const { hostname, protocol, username } = new URL(url);
        if (!allowedHosts.includes(hostname))
          fault(['webhooks', index, 'url'], 'un hôte de allowedHosts', 'a host of allowedHosts');
        if (username !== '' || (protocol !== 'https:' && !(allowLoopback && isLoopback(hostname))))
          fault(
            ['webhooks', index, 'url'],
            'une adresse https, sans mot de passe',
            'an https address, without a password',
          );
      }
      const names = new Set<string>();
      for (const [index, each] of recipients.entries()) {
        if (names.has(each.name)) fault(['recipients', index, 'name'], 'un nom unique', 'a unique name');
        names.add(each.name);
        if (each.emails.length > 0 && smtp === undefined)
          fault(
            ['recipients', index, 'emails'],
            'alerts.smtp pour envoyer des courriels',
            'alerts.smtp to send e-mails',
          );
        if (each.sms.length > 0 && sms === undefined)
          fault(
            ['recipients', index, 'sms'],
            'alerts.sms pour envoyer des SMS',
            'alerts.sms to send text messages',
          );
        for (const [at, name] of each.webhooks.entries())
          if (!webhooks.some((webhook) => webhook.name === name))
            fault(['recipients', index, 'webhooks', at], 'le nom d’un webhook', 'the name of a webhook');
      }
      for (const [index, name] of escalation?.recipients.entries() ?? [])
        if (!names.has(name))
          fault(['escalation', 'recipients', index], 'le nom d’un destinataire', 'the name of a recipient');
    })
    .prefault({});
export type AlertsConfig = z.infer<ReturnType<typeof alertSettings>>;
export type AlertRecipient = AlertsConfig['recipients'][number];
