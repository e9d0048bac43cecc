import type { Bilingual } from './texts.ts';

/** What `syndrome` and `report` print. */
export const reportsTerminal = {
  groupsOwn: {
    fr: '{groups} groupes syndromiques (version 0, celle du programme)',
    en: '{groups} syndromic groups (version 0, the program’s own)',
  },
  groupsHead: {
    fr: '{groups} groupes syndromiques, version {version} du {at}, {person} : {reason}',
    en: '{groups} syndromic groups, version {version} of {at}, {person}: {reason}',
  },
  groupLine: {
    fr: '  {id} — {name} : {codes} ({diagnoses}{age})',
    en: '  {id} — {name}: {codes} ({diagnoses}{age})',
  },
  groupAge: { fr: ', de {from} à moins de {below} ans', en: ', from {from} to under {below} years' },
  groupSource: { fr: '      source : {source} ({confidence})', en: '      source: {source} ({confidence})' },
  bandEvery: {
    fr: '      attendu chaque semaine : {low} à {high} % des passages codés',
    en: '      expected every week: {low} to {high}% of coded visits',
  },
  bandWeek: {
    fr: '      attendu en semaine {week} : {low} à {high} %',
    en: '      expected in week {week}: {low} to {high}%',
  },
  groupsSet: {
    fr: 'Version {version} : {groups} groupes. Les bulletins déjà faits ne changent pas.',
    en: 'Version {version}: {groups} groups. Reports made before do not change.',
  },
  groupsSame: {
    fr: 'Rien ne change : ces {groups} groupes sont la version {version}',
    en: 'Nothing changes: these {groups} groups are version {version}',
  },
  versionLine: { fr: '{version}  {at}  {person} : {reason}', en: '{version}  {at}  {person}: {reason}' },
  made: {
    fr: '{visits} passages, {whole} jours d’établissement complets sur {of} attendus :',
    en: '{visits} visits, {whole} whole facility days of {of} awaited:',
  },
  keptNow: {
    fr: '{period} : {count} rapports faits et conservés (les autres l’étaient déjà)',
    en: '{period}: {count} reports made and kept (others were kept before)',
  },
  listNone: { fr: 'Aucun rapport conservé', en: 'No report is kept' },
  listLine: {
    fr: '{id}  {period}  {scope}  {language}  fait le {at} par {author} : {whole}/{of} jours complets{pdf}{mails}',
    en: '{id}  {period}  {scope}  {language}  made {at} by {author}: {whole}/{of} whole days{pdf}{mails}',
  },
  region: { fr: 'région', en: 'region' },
  noPdf: { fr: ', sans PDF ({code})', en: ', without PDF ({code})' },
  mails: {
    fr: ' ; courriels : {sent} partis, {pending} en attente, {failed} abandonnés{code}',
    en: '; mails: {sent} sent, {pending} waiting, {failed} given up{code}',
  },
  retried: { fr: 'Rapport {id} : {count} courriels repartent', en: 'Report {id}: {count} mails leave again' },
  versionOwn: { fr: '0  les groupes du programme', en: '0  the program’s own groups' },
} as const satisfies Readonly<Record<string, Bilingual>>;

export const confidenceNames = {
  confirmed: { fr: 'confirmée', en: 'confirmed' },
  partial: { fr: 'partielle', en: 'partial' },
  local: { fr: 'choix de la région', en: 'the region’s choice' },
} as const satisfies Readonly<Record<string, Bilingual>>;

export const diagnosesNames = {
  principal: { fr: 'diagnostic principal', en: 'principal diagnosis' },
  associated: { fr: 'diagnostic associé', en: 'associated diagnosis' },
  any: { fr: 'diagnostic principal ou associé', en: 'principal or associated diagnosis' },
} as const satisfies Readonly<Record<string, Bilingual>>;
