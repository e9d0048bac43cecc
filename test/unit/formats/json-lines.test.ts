import { describe, expect, it } from 'vitest';
import { visitOf, type Values } from '../feeds/visit-values.ts';
import { formatOf, inputOf } from './built-format.ts';

const bodyOf = (change: Values = {}): string => JSON.stringify(visitOf(change));

async function bytes(format: object, ...bodies: readonly string[]): Promise<Buffer> {
  return (await formatOf({ format: { name: 'json-lines', ...format } })).compose(inputOf(...bodies));
}

describe('the JSON lines of visits', () => {
  it.each([
    ['2006', ''],
    ['2013', '"PROVENANCE":"7",'],
  ])('of version %s are these', async (version, origin) => {
    const body = bodyOf({
      origin: '7',
      associatedDiagnoses: ['I10', 'e11.9'],
      procedures: undefined,
      sex: 'H',
    });
    expect((await bytes({ version }, body)).toString()).toBe(
      `{"facility":"990000010","from":"2026-01-05","to":"2026-01-11","extract":"2026-01-12T02:30:00","records":1,"format":"json-lines","version":"${version}"}
{"CP":"67999","COMMUNE":"VILLE-TEST","NAISSANCE":"14/02/1951","ENTREE":"11/01/2026 09:42","MODE_ENTREE":"8",${origin}"TRANSPORT":"AMBU","TRANSPORT_PEC":"AUCUN","MOTIF":"R06.0","GRAVITE":"3","DP":"J189","LISTE_DA":["I10","E119"],"SORTIE":"11/01/2026 17:05","MODE_SORTIE":"6","DESTINATION":"1","ORIENT":"MED"}
`,
    );
  });

  it('of an emptied day are the first one', async () => {
    const text = (await bytes({})).toString();
    expect(JSON.parse(text)).toMatchObject({ records: 0, from: '2026-01-05' });
    expect(text.split('\n')).toHaveLength(2);
  });

  it.each(['utf-8', 'iso-8859-1', 'iso-8859-15', 'windows-1252'])(
    'lose no character in %s',
    async (encoding) => {
      const reason = 'œdème\n"5 €" 漢 😀';
      const composed = await bytes({ encoding, order: ['ENTREE', 'MOTIF'] }, bodyOf({ reason }));
      const text =
        encoding === 'iso-8859-1' ? composed.toString('latin1') : new TextDecoder(encoding).decode(composed);
      expect(text).toContain('dème');
      const lines = text.trimEnd().split('\n');
      expect(lines).toHaveLength(2);
      expect(JSON.parse(lines[1] ?? '')).toEqual({ ENTREE: '11/01/2026 09:42', MOTIF: reason });
    },
  );

  it('end with CRLF when settings say so', async () => {
    expect((await bytes({ lineEnds: 'crlf' }, bodyOf())).toString().match(/\}\r\n/g)).toHaveLength(2);
  });

  it('are named after feed, facility, second and window', async () => {
    expect((await formatOf({ format: 'json-lines' })).fileName(inputOf())).toBe(
      'ed-visits_990000010_20260112023000_20260105_20260111.jsonl',
    );
  });

  it('carry numbers of other feeds as texts, keyed by field', async () => {
    const format = await formatOf({ feed: 'bed-availability', format: 'json-lines' });
    const body = JSON.stringify({
      ...{ facility: '990000010', zoneId: 'Z', observedAt: { text: '11/01/2026 19:00', at: 1 } },
      ...{
        source: '02',
        nature: '01',
        status: '02',
        horizon: '01',
        count: 4,
        careClass: 'rea',
        assignment: '01',
      },
    });
    const [header, row] = format.compose(inputOf(body)).toString().split('\n');
    expect(JSON.parse(header ?? '')).toMatchObject({ format: 'json-lines', version: '1', records: 1 });
    expect(JSON.parse(row ?? '')).toEqual({
      ...{ zoneId: 'Z', careClass: 'rea', observedAt: '11/01/2026 19:00', source: '02', nature: '01' },
      ...{ status: '02', horizon: '01', count: '4', assignment: '01' },
    });
  });
});
