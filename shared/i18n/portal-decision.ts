import type { Bilingual } from './texts.ts';

/** The decision about a held batch. */
export const portalDecision = {
  batches: { fr: 'Lots', en: 'Batches' },
  title: { fr: 'Décision sur un lot retenu', en: 'Decision on a held batch' },
  sentenceBefore: { fr: 'Ce fichier retirerait ', en: 'This file would remove ' },
  visits: { fr: '{count} passages', en: '{count} visits' },
  sentenceAfter: {
    fr: ' déjà reçus : il attend une décision.',
    en: ' already received: it waits for a decision.',
  },
  sentenceWhole: {
    fr: 'Rien de ce fichier n’est appliqué : il attend une décision.',
    en: 'Nothing of this file is applied: it waits for a decision.',
  },
  ledeRemovals: {
    fr: 'Ses ajouts et ses corrections sont appliqués et envoyés ; rien n’a été retiré.',
    en: 'Its additions and corrections are applied and sent; nothing has been removed.',
  },
  ledeRekeying: {
    fr: 'Presque toutes ses clés ont changé : l’appliquer remplacerait des passages déjà reçus.',
    en: 'Nearly all its keys have changed: applying it would replace visits already received.',
  },
  ledeSource: {
    fr: 'Il vient d’une autre source que celle qui est déclarée : l’appliquer en fait la source de l’établissement.',
    en: 'It comes from another source than the declared one: applying it makes that the facility’s source.',
  },
  tableTitle: { fr: 'Ce que ce lot retirerait', en: 'What this batch would remove' },
  tableLabel: { fr: 'Jours du lot, tableau', en: 'Days of the batch, table' },
  day: { fr: 'Jour de passage', en: 'Visit day' },
  kept: { fr: 'Conservés', en: 'Stored' },
  inFile: { fr: 'Dans le fichier', en: 'In the file' },
  gap: { fr: 'Écart', en: 'Difference' },
  part: { fr: 'partie {part}', en: 'part {part}' },
  what: { fr: 'Que faire de ce lot ?', en: 'What should be done with this batch?' },
  advice: {
    fr: 'Un fichier filtré ou une journée perdue donnent cette image. L’établissement peut renvoyer un fichier entier, qui remplace cette décision.',
    en: 'A filtered file or a lost day looks like this. The facility can send a whole file again, which takes the place of this decision.',
  },
  which: { fr: 'Jours concernés', en: 'Days concerned' },
  dayChoice: { fr: '{day} : {count} passages', en: '{day}: {count} visits' },
  reason: { fr: 'Motif', en: 'Reason' },
  reasonHint: {
    fr: '(obligatoire, gardé au journal, sans nom de patient)',
    en: '(required, kept in the audit log, no patient named)',
  },
  keep: { fr: 'Garder les {count} passages', en: 'Keep the {count} visits' },
  keepDays: { fr: 'Garder les jours cochés', en: 'Keep the days ticked' },
  remove: { fr: 'Retirer {count} passages…', en: 'Remove {count} visits…' },
  removeDays: { fr: 'Retirer les jours cochés…', en: 'Remove the days ticked…' },
  refuseFile: { fr: 'Ne pas appliquer ce fichier', en: 'Do not apply this file' },
  applyFile: { fr: 'Appliquer ce fichier…', en: 'Apply this file…' },
  proposeKeep: { fr: 'Proposer de garder', en: 'Propose to keep' },
  proposeRemove: { fr: 'Proposer de retirer…', en: 'Propose to remove…' },
  after: {
    fr: 'L’établissement reçoit la décision. Une seconde personne confirme tout retrait au-delà de {limit} passages pour un même fichier.',
    en: 'The facility is told of the decision. A second person confirms any removal beyond {limit} visits of one file.',
  },
  afterHospital: {
    fr: 'La région décide ; elle voit votre proposition et son motif.',
    en: 'The region decides; it sees your proposal and its reason.',
  },
  proposals: { fr: 'Propositions', en: 'Proposals' },
  proposesRemove: {
    fr: '{person} propose de retirer {count} passages, {at} : {reason}',
    en: '{person} proposed to remove {count} visits, {at}: {reason}',
  },
  proposesKeep: {
    fr: '{person} propose de garder {count} passages, {at} : {reason}',
    en: '{person} proposed to keep {count} visits, {at}: {reason}',
  },
  byRegion: { fr: 'Région', en: 'Region' },
  byFacility: { fr: 'Établissement', en: 'Facility' },
  until: { fr: 'à confirmer avant {at}', en: 'to be confirmed before {at}' },
  stale: {
    fr: 'La situation a changé depuis : un fichier plus récent ou une autre décision est passé. Elle ne peut plus être confirmée.',
    en: 'Things have changed since: a newer file or another decision came in between. It can no longer be confirmed.',
  },
  own: {
    fr: 'Vous l’avez faite : une autre personne de la région la confirme.',
    en: 'You made it: another person of the region confirms it.',
  },
  typeCount: { fr: 'Tapez {count} pour confirmer', en: 'Type {count} to confirm' },
  confirmRemove: { fr: 'Retirer les {count} passages', en: 'Remove the {count} visits' },
  confirmKeep: { fr: 'Garder les {count} passages', en: 'Keep the {count} visits' },
  withdraw: { fr: 'Abandonner cette proposition', en: 'Withdraw this proposal' },
  withdrawReason: { fr: 'Motif de l’abandon', en: 'Reason for withdrawing the proposal' },
  confirmTitle: { fr: 'Retirer {count} passages ?', en: 'Remove {count} visits?' },
  confirmText: {
    fr: 'Vous allez retirer {count} passages ({facility}, {days}). Les agences qui les ont reçus recevront un fichier de remplacement ; les passages retirés restent dans l’historique.',
    en: 'You are about to remove {count} visits ({facility}, {days}). Agencies that have them will get a replacement file; removed visits stay in the history.',
  },
  confirmWhole: {
    fr: 'Vous allez appliquer ce fichier ({facility}) : {count} passages seraient retirés ou remplacés, et les agences recevront un fichier de remplacement.',
    en: 'You are about to apply the file of {facility}: {count} visits would be removed or replaced, and agencies will get a replacement file.',
  },
  confirmApply: { fr: 'Appliquer le fichier', en: 'Apply the file' },
  needsSecond: {
    fr: 'C’est plus qu’une personne seule ne retire ({limit} par fichier, {before} déjà) : votre décision devient une proposition, qu’une autre personne de la région confirme sous 72 heures. Rien n’est retiré d’ici là.',
    en: 'This is more than one person alone removes ({limit} a file, {before} already): your decision becomes a proposal, which another person of the region confirms within 72 hours. Nothing is removed until then.',
  },
  proposeCount: { fr: 'Proposer de retirer {count} passages', en: 'Propose to remove {count} visits' },
  cancel: { fr: 'Annuler', en: 'Cancel' },
  settledTitle: {
    fr: 'Rien n’attend plus de décision ici',
    en: 'Nothing waits for a decision here any more',
  },
  settledText: {
    fr: 'Elle a été prise, ou un fichier plus récent a remplacé celui-ci.',
    en: 'It was taken, or a newer file took this one’s place.',
  },
  back: { fr: 'Revenir au lot', en: 'Back to the batch' },
  wholeDays: { fr: 'tout le fichier', en: 'the whole file' },
  span: { fr: '{from} au {to}', en: '{from} to {to}' },
} as const satisfies Readonly<Record<string, Bilingual>>;
