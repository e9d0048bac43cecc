/**
 * How people name columns, reduced to what they mean: accents, case and separators gone, abbreviations written out, words
 * that say nothing left out. "DT_ENT", "Date d'entrée" and "dateEntree" are the same two words.
 */
export function wordsOf(name: string): readonly string[] {
  return fold(name.replace(/([\p{Ll}\d])(\p{Lu})/gu, '$1 $2'))
    .split(/[^a-z\d]+/)
    .flatMap((word) => written[word] ?? [word])
    .filter((word) => word !== '' && !silent.has(word));
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

/** Abbreviations of French hospital softwares; a word may stand for several. */
const written: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  Object.entries({
    date: 'dt dte dat',
    heure: 'hr hre heur hh h hm time',
    'date heure': 'dh dth dhr dthr datetime horodatage horodate ts',
    naissance: 'nais naiss ne nee birth naissances',
    'date naissance': 'ddn dnaiss datnais dob dtnais dtnaiss datenaissance datnaiss',
    entree: 'ent entr entrees',
    arrivee: 'arr arriv arrivees',
    admission: 'adm admis',
    sortie: 'sort srt exit sorties',
    depart: 'dep',
    mode: 'mod md',
    type: 'typ',
    provenance: 'prov proven',
    destination: 'dest desti',
    orientation: 'orient ori',
    transport: 'transp trsp trans trp',
    'prise charge': 'pec',
    motif: 'mot motifs',
    gravite: 'grav gravites',
    diagnostic: 'diag dg diags diagnostics diagnosis diagn',
    'diagnostic principal': 'dp diagp dprinc',
    'diagnostic associe': 'da das diagassoc',
    principal: 'princ ppal prin principale p',
    associe: 'assoc ass associes associees sec secondaire secondaires',
    acte: 'actes ccams',
    'code postal': 'cp codepostal codepost cpostal zip',
    postal: 'post postale',
    commune: 'comm com communes',
    ville: 'city loc localite',
    sexe: 'sx sex genre civilite',
    numero: 'num no nr nb n nro numpassage id ident identifiant',
    venue: 'ven',
    sejour: 'sej',
    libelle: 'lib lbl label',
    medecin: 'medec praticien dr',
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
  }).flatMap(([meaning, abbreviations]) =>
    abbreviations.split(' ').map((abbreviation) => [abbreviation, meaning.split(' ')] as const),
  ),
);
