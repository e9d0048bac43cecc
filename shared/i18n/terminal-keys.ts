import type { Bilingual } from './texts.ts';

/** What `receiver key list | rotate | destroy` say. */
export const terminalKeys = {
  keyLine: {
    fr: '{id}  {role}, {state} ; depuis le {from}{ends}{more}',
    en: '{id}  {role}, {state}; since {from}{ends}{more}',
  },
  keyLineNext: {
    fr: '{id}  {role}, {state} ; à partir du {from}{ends}{more}',
    en: '{id}  {role}, {state}; from {from} on{ends}{more}',
  },
  keyLineGone: {
    fr: '{id}  {role}, {state} le {at}',
    en: '{id}  {role}, {state} on {at}',
  },
  keyEnds: { fr: ' ; finit le {at}', en: '; ends on {at}' },
  keyKnown: {
    fr: ' ; connue de {known} agents sur {agents}',
    en: '; known to {known} agents of {agents}',
  },
  keyHanging: { fr: ' ; {n} certificats en dépendent', en: '; {n} certificates hang on it' },
  keyFree: { fr: ' ; peut être détruite', en: '; may be destroyed' },
  keyWaiting: {
    fr: ' ; attend {agents} agents ({names}), {envelopes} plis, {days} jours',
    en: '; waits for {agents} agents ({names}), {envelopes} envelopes, {days} days',
  },
  rootLine: { fr: 'racine ; finit le {at} ; clé {place}', en: 'root; ends on {at}; key {place}' },
  rootHere: { fr: 'sur cette machine', en: 'on this machine' },
  rootAway: { fr: 'hors ligne', en: 'offline' },
  recoveryLine: { fr: 'secours ; finit le {at}', en: 'recovery; ends on {at}' },
  bundleLine: { fr: 'paquet de confiance, version {version}', en: 'trust bundle, version {version}' },
  rotatedNow: {
    fr: '{id} est en service ; la précédente reste jusqu’à : receiver key destroy',
    en: '{id} is in use; the one before stays until: receiver key destroy',
  },
  rotatedServer: {
    fr: '{id} est en service ; la précédente est détruite',
    en: '{id} is in use; the one before is destroyed',
  },
  rotatedLater: {
    fr: '{id} est annoncée et entre en service le {from} ; d’ici là les agents l’apprennent d’eux-mêmes',
    en: '{id} is announced and comes into use on {from}; until then agents learn of it by themselves',
  },
  destroyed: { fr: '{id} est détruite', en: '{id} is destroyed' },
  sheetWritten: {
    fr: 'Feuille à imprimer et à remettre : {path} (bonne jusqu’au {expires}) ; effacez le fichier ensuite, le code n’est gardé nulle part',
    en: 'Sheet to print and hand over: {path} (good until {expires}); then erase the file, the code is kept nowhere',
  },
  approvalAsked: {
    fr: 'Une autre personne l’admettra : receiver agent approve {agent} --fingerprint « … »',
    en: 'Another person lets it in: receiver agent approve {agent} --fingerprint "…"',
  },
  approved: {
    fr: 'La machine de l’agent {name} est admise ; elle entre d’elle-même dans les secondes qui viennent',
    en: 'The machine of agent {name} is let in; it comes in by itself within seconds',
  },
  rolledBack: {
    fr: '  ! la version {version} n’a pas tenu ({at}), la précédente sert',
    en: '  ! version {version} did not hold ({at}), the one before serves',
  },
  awaiting: { fr: '  attend d’être admis', en: '  waits to be let in' },
  recovered: {
    fr: '{recovered} plis ouverts avec la clé de secours et traités, {refused} refusés',
    en: '{recovered} envelopes opened with the recovery key and processed, {refused} refused',
  },
  recoverNone: {
    fr: 'Aucun pli refusé n’a besoin de la clé de secours',
    en: 'No refused envelope needs the recovery key',
  },
  endsSoon: {
    fr: '{what} finit dans {days} jours, le {at} : {todo}',
    en: '{what} ends in {days} days, on {at}: {todo}',
  },
  ended: { fr: '{what} est finie depuis le {at} : {todo}', en: '{what} ended on {at}: {todo}' },
  mailSubject: {
    fr: '[Vaguemestre] {what} finit dans {days} jours',
    en: '[Vaguemestre] {what} ends in {days} days',
  },
  mailSubjectEnded: { fr: '[Vaguemestre] {what} est finie', en: '[Vaguemestre] {what} has ended' },
  mailFoot: {
    fr: 'Région : {region}. Toutes les clés : receiver key list',
    en: 'Region: {region}. All keys: receiver key list',
  },
} as const satisfies Readonly<Record<string, Bilingual>>;

export const keyStateWords = {
  next: { fr: 'annoncée', en: 'announced' },
  current: { fr: 'en service', en: 'in use' },
  retiring: { fr: 'remplacée', en: 'replaced' },
  destroyed: { fr: 'détruite', en: 'destroyed' },
} as const satisfies Readonly<Record<string, Bilingual>>;

export const keyRoleWords = {
  encryption: { fr: 'ouverture des plis', en: 'opening of envelopes' },
  receipts: { fr: 'signature des reçus', en: 'signing of receipts' },
  issuing: { fr: 'autorité de certification', en: 'issuing authority' },
  server: { fr: 'certificat TLS', en: 'TLS certificate' },
} as const satisfies Readonly<Record<string, Bilingual>>;

/** What ends: how it is called, and what to do about it. */
export const endingWords = {
  encryption: {
    what: { fr: 'La clé d’ouverture des plis', en: 'The key that opens envelopes' },
    todo: {
      fr: 'receiver key rotate encryption ; d’ici là rien n’est perdu',
      en: 'receiver key rotate encryption; nothing is lost meanwhile',
    },
  },
  issuing: {
    what: { fr: 'L’autorité de certification', en: 'The issuing authority' },
    todo: {
      fr: 'receiver key rotate ca ; ensuite plus aucun agent ne pourrait renouveler',
      en: 'receiver key rotate ca; after that no agent could renew',
    },
  },
  server: {
    what: { fr: 'La clé TLS du récepteur', en: 'The TLS key of the receiver' },
    todo: {
      fr: 'receiver key rotate server ; ensuite plus aucun agent ne se connecterait',
      en: 'receiver key rotate server; after that no agent would connect',
    },
  },
  root: {
    what: { fr: 'La racine de la région', en: 'The root of the region' },
    todo: {
      fr: 'une nouvelle région est à préparer, et ses agents à enrôler',
      en: 'a new region is to be prepared, and its agents enrolled',
    },
  },
  recovery: {
    what: { fr: 'La clé de secours', en: 'The recovery key' },
    todo: {
      fr: 'ensuite les nouveaux plis ne s’ouvriraient plus qu’avec la clé du récepteur',
      en: 'after that new envelopes would open with the receiver’s key only',
    },
  },
  agent: {
    what: { fr: 'L’identité de l’agent {name}', en: 'The identity of agent {name}' },
    todo: {
      fr: 'il ne renouvelle pas ses certificats : voir son journal, sinon receiver agent invite --agent {id}',
      en: 'it does not renew its certificates: see its log, else receiver agent invite --agent {id}',
    },
  },
  destination: {
    what: { fr: 'La clé de la destination {name}', en: 'The key of destination {name}' },
    todo: {
      fr: 'demander la suivante à l’agence, puis receiver destination approve-key {name}',
      en: 'ask the agency for the next one, then receiver destination approve-key {name}',
    },
  },
} as const satisfies Readonly<Record<string, { readonly what: Bilingual; readonly todo: Bilingual }>>;

/** The sheet of paper that a region gives a hospital: `receiver agent invite --sheet FILE`. */
export const sheetTexts = {
  title: { fr: 'Raccordement de {name}', en: 'Connecting {name}' },
  about: {
    fr: 'Région : {region}. Établissements : {facilities}.',
    en: 'Region: {region}. Facilities: {facilities}.',
  },
  until: {
    fr: 'Ce code sert une fois, jusqu’au {until} (heure de Paris).',
    en: 'This code works once, until {until} (Paris time).',
  },
  code: { fr: 'Code d’enrôlement', en: 'Enrolment code' },
  spaces: {
    fr: 'Les espaces ne comptent pas ; majuscules et minuscules non plus.',
    en: 'Spaces do not count; nor do capitals.',
  },
  steps: { fr: 'Sur la machine de l’agent', en: 'On the agent’s machine' },
  stepInstall: {
    fr: 'Installez le paquet Vaguemestre remis par la région.',
    en: 'Install the Vaguemestre package that the region gave you.',
  },
  stepEnroll: {
    fr: 'Lancez, puis tapez ou scannez le code :',
    en: 'Run this, then type or scan the code:',
  },
  stepApproval: {
    fr: 'L’agent affiche une empreinte : appelez la région et lisez-la ; l’agent attend son accord.',
    en: 'The agent shows a fingerprint: call the region and read it; the agent waits for its consent.',
  },
  stepCheck: {
    fr: 'Vérifiez : vaguemestre-agent doctor.',
    en: 'Check: vaguemestre-agent doctor.',
  },
  stepDestroy: {
    fr: 'Détruisez cette feuille. Perdue avant usage : prévenez la région, qui révoque le code.',
    en: 'Destroy this sheet. Lost before use: tell the region, which revokes the code.',
  },
} as const satisfies Readonly<Record<string, Bilingual>>;
