import { bedCodes } from '../../shared/feeds/code-lists.ts';
import type { Feed } from '../../shared/feeds/feed.ts';
import { edVisitVocabulary } from './guess-ed-visits.ts';
import type { FieldWords, Vocabulary } from './guess-vocabulary.ts';

/** Words for the fields of a feed; a feed without words of its own is known by the names of its fields alone. */
export function vocabularyOf(feed: Feed): Vocabulary {
  if (feed.name === 'ed-visits') return edVisitVocabulary;
  return {
    identity: edVisitVocabulary.identity,
    fields: feed.fields.map(({ name, tag }): FieldWords => {
      const codes = Object.entries(bedCodes).find(([field]) => field === name)?.[1];
      const own = { field: name, names: [name, tag ?? name, ...(moreNames[name] ?? [])], not: [] };
      if (name === 'facility') return { ...own, content: 'finess', example: '990000010' };
      if (name === 'observedAt') return { ...own, content: 'moment', example: '11/01/2026 09:42' };
      if (codes === undefined) return { ...own, content: 'any', example: '1' };
      const [example = ''] = codes;
      return { ...own, content: 'codes', coded: { codes, labels: {} }, example };
    }),
  };
}

const moreNames: Readonly<Record<string, readonly string[]>> = {
  facility: ['finess', 'finess geographique', 'numero finess'],
  zoneId: ['zone', 'identifiant zone', 'code zone', 'unite', 'code unite', 'uf'],
  unitLabel: ['libelle unite', 'libelle zone', 'nom unite', 'service'],
  careClass: ['discipline', 'type lit', 'classe'],
  observedAt: ['date heure', 'date observation', 'date maj', 'date mise jour', 'horodatage'],
  nature: ['nature lit', 'type place'],
  status: ['statut', 'etat'],
  horizon: ['echeance', 'delai'],
  count: ['nombre', 'nombre lits', 'lits', 'disponible', 'lits disponibles'],
  gender: ['sexe', 'sexe zone'],
  comment: ['commentaire', 'remarque', 'observation'],
};
