import { allFeeds } from '../../../shared/feeds/registry.ts';
import { privacyTexts } from '../../../shared/i18n/privacy-sheet.ts';
import { speaker, type Language } from '../../../shared/i18n/texts.ts';
import type { ReceiverConfig } from '../../config.ts';
import {
  alwaysPurged,
  retentionClasses,
  retentionTerms,
  termOf,
  type RetentionClass,
  type RetentionConfig,
} from '../../config-retention.ts';
import type { Paper, Part } from './paper.ts';
import { hostOf, recipientsPart } from './recipients.ts';
import type { Say } from './say.ts';

export interface PaperFacts {
  readonly config: ReceiverConfig;
  /** As people write it. */
  readonly day: string;
  readonly version: string;
  readonly language: Language;
}

/** What article 30 asks for, as the settings have it; what they cannot know is left to be filled in, and says so. */
export function processingRecord({ config, day, version, language }: PaperFacts): Paper {
  const say = speaker(privacyTexts, language);
  return {
    title: `${say('record')} · ${config.region}`,
    lead: say('made', { day, version, region: config.region }),
    parts: [
      whoPart(say, config),
      { title: say('why'), texts: [...purposes(say), say('basis')] },
      dataPart(say),
      recipientsPart(say, config.destinations, config.portal !== undefined),
      { title: say('abroad'), texts: [say('fill')] },
      keepPart(say, config),
      securePart(say, config),
      processorsPart(say, config),
      { title: say('rights'), texts: [say('rightsHow'), `${say('notice')} : ${say('fill')}`] },
      { title: say('breach'), texts: [say('breachHow')] },
    ],
  };
}

/** The same facts on a page or two, for those whose data it is. */
export function protectionSheet({ config, day, version, language }: PaperFacts): Paper {
  const say = speaker(privacyTexts, language);
  return {
    title: `${say('sheet')} · ${config.region}`,
    lead: say('made', { day, version, region: config.region }),
    parts: [
      { title: say('why'), texts: purposes(say) },
      { title: say('what'), texts: [say('patients')] },
      recipientsPart(say, config.destinations, config.portal !== undefined),
      keepPart(say, config),
      securePart(say, config),
      { title: say('rights'), texts: [say('rightsHow'), `${say('officer')} : ${say('fill')}`] },
    ],
  };
}

function purposes(say: Say): readonly string[] {
  return [say('purposeSend'), say('purposeWatch'), say('purposeQuality')];
}

function whoPart(say: Say, { region }: ReceiverConfig): Part {
  return {
    title: say('who'),
    table: {
      head: [say('item'), say('content')],
      rows: [
        [say('region'), region],
        [say('controller'), say('fill')],
        [say('officer'), say('fill')],
        [say('roles'), say('fill')],
      ],
    },
  };
}

function dataPart(say: Say): Part {
  return {
    title: say('what'),
    texts: [say('patients'), say('staff')],
    table: {
      head: [say('feed'), say('items')],
      rows: allFeeds.map(({ name, fields }) => [
        name,
        fields
          .map(({ name: field, tag, freeText }) => {
            const shown = tag ?? field;
            return freeText === true ? say('freeText', { tag: shown }) : shown;
          })
          .join(', '),
      ]),
    },
  };
}

function keepPart(say: Say, { retention, alerts }: ReceiverConfig): Part {
  return {
    title: say('keep'),
    texts: [
      retention.inForce ? say('keepOn', { at: retention.at }) : say('keepOff'),
      say('keepElse', { alerts: alerts.retentionDays }),
    ],
    table: {
      head: [say('class'), say('term'), say('applied'), say('bounds')],
      rows: retentionClasses.map((name) => {
        const { count, unit, setting } = termOf(retention, name);
        const { least, most } = retentionTerms[name];
        const bounds = `retention.${setting} (${least}–${most})`;
        return [say(`keep-${name}`), say(unit, { count }), appliedOf(say, retention, name), bounds];
      }),
    },
  };
}

function appliedOf(say: Say, retention: RetentionConfig, name: RetentionClass): string {
  const { inForce, backupFolder } = retention;
  if (!inForce) return say(alwaysPurged.includes(name) ? 'yes' : 'no');
  const lacksFolder = name === 'backups' && backupFolder === undefined;
  return say(lacksFolder ? 'noFolder' : 'yes');
}

function securePart(say: Say, { portal, destinations, retention }: ReceiverConfig): Part {
  const [on, off] = [say('on'), say('off')];
  const named = (isSealed: boolean): string =>
    destinations
      .filter(({ protection }) => (protection.kind !== 'none') === isSealed)
      .map(({ name }) => name)
      .join(', ');
  const pages = portal === undefined ? 'pages-none' : portal.tls === undefined ? 'pages-proxy' : 'pages-tls';
  const whom = portal?.secondFactor;
  const { backupFolder } = retention;
  const rows: (readonly string[])[] = [
    ...(['safe-tls', 'safe-seals', 'safe-ledger', 'safe-audit'] as const).map((name) => [say(name), on]),
    [say('safe-pages', { how: say(pages) }), portal === undefined ? '-' : on],
    ...(whom === undefined
      ? []
      : [[say('safe-factor', { whom: say(`factor-${whom}`) }), whom === 'nobody' ? off : on]]),
    ...(named(true) === '' ? [] : [[say('safe-sealedFiles', { list: named(true) }), on]]),
    ...(named(false) === '' ? [] : [[say('safe-clearFiles', { list: named(false) }), off]]),
    backupFolder === undefined
      ? [say('safe-backupsOff'), off]
      : [say('safe-backups', { folder: backupFolder }), on],
    [say('safe-disk'), say('fill')],
  ];
  return { title: say('secure'), table: { head: [say('measure'), say('state')], rows } };
}

function processorsPart(say: Say, { alerts, portal, watching }: ReceiverConfig): Part {
  const { smtp, sms, webhooks } = alerts;
  const { beat } = watching;
  const services = [
    say('host'),
    ...(smtp === undefined ? [] : [say('smtp', { place: smtp.host })]),
    ...(sms === undefined ? [] : [say('sms', { place: hostOf(sms.url) })]),
    ...webhooks.map(({ url }) => say('webhook', { place: hostOf(url) })),
    ...(portal?.oidc === undefined ? [] : [say('oidc', { place: hostOf(portal.oidc.issuer) })]),
    ...(beat === undefined ? [] : [say('beat', { place: hostOf(beat.url) })]),
  ];
  return {
    title: say('processors'),
    table: { head: [say('item'), say('contract')], rows: services.map((text) => [text, say('fill')]) },
  };
}
