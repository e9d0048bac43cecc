import type { Bilingual } from './texts.ts';

/** What `receiver verify` says beside ledgers, journal and deletions. */
export const terminalVerify = {
  manifestsGood: {
    fr: 'Bordereaux : {manifests}, signés par la région',
    en: 'Manifests: {manifests} signed by the region',
  },
  manifestBroken: {
    fr: '  {destination}, n° {serial} : altéré, ou non signé par la région',
    en: '  {destination}, no. {serial}: altered, or not signed by the region',
  },
  keyEndsGood: {
    fr: 'Fins de clés : {ends} destructions que le journal confirme',
    en: 'Ends of keys: {ends} destructions that the journal confirms',
  },
  untold: {
    fr: '  {key} : détruite sans que le journal dise par qui',
    en: '  {key}: destroyed, and the journal does not say by whom',
  },
  there: {
    fr: '  {key} : dite détruite, mais sa partie privée est encore dans le dossier des clés',
    en: '  {key}: said to be destroyed, and its private half is still in the key folder',
  },
  undone: {
    fr: '  {key} : le journal la dit détruite, elle est encore là ; refaites « receiver key destroy {key} »',
    en: '  {key}: the journal says that it was destroyed, and it is still there; repeat "receiver key destroy {key}"',
  },
} as const satisfies Readonly<Record<string, Bilingual>>;
