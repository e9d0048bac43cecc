import type { Bilingual } from './texts.ts';

/** Titles of the columns of rows, by their names. */
export const extractionColumns = {
  facility: { fr: 'Établissement (FINESS)', en: 'Facility (FINESS)' },
  facility_name: { fr: 'Nom de l’établissement', en: 'Name of the facility' },
  postal_code: { fr: 'Code postal', en: 'Postcode' },
  department: { fr: 'Département de résidence', en: 'Department of residence' },
  commune: { fr: 'Commune', en: 'Town' },
  birth_date: { fr: 'Date de naissance', en: 'Date of birth' },
  age: { fr: 'Âge (années)', en: 'Age (years)' },
  sex: { fr: 'Sexe', en: 'Sex' },
  arrived_at: { fr: 'Entrée', en: 'Arrival' },
  arrival_day: { fr: 'Jour d’entrée', en: 'Day of arrival' },
  arrival_hour: { fr: 'Heure d’entrée', en: 'Hour of arrival' },
  arrival_mode: { fr: 'Mode d’entrée', en: 'Mode of arrival' },
  origin: { fr: 'Provenance', en: 'Origin' },
  transport: { fr: 'Transport', en: 'Transport' },
  transport_care: { fr: 'Prise en charge pendant le transport', en: 'Care during transport' },
  reason_code: { fr: 'Motif (code)', en: 'Reason (code)' },
  severity: { fr: 'Gravité (CCMU)', en: 'Severity (CCMU)' },
  principal_diagnosis: { fr: 'Diagnostic principal', en: 'Principal diagnosis' },
  associated_diagnoses: { fr: 'Diagnostics associés', en: 'Associated diagnoses' },
  procedures: { fr: 'Actes', en: 'Procedures' },
  departed_at: { fr: 'Sortie', en: 'Departure' },
  departure_day: { fr: 'Jour de sortie', en: 'Day of departure' },
  departure_hour: { fr: 'Heure de sortie', en: 'Hour of departure' },
  stay_minutes: {
    fr: 'Durée de passage (minutes, arrondie à 15)',
    en: 'Length of stay (minutes, rounded to 15)',
  },
  departure_mode: { fr: 'Mode de sortie', en: 'Mode of departure' },
  destination: { fr: 'Destination', en: 'Destination' },
  disposition: { fr: 'Orientation', en: 'Disposition' },
  syndromes: { fr: 'Groupes syndromiques', en: 'Syndromic groups' },
} as const satisfies Readonly<Record<string, Bilingual>>;

/** Titles of the columns of counts. */
export const aggregateColumns = {
  period: { fr: 'Période', en: 'Period' },
  first_day: { fr: 'Premier jour', en: 'First day' },
  last_day: { fr: 'Dernier jour', en: 'Last day' },
  facility: extractionColumns.facility,
  facility_name: extractionColumns.facility_name,
  class: { fr: 'Classe', en: 'Class' },
  class_title: { fr: 'Libellé de la classe', en: 'Title of the class' },
  visits: { fr: 'Passages', en: 'Visits' },
} as const satisfies Readonly<Record<string, Bilingual>>;

/** What whoever reads an extraction must know of it. */
export const extractionNotes = {
  hidden: {
    fr: 'Masqué : un effectif inférieur à {threshold}, zéro compris, ou un effectif qui permettrait d’en retrouver un. Ce qui est masqué est décidé semaine par semaine, de la même façon pour tous ; un mois dont une semaine est masquée l’est aussi.',
    en: 'Hidden: a count under {threshold}, zero included, or a count that would give one away. What is hidden is decided week by week, in the same way for everybody; a month with a hidden week is hidden too.',
  },
  empty: {
    fr: 'Vide : aucun passage n’est arrivé de cet établissement cette semaine-là. Ce n’est pas un zéro.',
    en: 'Empty: no visit came from that facility that week. It is not a zero.',
  },
  months: {
    fr: 'Un mois est fait des semaines entières dont le jeudi est dans ce mois.',
    en: 'A month is made of the whole weeks whose Thursday lies in it.',
  },
  leftOut: {
    fr: '{days} jours demandés ne sont pas dans une période entière et terminée : ils ne sont pas donnés.',
    en: '{days} days asked for are of no period that is whole and over: they are not given.',
  },
  wholeDays: {
    fr: 'Jours d’établissement : {whole} complets, {incomplete} incomplets ou absents, {notAwaited} non attendus. Un jour absent n’est pas un zéro.',
    en: 'Facility days: {whole} whole, {incomplete} incomplete or absent, {notAwaited} not awaited. An absent day is not a zero.',
  },
  groups: {
    fr: 'Groupes syndromiques : version {version}. Un passage peut être dans plusieurs groupes ; « coded » compte ceux qui ont au moins un diagnostic.',
    en: 'Syndromic groups: version {version}. A visit may be in several groups; "coded" counts those with at least one diagnosis.',
  },
  purged: {
    fr: '{days} jours d’établissement ont été supprimés au terme de leur conservation : leurs passages n’y sont plus.',
    en: '{days} facility days were deleted when their retention ended: their visits are no longer here.',
  },
  purgedWeeks: {
    fr: 'Les semaines dont des jours ont été supprimés au terme de leur conservation ne peuvent plus être comptées par groupe : elles sont vides.',
    en: 'Weeks of which days were deleted when their retention ended can no longer be counted by group: they are empty.',
  },
  national: {
    fr: 'Les valeurs sont celles du format national : un code inconnu, un diagnostic ou une date illisibles sont vides. Le motif n’est donné que lorsqu’il est un code.',
    en: 'Values are those of the national format: an unknown code, an unreadable diagnosis or date is empty. The reason is given only where it is a code.',
  },
  personal: {
    fr: 'Ces lignes restent des données personnelles de santé : à n’utiliser que pour la finalité déclarée, à détruire ensuite.',
    en: 'These rows remain personal health data: use them for the purpose declared only, and destroy them afterwards.',
  },
} as const satisfies Readonly<Record<string, Bilingual>>;

export const extractionWords = {
  total: { fr: 'Ensemble', en: 'All' },
  hour: { fr: '{hour} h', en: '{hour}:00' },
} as const satisfies Readonly<Record<string, Bilingual>>;
