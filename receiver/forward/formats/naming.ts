import { dayToIso } from '../../../shared/runtime/paris-time.ts';
import { sealSuffixes } from '../parcel.ts';
import type { DispatchInput } from './format.ts';

/**
 * Names of dispatches, by pattern: {facility}, {extract} (yyyyMMddHHmmss), {from} and {to} (yyyyMMdd). What stands for a
 * placeholder has one length and no letter but those of a FINESS, so that all a pattern can make is known beforehand.
 */
const widths: ReadonlyMap<string, number> = new Map([
  ['facility', 9],
  ['extract', 14],
  ['from', 8],
  ['to', 8],
]);

const placeholder = /\{([^{}]*)\}/g;
const longest = 180;
/** A parcel adds them, delivery adds the last one: a name that ends so would be taken for another stage of itself. */
export const stageEndings = [...sealSuffixes, '.zip', '.tmp'];

export function nameOf(pattern: string, file: Omit<DispatchInput, 'bodies'>): string {
  return pattern.replace(placeholder, (written, name: string) => {
    switch (name) {
      case 'facility':
        return file.facility;
      case 'extract':
        return compactExtract(file.extract);
      case 'from':
        return dayToIso(file.from).replaceAll('-', '');
      case 'to':
        return dayToIso(file.to).replaceAll('-', '');
      default:
        return written;
    }
  });
}

/** "yyyyMMddHHmmss" */
function compactExtract(extract: number): string {
  return new Date(extract).toISOString().slice(0, 19).replace(/[-:T]/g, '');
}

/** What a pattern should be and is not, all at once. */
export function nameFaults(pattern: string): readonly { readonly fr: string; readonly en: string }[] {
  const plain = pattern.replace(placeholder, (written, name: string) => (widths.has(name) ? '0' : written));
  const faults: { fr: string; en: string }[] = [];
  const unless = (holds: boolean, fr: string, en: string): void => {
    if (!holds) faults.push({ fr, en });
  };
  unless(
    pattern.includes('{facility}') && pattern.includes('{extract}'),
    '{facility} et {extract} dans le nom : sans eux, deux envois porteraient le même',
    '{facility} and {extract} in the name: without them two dispatches would share one',
  );
  unless(
    /^[A-Za-z0-9._/\\-]*$/.test(plain),
    'lettres sans accent, chiffres, point, tiret, souligné, et {facility}, {extract}, {from}, {to}',
    'letters, digits, dot, dash, underscore, and {facility}, {extract}, {from}, {to}',
  );
  unless(
    !plain.startsWith('.') && !plain.includes('..') && !/[/\\]/.test(plain),
    'un nom qui reste dans son dossier : sans « / », sans « .. », sans point au début',
    'a name that stays in its folder: no "/", no "..", no dot in front',
  );
  unless(
    lengthOf(pattern) <= longest,
    `un nom de ${longest} caractères au plus`,
    `a name of at most ${longest} characters`,
  );
  unless(
    !stageEndings.some((suffix) => plain.toLowerCase().endsWith(suffix)),
    `une autre fin que ${stageEndings.join(', ')} : elles disent ce qui est fait d’un fichier en chemin`,
    `another ending than ${stageEndings.join(', ')}: they say what is done to a file on its way`,
  );
  return faults;
}

/** Whether two patterns can make one name; case is nothing to tell names apart by. Safe: yes where it is not sure. */
export function mayCoincide(one: string, other: string): boolean {
  const [a, b] = [placesOf(one), placesOf(other)];
  return a.length === b.length && a.every((place, index) => overlap(place, b[index] ?? ''));
}

/** Where the facility stands in the names of a pattern. */
export function facilityPlace(pattern: string): number {
  return lengthOf(pattern.slice(0, pattern.indexOf('{facility}')));
}

function lengthOf(pattern: string): number {
  return placesOf(pattern).length;
}

/** For each character of a name, all that can stand there. */
function placesOf(pattern: string): readonly string[] {
  return pattern
    .toLowerCase()
    .split(/(\{[^{}]*\})/)
    .flatMap((piece) => {
      const width = widths.get(piece.slice(1, -1));
      if (width === undefined || !piece.startsWith('{')) return Array.from(piece);
      return Array.from({ length: width }, () => (piece === '{facility}' ? '0123456789ab' : '0123456789'));
    });
}

function overlap(one: string, other: string): boolean {
  return Array.from(one).some((character) => other.includes(character));
}
