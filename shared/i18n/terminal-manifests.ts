import type { Bilingual } from './texts.ts';

/** What the commands about manifests and notices print. */
export const manifestTerminal = {
  title: {
    fr: '{region} → {destination}, flux {feed}, jour {day} : bordereau n° {serial}, établi le {issued}, heure limite {cutOff}',
    en: '{region} → {destination}, feed {feed}, day {day}: manifest no. {serial}, issued {issued}, cut-off {cutOff}',
  },
  formats: { fr: 'Formats : {formats}', en: 'Formats: {formats}' },
  facility: {
    fr: '{finess}  {state}  {records} enregistrements  {file}  {name}',
    en: '{finess}  {state}  {records} records  {file}  {name}',
  },
  unexpected: { fr: '(non attendu)', en: '(not expected)' },
  noFile: { fr: 'aucun envoi', en: 'no dispatch' },
  fileSent: { fr: '{file} ({state} le {at})', en: '{file} ({state} {at})' },
  fileOnly: { fr: '{file} ({state})', en: '{file} ({state})' },
  totals: {
    fr: '{expected} attendus : {received} reçus, {late} en retard, {absent} absents, {held} retenus, {closed} fermés, {degraded} en mode dégradé ; {records} enregistrements, {files} envois',
    en: '{expected} expected: {received} received, {late} late, {absent} absent, {held} held, {closed} closed, {degraded} degraded; {records} records, {files} dispatches',
  },
  verified: {
    fr: 'Authentique : signé par la région {region}. Empreinte de sa racine, à comparer avec ce qu’elle vous a dit : {root}',
    en: 'Authentic: signed by region {region}. Digest of its root, to compare with what it told you: {root}',
  },
  mergedRegion: {
    fr: '{region} → {destination}, {day} (n° {serial}) : {proof}',
    en: '{region} → {destination}, {day} (no. {serial}): {proof}',
  },
  proofVerified: { fr: 'authentique', en: 'authentic' },
  proofNone: {
    fr: 'NON VÉRIFIÉ, faute de fichier de confiance de cette région (--bundle)',
    en: 'NOT VERIFIED, for want of a trust bundle of this region (--bundle)',
  },
  mergedRefused: { fr: '! {file} : {message}', en: '! {file}: {message}' },
  mergedReplaced: {
    fr: '{file} : remplacé par le n° {serial} du même jour',
    en: '{file}: replaced by no. {serial} of the same day',
  },
  mergedTotals: {
    fr: 'Ensemble : {regions} régions, dont {unverified} non vérifiées ; {refused} fichiers refusés',
    en: 'Together: {regions} regions, {unverified} of them not verified; {refused} files refused',
  },
  noticeAdded: {
    fr: 'Avis n° {id} : {facility} {kind} du {from} au {to}',
    en: 'Notice no. {id}: {facility} {kind} from {from} to {to}',
  },
  noticeEnded: { fr: 'Avis n° {id} retiré', en: 'Notice no. {id} withdrawn' },
  noticeLine: {
    fr: 'n° {id}  {facility}  {kind}  du {from} au {to}  {reason} ({person})',
    en: 'no. {id}  {facility}  {kind}  from {from} to {to}  {reason} ({person})',
  },
  noticeNone: { fr: 'Aucun avis en cours ni à venir', en: 'No notice now or to come' },
} as const satisfies Record<string, Bilingual>;
export type ManifestTerminalText = keyof typeof manifestTerminal;

export const noticeKindNames = {
  closed: { fr: 'fermé', en: 'closed' },
  degraded: { fr: 'en mode dégradé', en: 'degraded' },
} as const satisfies Record<string, Bilingual>;

export const facilityStateNames = {
  received: { fr: 'reçu', en: 'received' },
  late: { fr: 'en retard', en: 'late' },
  absent: { fr: 'absent', en: 'absent' },
  held: { fr: 'retenu', en: 'held' },
  closed: { fr: 'fermé', en: 'closed' },
  degraded: { fr: 'mode dégradé', en: 'degraded' },
} as const satisfies Record<string, Bilingual>;

export const fileStateNames = {
  waiting: { fr: 'en attente', en: 'waiting' },
  sent: { fr: 'envoyé', en: 'sent' },
  acknowledged: { fr: 'acquitté', en: 'acknowledged' },
  refused: { fr: 'refusé', en: 'refused' },
  dead: { fr: 'abandonné', en: 'given up' },
} as const satisfies Record<string, Bilingual>;
