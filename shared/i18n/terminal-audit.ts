import type { Bilingual } from './texts.ts';

/** What the commands about proposals and the audit log print. */
export const terminalAudit = {
  proposesRemoval: {
    fr: '{person} propose de retirer {count} passages de {facility} ({subject}) : {reason}',
    en: '{person} proposes to remove {count} visits of {facility} ({subject}): {reason}',
  },
  proposesKeeping: {
    fr: '{person} propose de garder {count} passages de {facility} ({subject}) : {reason}',
    en: '{person} proposes to keep {count} visits of {facility} ({subject}): {reason}',
  },
  confirmBy: {
    fr: '  rien n’est encore changé ; une autre personne confirme avant le {until}, de préférence sur la page du lot, ou par : proposal confirm {proposal}',
    en: '  nothing is changed yet; another person confirms before {until}, preferably on the page of the batch, or with: proposal confirm {proposal}',
  },
  confirmOnPage: {
    fr: '  faite sur les pages ({proposal}) : un autre compte la confirme sur la page du lot avant le {until}',
    en: '  made on the pages ({proposal}): another account confirms it on the page of the batch before {until}',
  },
  noProposal: { fr: 'Aucune proposition n’attend', en: 'No proposal is waiting' },
  withdrawn: { fr: 'Proposition {proposal} retirée', en: 'Proposal {proposal} withdrawn' },
  auditLine: {
    fr: '{seq}  {at}  {actor}  {action}  {subject}{facility}{reason}',
    en: '{seq}  {at}  {actor}  {action}  {subject}{facility}{reason}',
  },
  auditMore: {
    fr: 'Suite : --before {seq}',
    en: 'More: --before {seq}',
  },
  auditNone: { fr: 'Aucune ligne', en: 'No line' },
  auditGood: {
    fr: 'Le journal est entier : {lines} lignes, dernière empreinte {head}',
    en: 'The audit log is whole: {lines} lines, last digest {head}',
  },
  auditBroken: {
    fr: 'Le journal est rompu à la ligne {seq} : {fault} ; {lines} lignes tiennent avant elle',
    en: 'The audit log is broken at line {seq}: {fault}; {lines} lines hold before it',
  },
  auditSigned: {
    fr: 'Signé par la région jusqu’à la ligne {seq}, le {at} ; la suite pourrait être coupée sans que cela se voie. Notez ailleurs « {head} » et donnez-le la prochaine fois à --head',
    en: 'Signed by the region up to line {seq}, on {at}; what follows could be cut off unseen. Write down “{head}” elsewhere and give it to --head next time',
  },
  auditUnsigned: {
    fr: 'Rien n’est encore signé par la région : le récepteur signe au démarrage, puis chaque jour',
    en: 'Nothing is signed by the region yet: the receiver signs when it starts, then every day',
  },
  altered: { fr: 'une ligne n’est plus ce qui a été écrit', en: 'a line is no longer what was written' },
  missing: { fr: 'une ligne manque', en: 'a line is missing' },
  reordered: { fr: 'une ligne n’est pas à sa place', en: 'a line is not in its place' },
  cut: { fr: 'la fin manque', en: 'the end is missing' },
  seal: {
    fr: 'la ligne n’est pas celle que la région a signée',
    en: 'the line is not the one that the region signed',
  },
} as const satisfies Readonly<Record<string, Bilingual>>;
export type AuditText = keyof typeof terminalAudit;
