import { describe, expect, it } from 'vitest';
import { bedAvailability } from '../../../shared/feeds/bed-availability.ts';
import { visitOf, type Values } from '../feeds/visit-values.ts';
import { formatOf, inputOf } from './built-format.ts';

const bodyOf = (change: Values = {}): string => JSON.stringify(visitOf(change));

async function bytes(format: object, ...bodies: readonly string[]): Promise<Buffer> {
  return (await formatOf({ format: { name: 'csv', ...format } })).compose(inputOf(...bodies));
}

async function lines(format: object, ...bodies: readonly string[]): Promise<readonly string[]> {
  return (await bytes(format, ...bodies)).toString().split('\r\n');
}

const header =
  'finess;cp;commune;naissance;sexe;entree;mode_entree;provenance;transport;transport_pec;motif;gravite;dp;liste_da;liste_actes;sortie;mode_sortie;destination;orient';

describe('the CSV of visits', () => {
  it.each([
    ['2006', ''],
    ['2013', '7'],
  ])('of version %s is these lines, origin 7 as "%s"', async (version, origin) => {
    const body = bodyOf({ origin: '7', associatedDiagnoses: ['I10', 'e11.9'], commune: 'SÉLESTAT' });
    expect(await lines({ version }, body)).toEqual([
      header,
      `990000010;67999;SÉLESTAT;14/02/1951;F;11/01/2026 09:42;8;${origin};AMBU;AUCUN;R06.0;3;J189;I10, E119;DEQP003;11/01/2026 17:05;6;1;MED`,
      '',
    ]);
  });

  it('of an emptied day is its header', async () => {
    expect(await lines({})).toEqual([header, '']);
  });

  it('quotes what RFC 4180 wants quoted, and defuses nothing: machines read it', async () => {
    const order = ['ENTREE', 'MOTIF'];
    const cellOf = async (reason: string): Promise<string> => {
      const text = (await bytes({ order }, bodyOf({ reason }))).toString();
      return text.slice('finess;entree;motif\r\n990000010;11/01/2026 09:42;'.length, -2);
    };
    expect(await cellOf('a;b')).toBe('"a;b"');
    expect(await cellOf('dit "aïe"')).toBe('"dit ""aïe"""');
    expect(await cellOf('a\nb')).toBe('"a\nb"');
    expect(await cellOf('a\rb')).toBe('"a\rb"');
    expect(await cellOf('=1+1')).toBe('=1+1');
    expect(await cellOf('a, b')).toBe('a, b');
  });

  it('leaves blank what the national form cannot carry', async () => {
    const [, line] = await lines(
      { order: ['ENTREE', 'SEXE', 'DP'] },
      bodyOf({ sex: 'H', principalDiagnosis: 'x' }),
    );
    expect(line).toBe('990000010;11/01/2026 09:42;;');
  });

  it('has a question mark for a character that the encoding lacks', async () => {
    const order = ['ENTREE', 'COMMUNE'];
    const composed = await bytes({ order, encoding: 'iso-8859-1' }, bodyOf({ commune: 'ŒUF é 😀' }));
    expect(composed.toString('latin1')).toContain(';?UF é ?\r\n');
    const western = await bytes({ order, encoding: 'windows-1252' }, bodyOf({ commune: 'ŒUF é 😀' }));
    expect(new TextDecoder('windows-1252').decode(western)).toContain(';ŒUF é ?\r\n');
  });

  it('ends lines with LF when settings say so', async () => {
    expect((await bytes({ lineEnds: 'lf' })).toString()).toBe(`${header}\n`);
  });

  it('is named after feed, facility, second and window', async () => {
    expect((await formatOf({ format: 'csv' })).fileName(inputOf())).toBe(
      'ed-visits_990000010_20260112023000_20260105_20260111.csv',
    );
  });
});

describe('the CSV of beds', () => {
  const row = (change: Values = {}): string => {
    const built = bedAvailability.build({
      values: {
        ...{ facility: '990000010', zoneId: 'ZONE-1', careClass: 'rea', observedAt: '11/01/2026 19:00' },
        ...{ source: '02', nature: '01', status: '02', horizon: '01', count: '4', comment: 'a;b' },
        ...change,
      },
    });
    if (built.kind === 'rejected') throw new Error(built.breach.rule);
    return JSON.stringify(built.record);
  };
  const compose = async (...bodies: readonly string[]): Promise<readonly string[]> => {
    const format = await formatOf({ feed: 'bed-availability', format: { name: 'csv' } });
    return format
      .compose(inputOf(...bodies))
      .toString()
      .split('\r\n');
  };

  it('has the fields of the feed, in their order', async () => {
    expect(await compose(row())).toEqual([
      'finess;zoneid;unitlabel;careclass;observedat;source;nature;status;horizon;count;gender;closing;additional;crisis;assignment;comment',
      '990000010;ZONE-1;;rea;11/01/2026 19:00;02;01;02;01;4;;;;;01;"a;b"',
      '',
    ]);
  });

  it('leaves blank what breaks a rule of severity error, in that row only', async () => {
    const [, fine, odd] = await compose(row({ status: '09', count: '-2' }), row());
    expect(odd).toBe('990000010;ZONE-1;;rea;11/01/2026 19:00;02;01;;01;;;;;;01;"a;b"');
    expect(fine).toContain(';02;01;02;01;4;');
  });

  it('holds the latest row of each key, whatever the order they come in', async () => {
    const [early, late] = [row(), row({ observedAt: '11/01/2026 20:00', count: '7' })];
    expect(await compose(early, late)).toEqual(await compose(late, early));
    expect(await compose(early, late)).toHaveLength(3);
    expect((await compose(early, late))[1]).toContain('11/01/2026 20:00');
  });
});
