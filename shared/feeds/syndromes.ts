/**
 * Syndromic groups by ICD-10, from published lists only. `ari`: acute respiratory infections as the national agency
 * publishes them today (ODISSE, by department), principal or associated diagnosis. The others: the heat-plan table of the
 * national agency as the Alsace observatory copied it in 2013, principal diagnosis; `bronchiolitis` below two years (BEH
 * 2017, 31). A group whose list is known in part only (stroke) is left out.
 */
export interface Syndrome {
  readonly name: string;
  readonly codes: RegExp;
  readonly associated?: true;
  /** Age in years, upper bound excluded. */
  readonly below?: number;
}

export const syndromes: readonly Syndrome[] = [
  {
    name: 'ari',
    codes: /^(?:B342|B972|B974|J09|J1[0-8]|J2[0-2]|U049|U071[01245]?$)/,
    associated: true,
  },
  { name: 'influenza', codes: /^J(?:09|10|11)/ },
  { name: 'bronchiolitis', codes: /^J21/, below: 2 },
  { name: 'gastroenteritis', codes: /^A09/ },
  { name: 'asthma', codes: /^J4[56]/ },
  { name: 'hyperthermia', codes: /^(?:T67|X30)/ },
  { name: 'dehydration', codes: /^E86/ },
  { name: 'hyponatraemia', codes: /^E871/ },
  { name: 'malaise', codes: /^R(?:42|53|55)/ },
  { name: 'bites', codes: /^(?:T63|W57|X2\d)/ },
  { name: 'carbon-monoxide', codes: /^T58/ },
  { name: 'mushrooms', codes: /^T62/ },
];

/** Indexes of the groups that these diagnoses belong to; `age` in years, undefined when unknown. */
export function syndromesOf(
  principal: string | undefined,
  associated: readonly string[],
  age: number | undefined,
): number[] {
  const found: number[] = [];
  syndromes.forEach(({ codes, below, ...group }, index) => {
    if (below !== undefined && (age === undefined || age >= below)) return;
    const given = principal === undefined ? [] : [principal];
    const asked = group.associated === true ? [...given, ...associated] : given;
    if (asked.some((code) => codes.test(code.toUpperCase()))) found.push(index);
  });
  return found;
}
