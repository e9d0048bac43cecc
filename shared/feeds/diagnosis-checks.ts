/**
 * The few diagnoses that sex or age plainly contradict, by ICD-10 category. Short on purpose: no national list exists,
 * and a false alarm costs more than a miss.
 */
export function contradictsSex(code: string, sex: string | undefined): boolean {
  if (sex !== 'M' && sex !== 'F') return false;
  const ranges = sex === 'M' ? femaleOnly : maleOnly;
  return isWithin(code, ranges);
}

/** `age` in whole years. Perinatal conditions beyond two years; childbirth and its care below ten or beyond sixty-five. */
export function contradictsAge(code: string, age: number): boolean {
  if (age > 2) return isWithin(code, perinatal) || ((age < 10 || age > 65) && isWithin(code, pregnancy));
  return isWithin(code, pregnancy);
}

type Range = readonly [from: string, to: string];

const pregnancy: readonly Range[] = [['O00', 'O99']];
const perinatal: readonly Range[] = [['P00', 'P96']];
const femaleOnly: readonly Range[] = [
  ['C51', 'C58'],
  ['N70', 'N77'],
  ['N80', 'N98'],
  ['O00', 'O99'],
];
const maleOnly: readonly Range[] = [
  ['C60', 'C63'],
  ['N40', 'N51'],
];

function isWithin(code: string, ranges: readonly Range[]): boolean {
  const category = code.slice(0, 3).toUpperCase();
  return ranges.some(([from, to]) => category >= from && category <= to);
}
