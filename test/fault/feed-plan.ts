import { finess, readRpuXml, rpuXml, type Visit } from '../support/rpu-text.ts';

/**
 * What the soak drops into the hospital's folder, and what must come out of it. Export `n` of a facility covers the
 * three days n, n+1, n+2; a visit's diagnosis and exit come with the second export that shows it, as in real life. So
 * the final state of a day is that of the last export covering it: known without asking the product.
 */
export interface PlannedExport {
  readonly name: string;
  readonly content: string;
  /** cut: rejected whole. */
  readonly fate: 'applied' | 'cut';
  readonly records: number;
  /** Records without ENTREE: reported as rejected, never applied. */
  readonly rejects: number;
}

const visitsPerDay = 25;
// Far enough back that no EXTRACT of a long soak lies in the future: such a one would not be trusted.
const firstDay = Date.UTC(2014, 0, 6);

export function planExport(facility: number, n: number): PlannedExport {
  const id = finess(700 + facility);
  const cut = n % 17 === 9;
  const rejects = n % 13 === 5 ? 1 : 0;
  const visits = [0, 1, 2].flatMap((age) => visitsOf(facility, n + age, 2 - age));
  const content = rpuXml({
    finess: id,
    extract: `${french(n + 3)} 02:00:00`,
    from: french(n),
    to: french(n + 2),
    visits: rejects === 0 ? visits : [...visits, { entree: '' }],
  });
  return {
    name: `O${id}_0_${String(n).padStart(6, '0')}.xml`,
    content: cut ? content.slice(0, Math.floor(content.length * 0.7)) : content,
    fate: cut ? 'cut' : 'applied',
    records: cut ? 0 : visits.length,
    rejects: cut ? 0 : rejects,
  };
}

/** Every visit the region must hold once exports 0..count-1 of each facility are through, as canonical text → how many. */
export function expectedVisits(facilities: number, counts: readonly number[]): Map<string, number> {
  const expected = new Map<string, number>();
  for (let facility = 0; facility < facilities; facility += 1) {
    const applied = Array.from({ length: counts[facility] ?? 0 }, (_none, n) => n).filter(
      (n) => n % 17 !== 9,
    );
    const days = new Set(applied.flatMap((n) => [n, n + 1, n + 2]));
    for (const day of days) {
      const last = Math.max(...applied.filter((n) => n <= day && day <= n + 2));
      const id = finess(700 + facility);
      const file = readRpuXml(rpuXml({ finess: id, visits: visitsOf(facility, day, 2 - (day - last)) }));
      for (const visit of file.visits) {
        const key = `${id} ${canonical(visit)}`;
        expected.set(key, (expected.get(key) ?? 0) + 1);
      }
    }
  }
  return expected;
}

/** Comparable text of a visit as a national file shows it. */
export function canonical(tags: Readonly<Record<string, string>>): string {
  return nationalTags.map((tag) => tags[tag] ?? '').join('|');
}

const nationalTags = [
  ...[
    'CP',
    'COMMUNE',
    'NAISSANCE',
    'SEXE',
    'ENTREE',
    'MODE_ENTREE',
    'PROVENANCE',
    'TRANSPORT',
    'TRANSPORT_PEC',
    'MOTIF',
  ],
  ...['GRAVITE', 'DP', 'LISTE_DA', 'LISTE_ACTES', 'SORTIE', 'MODE_SORTIE', 'DESTINATION', 'ORIENT'],
];

function visitsOf(facility: number, day: number, age: number): Visit[] {
  return Array.from({ length: visitsPerDay }, (_none, index) => {
    const minute = (index * 53 + facility * 7) % 1440;
    const entree = `${french(day)} ${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
    const base = {
      entree,
      naissance: `${two(1 + (index % 28))}/0${1 + (facility % 9)}/${1930 + ((day + index) % 80)}`,
      sexe: index % 2 === 0 ? 'F' : 'M',
    };
    return age === 0
      ? base
      : { ...base, dp: age === 1 ? 'R104' : 'K359', sortie: `${french(day)} 23:59`, modeSortie: '8' };
  });
}

function french(day: number): string {
  const iso = new Date(firstDay + day * 86_400_000).toISOString();
  return `${iso.slice(8, 10)}/${iso.slice(5, 7)}/${iso.slice(0, 4)}`;
}

function two(n: number): string {
  return String(n).padStart(2, '0');
}
