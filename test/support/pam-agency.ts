import { instantToFrench } from '../../shared/runtime/paris-time.ts';
import type { ExpectedVisit } from './pam-model.ts';

/** What the agency must hold of a generator's visits, in the words of `agencyHolds`. */
export function expectedVisits(visits: readonly ExpectedVisit[]): string[] {
  return visits
    .flatMap(({ emergency }) => emergency ?? [])
    .map(({ arrivedAt, departedAt, facts }) => {
      const { birthDate = '', sex = '', postalCode = '' } = facts;
      return [minute(arrivedAt), birthDate, sex, postalCode, '', '', minute(departedAt)].join('|');
    })
    .sort();
}

function minute(at: number | null): string {
  return at === null ? '' : instantToFrench(at).slice(0, 16);
}
