import { reportKinds, type ReportFilter, type ReportKind } from '../../store/report-tables.ts';

/** What the address asks of the list; whatever it does not say rightly is as if it said nothing. */
export interface ListQuestion {
  readonly kind: ReportKind | '';
  /** A FINESS, or one of `scopeFields`. */
  readonly scope: string;
  readonly filter: ReportFilter;
}

export const scopeFields = { region: 'region', all: 'tous' } as const;

export function readListQuestion(query: URLSearchParams, isRegional: boolean): ListQuestion {
  const kind = reportKinds.find((each) => each === query.get('genre')) ?? '';
  const given = query.get('perimetre') ?? '';
  const isFiness = /^[0-9AB]{9}$/.test(given);
  const usual = isRegional ? scopeFields.region : scopeFields.all;
  const isNamed = given === scopeFields.all || (given === scopeFields.region && isRegional);
  const scope = isFiness || isNamed ? given : usual;
  const facility = isFiness ? { facility: given } : scope === scopeFields.region ? { facility: null } : {};
  return { kind, scope, filter: { ...(kind === '' ? {} : { kind }), ...facility } };
}
