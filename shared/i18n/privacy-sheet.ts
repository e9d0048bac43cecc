import type { Bilingual } from './texts.ts';

/** The processing record (GDPR, article 30) and the data-protection sheet. What a person must still fill in says so. */
export const privacyTexts = {
  record: { fr: 'Registre des activités de traitement', en: 'Record of processing activities' },
  sheet: { fr: 'Fiche de protection des données', en: 'Data-protection sheet' },
  recordFile: { fr: 'registre-traitement', en: 'processing-record' },
  sheetFile: { fr: 'fiche-protection-donnees', en: 'data-protection-sheet' },
  made: {
    fr: 'Établi le {day} d’après la configuration en vigueur de la région {region}, version {version}. À valider par le délégué à la protection des données.',
    en: 'Made on {day} from the settings in force of the region {region}, version {version}. To be validated by the data protection officer.',
  },
  fill: { fr: 'À compléter', en: 'To be filled in' },
  item: { fr: 'Élément', en: 'Item' },
  content: { fr: 'Contenu', en: 'Content' },

  who: { fr: 'Responsable du traitement', en: 'Controller' },
  region: { fr: 'Région', en: 'Region' },
  controller: { fr: 'Organisme responsable, représentant', en: 'Controller, representative' },
  officer: { fr: 'Délégué à la protection des données', en: 'Data protection officer' },
  roles: {
    fr: 'Répartition des rôles (établissements, région, agences), flux par flux',
    en: 'Roles of facilities, region and agencies, stream by stream',
  },

  why: { fr: 'Finalités et base légale', en: 'Purposes and legal basis' },
  purposeSend: {
    fr: 'Recevoir les résumés de passage aux urgences des établissements et les transmettre aux agences (arrêté du 24 juillet 2013)',
    en: 'Receive the emergency visit summaries of facilities and pass them on to agencies (order of 24 July 2013)',
  },
  purposeWatch: {
    fr: 'Surveiller que les données arrivent, entières et à temps, et alerter',
    en: 'Watch that data comes whole and on time, and alert',
  },
  purposeQuality: {
    fr: 'Mesurer la qualité de saisie et l’activité, en chiffres agrégés',
    en: 'Measure quality and activity, as aggregated figures',
  },
  basis: {
    fr: 'Base proposée, à confirmer : mission d’intérêt public (RGPD, art. 6.1.e) et santé publique (art. 9.2.i)',
    en: 'Proposed basis, to be confirmed: public interest (GDPR, art. 6.1.e) and public health (art. 9.2.i)',
  },

  what: { fr: 'Personnes et données', en: 'People and data' },
  patients: {
    fr: 'Patients des urgences : données de santé sans nom ni numéro, mais à caractère personnel (date de naissance, code postal et heure d’arrivée distinguent une personne). Pseudonymisées, jamais « anonymes ».',
    en: 'Emergency patients: health data without name or number, yet personal (birth date, postcode and time of arrival single a person out). Pseudonymised, never "anonymous".',
  },
  staff: {
    fr: 'Professionnels : comptes (nom, identifiant, profil, établissements), contacts des établissements, journal de leurs actes.',
    en: 'Professionals: accounts (name, login, profile, facilities), contacts of facilities, log of their acts.',
  },
  feed: { fr: 'Flux', en: 'Feed' },
  items: { fr: 'Rubriques', en: 'Items' },
  freeText: { fr: '{tag} : texte libre', en: '{tag}: free text' },

  recipients: { fr: 'Destinataires', en: 'Recipients' },
  recipientsNone: { fr: 'Aucune destination n’est configurée.', en: 'No destination is configured.' },
  destination: { fr: 'Destination', en: 'Destination' },
  data: { fr: 'Données', en: 'Data' },
  carried: { fr: 'Acheminement', en: 'Transport' },
  sealed: { fr: 'Chiffrement du fichier', en: 'Sealing of the file' },
  facilitiesAll: { fr: 'tous les établissements', en: 'all facilities' },
  facilitiesSome: { fr: '{count} établissement(s) : {list}', en: '{count} facility(ies): {list}' },
  'profile-all': { fr: 'toutes les rubriques nationales', en: 'all national items' },
  'profile-oscour': { fr: 'rubriques OSCOUR', en: 'OSCOUR items' },
  'profile-atih': {
    fr: 'rubriques ATIH : sans commune, code géographique, âge au lieu de la date de naissance',
    en: 'ATIH items: no town, geographic code, age instead of birth date',
  },
  'profile-allow': { fr: 'seulement {items}', en: 'only {items}' },
  'seal-none': { fr: 'aucun', en: 'none' },
  'seal-openpgp': {
    fr: 'OpenPGP, clé approuvée par deux personnes',
    en: 'OpenPGP, key approved by two people',
  },
  'seal-cms': {
    fr: 'CMS (certificat), clé approuvée par deux personnes',
    en: 'CMS (certificate), key approved by two people',
  },
  'way-directory': { fr: 'dossier {place}', en: 'folder {place}' },
  'way-sftp': { fr: 'SFTP vers {place}', en: 'SFTP to {place}' },
  'way-ftps': { fr: 'FTPS vers {place}', en: 'FTPS to {place}' },
  'way-https': { fr: 'HTTPS vers {place}', en: 'HTTPS to {place}' },
  'way-submission': { fr: 'dépôt HTTPS vers {place}', en: 'HTTPS submission to {place}' },
  'way-pull': { fr: 'relevé par l’agence elle-même (TLS 1.3)', en: 'fetched by the agency itself (TLS 1.3)' },
  readers: {
    fr: 'Dans la région, par les pages, selon le profil : opérateurs régionaux, administrateurs de leur établissement, agences (leurs fichiers), professionnels de santé (agrégats, petits effectifs masqués), auditeurs.',
    en: 'Within the region, on its pages, by profile: regional operators, administrators of their facility, agencies (their files), health professionals (aggregates, small numbers hidden), auditors.',
  },
  readersNone: {
    fr: 'Les pages de la région ne sont pas ouvertes (pas de section portal).',
    en: 'The region’s pages are not open (no section portal).',
  },
  abroad: { fr: 'Transferts hors de l’Union européenne', en: 'Transfers outside the European Union' },

  keep: { fr: 'Durées de conservation', en: 'Retention' },
  keepOn: {
    fr: 'Suppression automatique chaque nuit à partir de {at}, chaque suppression signée par la région.',
    en: 'Purged by itself every night from {at} on, each deletion signed by the region.',
  },
  keepOff: {
    fr: 'ATTENTION : la section « retention » manque à la configuration. Seuls les contenus des plis et des envois sont supprimés ; les autres durées ne sont pas appliquées.',
    en: 'CAUTION: the section "retention" is missing in the settings. Only contents of envelopes and dispatches are purged; the other terms are not applied.',
  },
  class: { fr: 'Données', en: 'Data' },
  term: { fr: 'Durée', en: 'Term' },
  applied: { fr: 'Appliquée', en: 'Applied' },
  bounds: { fr: 'Réglage (bornes)', en: 'Setting (bounds)' },
  days: { fr: '{count} jours', en: '{count} days' },
  months: { fr: '{count} mois', en: '{count} months' },
  yes: { fr: 'oui', en: 'yes' },
  no: { fr: 'non', en: 'no' },
  noFolder: { fr: 'non : aucun dossier n’est indiqué', en: 'no: no folder is named' },
  'keep-records': { fr: 'Passages', en: 'Visits' },
  'keep-history': { fr: 'Versions remplacées ou retirées', en: 'Replaced or removed versions' },
  'keep-envelopes': {
    fr: 'Plis scellés (empreintes et reçus gardés)',
    en: 'Sealed envelopes (digests and receipts kept)',
  },
  'keep-dispatches': { fr: 'Fichiers envoyés (trace gardée)', en: 'Files sent (their trace kept)' },
  'keep-staged': { fr: 'Exports jamais appliqués', en: 'Exports never applied' },
  'keep-reports': { fr: 'Rapports (agrégats)', en: 'Reports (aggregates)' },
  'keep-extractions': { fr: 'Extractions', en: 'Extractions' },
  'keep-audit': { fr: 'Journal des actes', en: 'Audit log' },
  'keep-backups': { fr: 'Sauvegardes', en: 'Backups' },
  keepElse: {
    fr: 'Alertes closes : {alerts} jours. Comptes par jour et par établissement : gardés, sans donnée individuelle. Journaux techniques : ceux du système d’exploitation, sans donnée de patient ; 6 à 12 mois recommandés (CNIL, 2021), à régler sur la machine.',
    en: 'Closed alerts: {alerts} days. Counts by day and facility: kept, without individual data. Technical logs: those of the operating system, without patient data; 6 to 12 months recommended (CNIL, 2021), to be set on the machine.',
  },

  secure: { fr: 'Mesures de sécurité', en: 'Security measures' },
  measure: { fr: 'Mesure', en: 'Measure' },
  state: { fr: 'État', en: 'State' },
  on: { fr: 'en service', en: 'on' },
  off: { fr: 'HORS SERVICE', en: 'OFF' },
  'safe-tls': {
    fr: 'Agents : TLS 1.3 mutuel, certificat vérifié à chaque requête',
    en: 'Agents: mutual TLS 1.3, certificate looked up at each request',
  },
  'safe-seals': {
    fr: 'Plis chiffrés pour la région et signés par l’agent',
    en: 'Envelopes encrypted for the region and signed by the agent',
  },
  'safe-ledger': {
    fr: 'Reçus signés, registre chaîné, vérifiables par clés publiques',
    en: 'Signed receipts, chained ledger, verifiable with public keys',
  },
  'safe-audit': { fr: 'Journal des actes enchaîné et signé', en: 'Audit log, chained and signed' },
  'safe-pages': { fr: 'Pages : {how}', en: 'Pages: {how}' },
  'pages-tls': { fr: 'TLS', en: 'TLS' },
  'pages-proxy': {
    fr: 'boucle locale, derrière un serveur qui porte le certificat',
    en: 'loopback, behind a server that bears the certificate',
  },
  'pages-none': { fr: 'non ouvertes', en: 'not open' },
  'safe-factor': { fr: 'Second facteur : {whom}', en: 'Second factor: {whom}' },
  'factor-administrators': { fr: 'administrateurs et auditeurs', en: 'administrators and auditors' },
  'factor-acting': { fr: 'tous ceux qui agissent', en: 'whoever acts' },
  'factor-everybody': { fr: 'tout le monde', en: 'everybody' },
  'factor-nobody': { fr: 'personne', en: 'nobody' },
  'safe-sealedFiles': { fr: 'Fichiers chiffrés vers : {list}', en: 'Files sealed for: {list}' },
  'safe-clearFiles': {
    fr: 'Fichiers sans chiffrement propre vers : {list}',
    en: 'Files without sealing of their own to: {list}',
  },
  'safe-backups': { fr: 'Sauvegardes suivies dans {folder}', en: 'Backups looked after in {folder}' },
  'safe-backupsOff': {
    fr: 'Sauvegardes : aucun dossier suivi (retention.backupFolder)',
    en: 'Backups: no folder looked after (retention.backupFolder)',
  },
  'safe-disk': {
    fr: 'Chiffrement du disque de la machine, hébergement HDS',
    en: 'Encryption of the machine’s disk, HDS hosting',
  },

  processors: { fr: 'Sous-traitants et services tiers', en: 'Processors and third parties' },
  host: { fr: 'Hébergeur (certifié HDS)', en: 'Host (HDS certified)' },
  smtp: {
    fr: 'Courriels d’alerte et de rapport, sans donnée de patient : {place}',
    en: 'Alert and report e-mails, without patient data: {place}',
  },
  sms: {
    fr: 'SMS d’alerte, sans donnée de patient : {place}',
    en: 'Alert text messages, without patient data: {place}',
  },
  webhook: {
    fr: 'Notifications d’alerte, sans donnée de patient : {place}',
    en: 'Alert webhooks, without patient data: {place}',
  },
  oidc: { fr: 'Fournisseur d’identités : {place}', en: 'Provider of identities: {place}' },
  beat: { fr: 'Signe de vie, sans aucune donnée : {place}', en: 'Sign of life, without any data: {place}' },
  contract: { fr: 'Contrat (art. 28)', en: 'Contract (art. 28)' },

  rights: { fr: 'Droits des personnes', en: 'Rights of the people concerned' },
  rightsHow: {
    fr: 'Les demandes s’adressent à l’établissement, seul à pouvoir relier un passage à une personne. À sa demande, la région efface un passage (« receiver erase ») de tout ce qu’elle garde, recompose les envois sans lui et refuse son retour ; l’acte est signé. Limites : les sauvegardes le portent jusqu’à leur fin.',
    en: 'Requests go to the facility, which alone can link a visit to a person. At its request the region erases a visit ("receiver erase") from all that it keeps, composes dispatches anew without it, and refuses its return; the act is signed. Limits: backups carry it until they end.',
  },
  notice: { fr: 'Information des patients', en: 'Notice to patients' },
  breach: { fr: 'Violation de données', en: 'Data breach' },
  breachHow: {
    fr: 'Notification à la CNIL sous 72 heures. Le journal, les registres et les actes de suppression signés disent ce qui était détenu.',
    en: 'The authority is notified within 72 hours. The audit log, the ledgers and the signed deletion records say what was held.',
  },
} as const satisfies Readonly<Record<string, Bilingual>>;
