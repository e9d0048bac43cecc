import type { ErrorText } from './texts.ts';

/** Decisions that want a reason or a second person, and the log of what was done. */
export const auditErrors = {
  'reason-missing': {
    message: { fr: 'Le motif manque', en: 'The reason is missing' },
    hint: {
      fr: 'Rien n’a été changé. Dites pourquoi en quelques mots, sans nommer de patient',
      en: 'Nothing was changed. Say why in a few words, without naming a patient',
    },
  },
  'reason-long': {
    message: {
      fr: 'Le motif dépasse {longest} caractères',
      en: 'The reason is longer than {longest} characters',
    },
    hint: { fr: 'Rien n’a été changé. Abrégez le motif', en: 'Nothing was changed. Shorten the reason' },
  },
  'decision-second-person': {
    message: {
      fr: 'Retirer {count} passages (déjà {before} pour ce fichier) demande une seconde personne : une seule en retire {limit} au plus',
      en: 'Removing {count} visits (already {before} for this file) takes a second person: one alone removes {limit} at most',
    },
    hint: {
      fr: 'Rien n’a été retiré. Donnez un motif pour en faire une proposition, qu’une autre personne confirme sous 72 heures',
      en: 'Nothing was removed. Give a reason to make it a proposal, which another person confirms within 72 hours',
    },
  },
  'proposal-unknown': {
    message: {
      fr: 'Aucune proposition ne porte le numéro {proposal}',
      en: 'No proposal has the number {proposal}',
    },
    hint: {
      fr: 'Prenez le numéro sur la page du lot ou dans proposal list',
      en: 'Take the number from the page of the batch or from proposal list',
    },
  },
  'proposal-not-open': {
    message: {
      fr: 'La proposition {proposal} n’est plus ouverte',
      en: 'Proposal {proposal} is no longer open',
    },
    hint: {
      fr: 'Elle a été confirmée, retirée ou a dépassé 72 heures. Si des passages restent suspendus, proposez de nouveau',
      en: 'It was confirmed, withdrawn or is over 72 hours old. If visits are still suspended, propose again',
    },
  },
  'proposal-open': {
    message: {
      fr: 'Une proposition attend déjà pour {target}',
      en: 'A proposal is already waiting for {target}',
    },
    hint: {
      fr: 'Une autre personne la confirme, ou elle est retirée avant d’en faire une nouvelle',
      en: 'Another person confirms it, or it is withdrawn before a new one is made',
    },
  },
  'proposal-changed': {
    message: {
      fr: 'La situation a changé depuis la proposition {proposal} : {count} passages alors, {now} maintenant',
      en: 'Things have changed since proposal {proposal}: {count} visits then, {now} now',
    },
    hint: {
      fr: 'Rien n’a été retiré. Un fichier plus récent ou une autre décision est passé : retirez la proposition et regardez de nouveau le lot',
      en: 'Nothing was removed. A newer file or another decision came in between: withdraw the proposal and look at the batch again',
    },
  },
  'proposal-count': {
    message: {
      fr: 'Le nombre tapé est {typed}, la décision retire {count} passages',
      en: 'The number typed is {typed}, the decision removes {count} visits',
    },
    hint: {
      fr: 'Rien n’a été changé. Revoyez la page du lot, puis tapez le nombre qu’elle donne',
      en: 'Nothing was changed. Look at the page of the batch again, then type the number it gives',
    },
  },
  'proposal-same-person': {
    message: {
      fr: '{person} a fait la proposition {proposal} et ne peut pas la confirmer',
      en: '{person} made proposal {proposal} and cannot confirm it',
    },
    hint: {
      fr: 'Une autre personne de la région la confirme',
      en: 'Another person of the region confirms it',
    },
  },
  'proposal-own-account': {
    message: {
      fr: '{person} a fait la proposition {proposal}, et a ouvert votre compte cette semaine',
      en: '{person} made proposal {proposal}, and opened your account this week',
    },
    hint: {
      fr: 'Une personne dont le compte n’a pas été ouvert ou réinitialisé par {person} depuis sept jours la confirme',
      en: 'A person whose account was not opened or reset by {person} within seven days confirms it',
    },
  },
  'proposal-page-only': {
    message: {
      fr: 'La proposition {proposal} a été faite sur les pages, par {person}',
      en: 'Proposal {proposal} was made on the pages, by {person}',
    },
    hint: {
      fr: 'Elle se confirme sur la page du lot, avec un compte : le compte du système ne dit pas assez qui est là',
      en: 'It is confirmed on the page of the batch, with an account: the system account does not say well enough who is there',
    },
  },
  'decision-nothing-chosen': {
    message: { fr: 'Aucun jour n’est coché', en: 'No day is ticked' },
    hint: {
      fr: 'Rien n’a été changé. Cochez les jours que la décision concerne',
      en: 'Nothing was changed. Tick the days the decision is about',
    },
  },
  'revoke-mistyped': {
    message: {
      fr: 'Le numéro tapé n’est pas celui d’un établissement de cet agent',
      en: 'The number typed is not that of a facility of this agent',
    },
    hint: {
      fr: 'Rien n’a été révoqué. Tapez le FINESS affiché sur la ligne de l’agent',
      en: 'Nothing was revoked. Type the FINESS shown on the agent’s line',
    },
  },
  'alias-mistyped': {
    message: {
      fr: 'Le jour manque, ou le numéro retapé n’est pas l’ancien FINESS',
      en: 'The day is missing, or the number typed again is not the old FINESS',
    },
    hint: {
      fr: 'Rien n’a été rattaché. Choisissez le jour et retapez l’ancien FINESS',
      en: 'Nothing was joined. Choose the day and type the old FINESS again',
    },
  },
  'facility-name-missing': {
    message: { fr: 'Le nom de l’établissement manque', en: 'The name of the facility is missing' },
    hint: { fr: 'Rien n’a été enregistré. Donnez un nom', en: 'Nothing was registered. Give a name' },
  },
  'key-approved-already': {
    message: {
      fr: 'Vous avez déjà approuvé la clé de {destination}, ou une personne du même nom l’a fait',
      en: 'You have vouched for the key of {destination} already, or somebody of the same name has',
    },
    hint: {
      fr: 'Une autre personne l’approuve ; deux homonymes ajoutent une initiale à leur nom',
      en: 'Another person vouches for it; two people of one name add an initial',
    },
  },
} as const satisfies Readonly<Record<string, ErrorText>>;
