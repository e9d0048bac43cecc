import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cutTo, septets, smsLength, toGsm } from '../../../receiver/alerts/gsm.ts';
import { quietUntil } from '../../../receiver/alerts/quiet-hours.ts';
import { createMessageWriter } from '../../../receiver/alerts/write-message.ts';
import { parseConfig } from '../../../receiver/config.ts';
import { createWatchRules } from '../../../receiver/monitor/settings.ts';
import {
  alertStates,
  otherCauses,
  type AlertCause,
  type AlertRow,
} from '../../../receiver/store/alert-tables.ts';
import { Fault } from '../../../shared/runtime/errors.ts';
import { dayFromIso, type Day } from '../../../shared/runtime/paris-time.ts';

const paris = (iso: string): number => Date.parse(iso);

describe('quiet hours', () => {
  const night = { from: '22:00', to: '07:00' };
  it('cross midnight', () => {
    expect(quietUntil(paris('2026-11-19T23:30:00+01:00'), night)).toBe(paris('2026-11-20T07:00:00+01:00'));
    expect(quietUntil(paris('2026-11-20T06:59:00+01:00'), night)).toBe(paris('2026-11-20T07:00:00+01:00'));
    const noon = paris('2026-11-20T12:00:00+01:00');
    expect(quietUntil(noon, night)).toBe(noon);
  });

  it('end with the morning on the nights when the clock changes', () => {
    expect(quietUntil(paris('2026-10-24T23:00:00+02:00'), night)).toBe(paris('2026-10-25T07:00:00+01:00'));
    expect(quietUntil(paris('2027-03-27T23:00:00+01:00'), night)).toBe(paris('2027-03-28T07:00:00+02:00'));
  });

  it('that end in the hour that comes twice, end once', () => {
    const short = { from: '01:00', to: '02:30' };
    expect(quietUntil(paris('2026-10-25T02:10:00+02:00'), short)).toBe(paris('2026-10-25T02:30:00+02:00'));
    const second = paris('2026-10-25T02:10:00+01:00');
    expect(quietUntil(second, short)).toBe(second);
  });
});

const causes: readonly AlertCause[] = [
  ...([
    'agent-dead',
    'network-cut',
    'agent-paused',
    'source-silent',
    'exports-rejected',
    'export-short',
  ] as const),
  ...(['held-by-guard', 'forward-blocked'] as const),
  ...otherCauses,
];
const day = dayFromIso('2026-11-19') ?? (0 as Day);
const row: AlertRow = {
  ...{ id: 123_456, key: 'k', kind: 'facility', facility: '990000010', feed: 'ed-visits', destination: null },
  ...{ members: ['990000010'], state: 'silent', cause: 'source-silent', days: [day], missing: 169 },
  ...{
    facts: { agent: 'alive', lastAt: paris('2026-11-18T02:05:00+01:00') },
    since: paris('2026-11-19T06:00:00+01:00'),
  },
  ...{ openedAt: 0, toldAt: null, remindedAt: null, escalatedAt: null, recoveringAt: null, returns: 0 },
  ...{ takenBy: null, takenName: null, takenAt: null, closedAt: null, ending: null, closedName: null },
  ...{ reason: null, changedAt: 0 },
};
const { watching } = parseConfig('state: s\nregion: r\n', '/r.yaml');
const writerWith = (name: string, url?: string) =>
  createMessageWriter({
    ...{ names: new Map([['990000010', name]]), region: 'Région', rules: createWatchRules(watching), url },
  });
const about = { kind: 'first', identity: 'i', now: row.since, language: 'fr' } as const;

describe('the words of a message', () => {
  it('say since when, what works, what to check, and what is missing', () => {
    const { subject, text } = writerWith('CH de Brumeval', 'https://region.example.org').write(row, {
      ...about,
      channel: 'email',
    });
    expect(subject).toBe('[Vaguemestre] Silence : CH de Brumeval, passages du 19/11');
    for (const part of [
      'Aucun fichier reçu depuis le 18/11 à 02:05 (attendu chaque jour avant 04:00).',
      'L’agent répond : le réseau et le poste fonctionnent.',
      'À vérifier d’abord : la tâche d’export du logiciel des urgences',
      'Environ 169 passages manquent à l’envoi national',
      'Ouvrir : https://region.example.org/alertes/123456',
    ])
      expect(text).toContain(part);
  });

  it('fit one text message of the telephone’s alphabet, whatever the name, state, cause and address', () => {
    const names = ['CH', 'Centre hospitalier intercommunal de l’Œuvre Saint-Éloi-lès-Ancy et du Haut-Pays'];
    const urls = [undefined, 'https://r.example.org', `https://${'long-'.repeat(20)}.example.org`];
    for (const name of names)
      for (const url of urls)
        for (const state of alertStates)
          for (const cause of causes)
            for (const kind of ['first', 'recovery'] as const)
              for (const language of ['fr', 'en'] as const) {
                const { text } = writerWith(name, url).write(
                  { ...row, state, cause, facts: { ...row.facts, files: 12 } },
                  { ...about, kind, language, channel: 'sms' },
                );
                expect(septets(text), text).toBeLessThanOrEqual(smsLength);
                expect(toGsm(text)).toBe(text);
                expect(text).toContain('Vaguemestre');
              }
  });

  it('are those of the design for a silence', () => {
    expect(writerWith('CH de Brumeval', 'https://r.fr').write(row, { ...about, channel: 'sms' }).text).toBe(
      'Vaguemestre: SILENCE CH de Brumeval. Rien depuis 18/11 02:05. Agent OK. 169 passages manquent. https://r.fr/alertes/123456',
    );
  });

  it('lose only what the alphabet lacks', () => {
    expect(toGsm('Hôpital de l’Œuvre, ça gêne à Évry 漢')).toBe("Hopital de l'OEuvre, ca gene à Évry ?");
    expect([septets('a€'), cutTo('abcdef', 4)]).toEqual([3, 'abc.']);
  });
});

describe('the settings of alerts', () => {
  const faultsOf = (alerts: unknown): string => {
    try {
      parseConfig(JSON.stringify({ state: 's', region: 'r', alerts }), '/r.yaml');
      return '';
    } catch (error) {
      return error instanceof Fault ? String(error.facts['faultsEn']) : '';
    }
  };

  it('are those of the README, its files found beside them', () => {
    const readme = readFileSync(resolve(import.meta.dirname, '../../../receiver/README.md'), 'utf8');
    const [, example = ''] = /## Alerts[\s\S]*?```yaml\n([\s\S]*?)```/.exec(readme) ?? [];
    const { alerts } = parseConfig(`state: s\nregion: r\n${example}`, '/etc/receiver.yaml');
    expect(alerts.recipients.map(({ role }) => role)).toEqual(['region', 'on-call', 'facility']);
    expect([alerts.webhooks[0]?.secretFile, alerts.sms?.headersFile]).toEqual([
      '/etc/hook.secret',
      '/etc/sms.headers',
    ]);
  });

  it('may all be left out', () => {
    const { alerts } = parseConfig('state: s\nregion: r\n', '/r.yaml');
    expect(alerts).toMatchObject({ recipients: [], holdMinutes: 10, repeatHours: 24 });
  });

  it.each([
    'a@b.fr\nBcc: x@y.fr',
    'a@b.fr, c@d.fr',
    '"A" <a@b.fr>',
    'a@b.fr (x)',
    'a@b.fr;c@d.fr',
    'a b@c.fr',
    'a@[127.0.0.1]',
    '@b.fr',
  ])('take no address like %j', (address) => {
    expect(faultsOf({ recipients: [{ name: 'x', role: 'region', emails: [address] }] })).toContain(
      'emails[0]',
    );
  });

  it('have their faults told all at once', () => {
    const faults = faultsOf({
      smtp: { host: 'relay.example.org', secure: 'none', from: 'a@b.fr', user: 'u' },
      sms: { url: 'http://sms.example.org', body: { fields: { a: 'b' } } },
      webhooks: [{ name: 'w', url: 'http://hook.example.org/x', secretFile: 's' }],
      recipients: [
        { name: 'x', role: 'facility', emails: ['a@b.fr'], quietHours: { from: '22:00', to: '25:00' } },
        { name: 'x', role: 'agency', sms: ['0600000000'], webhooks: ['y'] },
      ],
      escalation: { afterHours: 2, recipients: ['z'] },
    });
    for (const key of [
      ...['smtp.secure', 'smtp.passwordFile', 'sms.url', 'sms.body.fields', 'recipients[0].facilities'],
      ...['recipients[0].quietHours.to', 'recipients[1].sms[0]', 'recipients[1].destinations'],
    ])
      expect(faults).toContain(`alerts.${key}`);
    expect(faults).not.toContain('something else');
    const later = faultsOf({
      webhooks: [{ name: 'w', url: 'http://hook.example.org/x', secretFile: 's' }],
      recipients: [{ name: 'x', role: 'region', webhooks: ['y'] }],
      escalation: { afterHours: 2, recipients: ['z'] },
    });
    for (const key of ['webhooks[0].url', 'recipients[0].webhooks[0]', 'escalation.recipients[0]'])
      expect(later).toContain(`alerts.${key}`);
  });
});
