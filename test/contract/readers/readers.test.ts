import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { builtInMappings } from '../../../agent/mapping/built-in.ts';
import { createCsvReader } from '../../../agent/reader/csv.ts';
import { defaultReadLimits } from '../../../agent/reader/limits.ts';
import { createRpuXmlReader } from '../../../agent/reader/rpu-xml.ts';
import { feedNamed } from '../../../shared/feeds/registry.ts';
import { Fault } from '../../../shared/runtime/errors.ts';
import { chunksOf, csvHeader, finess, oscour, patient, read } from '../../unit/reader/reading.ts';

/** What every reader must do, whatever its format: the same answer however the text is cut, and an answer to anything. */
interface Subject {
  readonly name: string;
  /** Exports full of what is hard to cut, and some that are refused. */
  readonly texts: readonly string[];
  /** Everything the reader said, as text. */
  readonly run: (pieces: Iterable<string>) => Promise<string>;
}

const limits = { ...defaultReadLimits, fieldChars: 2000, recordChars: 20_000 };

function noted(): { readonly said: unknown[]; readonly note: (...what: readonly unknown[]) => void } {
  const said: unknown[] = [];
  return { said, note: (...what) => said.push(what) };
}

async function outcome(work: () => Promise<unknown>): Promise<unknown> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    // Where a text becomes too long depends on how much of it has come.
    const { column, ...place } = error.position ?? {};
    return { code: error.code, ...place, column: error.code === 'xml-text-too-long' ? undefined : column };
  }
}

const xml: Subject = {
  name: 'the reader of national XML',
  texts: [
    oscour(
      patient(
        1,
        '<MOTIF>Chute &amp; <![CDATA[]]]>& x]]> <!-- & -- --><?p & ??> 𝄞</MOTIF>'.replace('-- -->', '-->'),
      ) +
        patient(2, '<LISTE_DA ><DA>I10</DA><DA/></LISTE_DA>').replaceAll('\n', '\r\n') +
        patient(3, '<X>&#233;</X>'),
    ),
    oscour(patient(1, '<MOTIF>a & b</MOTIF>')),
    oscour(patient(1, '<MOTIF>a</DP>')),
    oscour(patient(1, `<MOTIF>${'a'.repeat(3000)}</MOTIF>`)),
    oscour(patient(1)).slice(0, -6),
    oscour(patient(1)).replace('<OSCOUR>', '<!DOCTYPE OSCOUR><OSCOUR>'),
    oscour(patient(1), { header: '', after: `<ETABLISSEMENT><FINESS>${finess}</FINESS></ETABLISSEMENT>` }),
  ],
  run: async (pieces) => {
    const { said, note } = noted();
    const [mapping] = builtInMappings(feedNamed);
    const tags = mapping?.header;
    if (mapping === undefined || tags === undefined) throw new Error('no national mapping');
    const reader = createRpuXmlReader(
      { tags, columns: mapping.columns, keepsUnknown: true, limits },
      {
        header: (header) => note('header', header),
        row: (row, extensions, line, record) => note(row, extensions, line, record),
      },
    );
    note(
      await outcome(async () => {
        for (const piece of pieces) reader.write(piece);
        return reader.end();
      }),
    );
    return JSON.stringify(said);
  },
};

const csvRow = `${finess};11/01/2026 09:42;F;8;`;
const csv: Subject = {
  name: 'the reader of CSV',
  texts: [
    `${csvHeader}\r\n${csvRow}"a\r\nb ""c"";\n";"I10, J18"\r\n\r\n${csvRow}é𝄞;\r\n${csvRow}x\r\n;;;;;\r\n${csvRow}z;`,
    `${csvHeader}\n${csvRow}"x"y;\n${csvRow};\n`,
    `${csvHeader}\n${csvRow};\n${csvRow}"x;\n`,
    `${csvHeader}\n${csvRow}${'a'.repeat(3000)};\n`,
    csvHeader,
  ],
  run: async (pieces) => {
    const { said, note } = noted();
    const reader = createCsvReader(
      { delimiter: ';', limits },
      {
        columns: (names) => note('columns', names),
        row: (row, line, record) => note(row, line, record),
        unreadable: (line, record) => note('unreadable', line, record),
      },
    );
    note(
      await outcome(async () => {
        for (const piece of pieces) await reader.write(piece);
        return reader.end();
      }),
    );
    return JSON.stringify(said);
  },
};

/** Decoders never cut a character in two; neither does this. */
function* piecesOf(text: string, size: number): Generator<string> {
  const characters = Array.from(text);
  for (let at = 0; at < characters.length; at += size) yield characters.slice(at, at + size).join('');
}

describe.each([xml, csv])('$name', ({ texts, run }) => {
  it('says the same whether the text comes whole, by 64 K, by seven characters or one by one', async () => {
    for (const text of texts) {
      const whole = await run([text]);
      for (const size of [1, 7, 65_536]) expect(await run(piecesOf(text, size))).toBe(whole);
    }
  });

  it('says the same wherever the text is cut in three', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...texts), fc.nat(), fc.nat(), async (text, a, b) => {
        const characters = Array.from(text);
        const length = characters.length;
        const [first, second] = [Math.min(a % length, b % length), Math.max(a % length, b % length)];
        const pieces = [
          characters.slice(0, first),
          characters.slice(first, second),
          characters.slice(second),
        ].map((piece) => piece.join(''));
        expect(await run(pieces)).toBe(await run([text]));
      }),
      { numRuns: 150 },
    );
  });

  it('answers any text with rows or a fault, and nothing else', async () => {
    const spice = [
      '<',
      '>',
      '&',
      ';',
      '"',
      '\r',
      '\n',
      '<!--',
      '-->',
      '<![CDATA[',
      ']]>',
      '<?',
      '</',
      '\u0000',
      'é',
    ];
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...texts),
        fc.array(fc.tuple(fc.nat(), fc.constantFrom(...spice)), { maxLength: 4 }),
        async (text, changes) => {
          const spoilt = changes.reduce((current, [place, mark]) => {
            const at = place % (current.length + 1);
            return current.slice(0, at) + mark + current.slice(at);
          }, text);
          expect(await run(piecesOf(spoilt, 11))).toMatch(/^\[/);
        },
      ),
      { numRuns: 150 },
    );
  });
});

describe('readExport', () => {
  const whole = Buffer.from(oscour(patient(1, '<COMMUNE>ÉVRY</COMMUNE>') + patient(2)));
  const body = whole.toString().trimEnd().length + 1;

  it('never takes a cut export for a whole one, wherever it is cut', async () => {
    const codes = new Set<string>();
    for (let length = 0; length < body - 1; length += 1) {
      const { fault, summary } = await read(whole.subarray(0, length));
      expect(summary, `cut after ${length} bytes`).toBeUndefined();
      codes.add(fault?.code ?? '');
    }
    expect([...codes].sort()).toEqual(['export-cut', 'export-empty']);
    expect((await read(whole.subarray(0, body))).summary?.accepted).toBe(2);
  });

  it('reads the same however the bytes arrive', async () => {
    const inOne = await read(whole);
    for (const size of [1, 7]) {
      expect(await read(() => chunksOf(whole, size))).toEqual(inOne);
    }
  });

  it('answers any bytes with a fault', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 400 }),
        fc.constantFrom('', '<', `${csvHeader}\n`),
        async (noise, start) => {
          const { fault, summary } = await read(Buffer.concat([Buffer.from(start), noise]));
          expect(summary).toBeUndefined();
          expect(fault?.class).toBe('permanent');
        },
      ),
      { numRuns: 300 },
    );
  });

  it('answers a national export with bytes overwritten by a fault, or by at most the records there were', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.uint8Array({ minLength: 1, maxLength: 3 }), async (place, noise) => {
        const spoilt = Buffer.from(whole);
        spoilt.set(noise, place % (whole.length - noise.length));
        const { summary, fault } = await read(spoilt);
        if (summary === undefined) expect(fault?.code).toMatch(/^[a-z]/);
        else expect(summary.records).toBeLessThanOrEqual(2);
      }),
      { numRuns: 300 },
    );
  });
});
