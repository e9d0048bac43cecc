/**
 * How people name columns, reduced to what they mean: accents, case and separators gone, abbreviations written out, words
 * that say nothing left out. "DT_ENT", "Date d'entrée" and "dateEntree" are the same two words.
 */
export function wordsOf(name: string): readonly string[] {
  const words = fold(name.replace(/(\p{Ll})At$/u, '$1 DateTime').replace(/([\p{Ll}\d])(\p{Lu})/gu, '$1 $2'))
    .split(/[^a-z\d]+/)
    .flatMap((word) => written[word] ?? [word])
    .filter((word) => word !== '');
  const said = words.filter((word) => !silent.has(word));
  // "patientId" is a number too, but not one of a visit.
  const isPerson =
    said.length === 1 && said[0] === 'numero' && words.some((word) => /^patients?$/.test(word));
  return isPerson ? ['ipp'] : said;
}

/** Lower case without accents. */
export function fold(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll('œ', 'oe')
    .replaceAll('æ', 'ae');
}

/**
 * How well a name says one of the phrases, 0 to 1: 1 when it says exactly this, less for every word more, 0 when a word
 * is missing.
 */
export function likeness(words: readonly string[], phrases: readonly string[]): number {
  return Math.max(
    0,
    ...phrases.map((phrase) => {
      const wanted = wordsOf(phrase);
      if (wanted.length === 0 || !wanted.every((word) => words.includes(word))) return 0;
      return Math.max(0.2, 1 - 0.2 * Math.max(0, words.length - wanted.length));
    }),
  );
}

const silent = new Set(
  'a au aux d de des du e en et l la le les patient patients pat urg urgence urgences su sau rpu cd'.split(
    ' ',
  ),
);

/** Abbreviations and English names in French hospital softwares; a word may stand for several. */
const written: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  Object.entries({
    date: 'dt dte dat',
    heure: 'hr hre heur hh h hm time',
    'date heure': 'dh dth dhr dthr datetime horodatage horodate ts',
    naissance: 'nais naiss ne nee birth naissances born',
    'date naissance': 'ddn dnaiss datnais dob dtnais dtnaiss datenaissance datnaiss',
    entree: 'ent entr entrees',
    arrivee: 'arr arriv arrivees arrival arrived',
    admission: 'adm admis admitted',
    sortie: 'sort srt exit sorties discharge discharged',
    depart: 'dep departure departed left',
    mode: 'mod md',
    type: 'typ',
    provenance: 'prov proven referral',
    destination: 'dest desti',
    orientation: 'orient ori',
    transport: 'transp trsp trans trp',
    'prise charge': 'pec care',
    motif: 'mot motifs',
    gravite: 'grav gravites severity',
    diagnostic: 'diag dg diags diagnostics diagnosis diagn diagnoses',
    'diagnostic principal': 'dp diagp dprinc',
    'diagnostic associe': 'da das diagassoc',
    principal: 'princ ppal prin principale p main primary chief',
    associe: 'assoc ass associes associees sec secondaire secondaires secondary associated other additional',
    acte: 'actes ccams procedure procedures',
    'code postal': 'cp codepostal codepost cpostal zip cpost cposte postcode zipcode',
    postal: 'post postale',
    commune: 'comm com communes',
    ville: 'city loc localite',
    sexe: 'sx sex genre civilite gender',
    numero: 'num no nr nb n nro numpassage id ident identifiant number',
    venue: 'ven',
    sejour: 'sej',
    libelle: 'lib lbl label',
    medecin: 'medec praticien dr physician doctor practitioner clinician',
    etablissement: 'etab etb',
    residence: 'resid',
    domicile: 'dom',
    'libelle diagnostic': 'libdiag',
    vehicule: 'vehic',
    service: 'serv srv',
    niveau: 'niv',
    adresse: 'adr',
    consultation: 'consult',
    hospitalisation: 'hospi hospit hosp',
    passage: 'encounter visit',
    plainte: 'complaint',
    'nom famille': 'lastname familyname surname',
    nom: 'name',
    famille: 'family',
    prenom: 'firstname givenname given prenoms',
    'mode entree': 'modent modeent modentree',
    'mode sortie': 'modsor modsort modesor modesort',
    'date entree': 'dtent datent dateent dtentree',
    'heure entree': 'hrent heuent heurent hrentree',
    'date sortie': 'dtsor datsor datesor dtsort dtsortie',
    'heure sortie': 'hrsor heusor heursor hrsort hrsortie',
  }).flatMap(([meaning, abbreviations]) =>
    abbreviations.split(' ').map((abbreviation) => [abbreviation, meaning.split(' ')] as const),
  ),
);
