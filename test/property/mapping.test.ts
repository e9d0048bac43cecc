import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkMapping } from '../../agent/mapping/check.ts';
import { compileMapping } from '../../agent/mapping/compile.ts';
import { dateTimeReader } from '../../agent/mapping/date-format.ts';
import { feedNamed } from '../../shared/feeds/registry.ts';

const two = (value: number): string => String(value).padStart(2, '0');

describe('mappings', () => {
  it('read a time back from any order of its parts, with any separators', () => {
    const parts = fc.shuffledSubarray(['yyyy', 'MM', 'dd', 'HH', 'mm', 'ss'], { minLength: 6, maxLength: 6 });
    const separators = fc.array(fc.constantFrom('', '-', '/', '.', ':', ' ', 'T'), {
      minLength: 6,
      maxLength: 6,
    });
    const instants = fc.date({
      min: new Date('1900-01-01'),
      max: new Date('2199-12-31'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(parts, separators, instants, (order, between, date) => {
        const texts: Record<string, string> = {
          yyyy: String(date.getUTCFullYear()),
          MM: two(date.getUTCMonth() + 1),
          dd: two(date.getUTCDate()),
          HH: two(date.getUTCHours()),
          mm: two(date.getUTCMinutes()),
          ss: two(date.getUTCSeconds()),
        };
        const format = order.map((part, index) => part + (between[index] ?? '')).join('');
        const written = order.map((part, index) => `${texts[part] ?? ''}${between[index] ?? ''}`).join('');
        const { yyyy, MM, dd, HH, mm, ss } = texts;
        expect(dateTimeReader(format)?.(written)).toBe(
          `${dd ?? ''}/${MM ?? ''}/${yyyy ?? ''} ${HH ?? ''}:${mm ?? ''}:${ss ?? ''}`,
        );
      }),
    );
  });

  it('print a national time or nothing, whatever the text', () => {
    const read = dateTimeReader('dd/MM/yyyy HH:mm');
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...Array.from('0123456789/: ')) }), (text) => {
        expect(read?.(text) ?? '01/01/2026 00:00').toMatch(/^\d{2}\/\d{2}\/\d{4} \d{2}:\d{2}$/);
      }),
    );
  });

  it('answer any text given for a mapping file with faults', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...Array.from('abv:1-[]{},&*!|>"\'#\n \t')) }),
        (text) => {
          const checked = checkMapping(text, feedNamed);
          expect(checked.kind === 'invalid' && checked.faults.length > 0).toBe(true);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('give no blank value, no unknown field, and never the local number among the fields', () => {
    const mapping = compileMapping(
      `version: 1
name: urg
feed: ed-visits
format: { type: csv, requires: [A] }
tables: { t: { "1": M, "2": F } }
fields:
  visitId: { from: [A, B] }
  sex: { from: B, do: [trim, upper], table: t, otherwise: blank }
  commune: { concat: [{ column: C }, { text: "-" }, { column: D }] }
  reason: { from: C, when: { column: D, empty: no }, default: z }
  associatedDiagnoses: { from: D, split: "," }
unknownColumns: drop
`,
      { origin: 'urg', feeds: feedNamed },
    );
    const bound = mapping.bind(['A', 'B', 'C', 'D']);
    const local = fc.string({ minLength: 1 }).map((text) => `local:${text}`);
    const cell = fc.string({ unit: fc.constantFrom('1', '2', ' ', ',', 'é', '\n') });
    fc.assert(
      fc.property(local, cell, cell, cell, (number, ...cells) => {
        const mapped = bound.map([number, ...cells]);
        if (mapped.kind !== 'fields') throw new Error('nothing here is refused');
        expect(mapped.localId).toBe(number.trim());
        const { values } = mapped.fields;
        expect(JSON.stringify(values)).not.toContain('local:');
        for (const name of ['sex', 'commune', 'reason', 'associatedDiagnoses']) {
          const value = values[name];
          const texts = value === undefined ? [] : typeof value === 'string' ? [value] : value;
          expect(texts.filter((text) => text.trim() === '')).toEqual([]);
        }
        expect([undefined, 'M', 'F']).toContain(values['sex']);
      }),
    );
  });
});
