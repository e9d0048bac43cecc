/** What a person changes in the mapping that `map init` proposes: one line for another line. */
export interface LineEdit {
  /** The whole proposed line, trimmed. */
  readonly line: string;
  /** What stands in its place, without indentation. */
  readonly becomes: string;
}

/** Throws when a line is not there, or more than once: the edits then no longer say what a person would do. */
export function edit(text: string, edits: readonly LineEdit[]): string {
  const lines = text.split('\n');
  for (const { line, becomes } of edits) {
    const places = lines.flatMap((one, index) => (one.trim() === line ? [index] : []));
    const [place] = places;
    if (place === undefined || places.length > 1 || becomes.includes('\n'))
      throw new Error(`${places.length} lines "${line}"`);
    const indent = /^ */.exec(lines[place] ?? '')?.[0] ?? '';
    lines[place] = indent + becomes;
  }
  return lines.join('\n');
}

/** "Transfert externe" could be a transfer, or somebody from outside: the one label that fits two codes. */
export const labelsEdits: readonly LineEdit[] = [
  {
    line: '# ? Transfert externe: "" (vu 8 fois : quel code national ? Complétez, puis retirez « # ? »)',
    becomes: 'Transfert externe: "7"',
  },
];

/** Numbers whose meaning only the manual knows, and two columns without a blank between them. */
export const paddedEdits: readonly LineEdit[] = [
  { line: 'sex: {}', becomes: 'sex: { "1": M, "2": F, "3": I }' },
  {
    line: 'transport: {}',
    becomes: 'transport: { "01": PERSO, "02": AMBU, "03": VSAB, "04": SMUR, "05": HELI, "06": FO }',
  },
  { line: 'transportCare: {}', becomes: 'transportCare: { "1": MED, "2": PARAMED, "0": AUCUN }' },
  {
    line: 'disposition: {}',
    becomes:
      'disposition: { "110": MED, "101": UHCD, "120": CHIR, "132": SI, "130": REA, "131": SC, "140": OBST, "151": HDT, "901": REO, "902": PSA, "903": SCAM, "904": FUGUE }',
  },
  { line: '# postalCode: ""', becomes: 'postalCode: { from: C5, do: [{ substring: [1, 5] }] }' },
  { line: '# sex: ""', becomes: 'sex: { from: C5, do: [{ substring: [0, 1] }], table: sex }' },
  { line: '# transport: ""', becomes: 'transport: { from: C10, table: transport }' },
  { line: '# transportCare: ""', becomes: 'transportCare: { from: C11, table: transportCare }' },
  { line: '# disposition: ""', becomes: 'disposition: { from: C21, table: disposition }' },
  { line: 'C3, C5, C10, C11, C12, C21, C22,', becomes: 'C3, C12, C22,' },
];

export const joinedEdits: readonly LineEdit[] = [];
