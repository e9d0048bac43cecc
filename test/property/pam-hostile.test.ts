import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readAdtText } from '../../agent/adt/read-adt.ts';
import { printAck } from '../../agent/reader/hl7v2/ack.ts';
import { readMessages } from '../../agent/reader/hl7v2/messages.ts';
import { parseMessage } from '../../agent/reader/hl7v2/parse.ts';
import { errorTexts } from '../../shared/i18n/errors.ts';
import { systemClock } from '../../shared/runtime/clock.ts';
import { systemRandom } from '../../shared/runtime/random.ts';
import { generatePam } from '../support/pam-generator.ts';

const texts = Array.from({ length: 30 }, (_, seed) =>
  generatePam(seed, { withA08: true, steps: 15 }),
).flatMap(({ messages }) => messages.map(({ text }) => text));

const signs = fc.constantFrom(
  '|',
  '^',
  '~',
  '\\',
  '&',
  '\r',
  '\n',
  '"',
  '""',
  'MSH|',
  'ZBE|',
  '\u000b',
  'é',
  '',
);

/** A message of which some characters are replaced, taken out or doubled, or of which the end is missing. */
const damaged = fc
  .record({
    text: fc.constantFrom(...texts),
    hits: fc.array(fc.tuple(fc.nat(2000), fc.nat(3), signs), { maxLength: 8 }),
    keep: fc.oneof({ weight: 4, arbitrary: fc.constant(2000) }, { weight: 1, arbitrary: fc.nat(800) }),
  })
  .map(({ text, hits, keep }) =>
    hits
      .reduce((now, [at, gone, sign]) => {
        const place = at % (now.length + 1);
        return now.slice(0, place) + sign + now.slice(place + gone);
      }, text)
      .slice(0, keep),
  );

describe('whatever is sent', () => {
  it('is read or refused with a code that the catalogue explains, and gets an answer that can be read', () => {
    const outcomes = new Map<string, number>();
    fc.assert(
      fc.property(
        fc.oneof({ weight: 9, arbitrary: damaged }, { weight: 1, arbitrary: fc.string() }),
        (text) => {
          const { message, event } = readAdtText(text);
          const code = event.kind === 'refused' ? event.code : event.kind;
          outcomes.set(code, (outcomes.get(code) ?? 0) + 1);
          const refused = event.kind === 'refused';
          if (refused) expect(errorTexts[event.code]?.hint.fr).toBeTruthy();
          const answer = refused ? event.answer : 'AA';
          const ack = parseMessage(
            printAck(message, answer, {
              clock: systemClock,
              random: systemRandom,
              ...(refused ? { error: event } : {}),
            }),
          );
          expect(ack.get('MSA-1')).toBe(answer);
          expect(ack.raw('MSA-2')).toBe(message?.raw('MSH-10').replaceAll('\n', ' ').trimEnd() ?? '');
          if (refused) expect(ack.raw('ERR-5')).toBe(event.code);
        },
      ),
      { numRuns: 4000 },
    );
    // Both ways out must have been taken, or nothing was tried.
    expect(outcomes.get('movement')).toBeGreaterThan(500);
    expect([...outcomes.keys()].length).toBeGreaterThan(8);
  });

  it('is cut into the same messages whatever the pieces it comes in', async () => {
    const cut = async (text: string, sizes: readonly number[]): Promise<unknown[]> => {
      async function* pieces(): AsyncGenerator<string, void, undefined> {
        for (let start = 0, index = 0; start < text.length; index += 1) {
          const size = sizes[index % sizes.length] ?? 1;
          yield text.slice(start, start + size);
          start += size;
        }
      }
      const found: unknown[] = [];
      try {
        for await (const message of readMessages(pieces())) found.push(message);
      } catch (error) {
        found.push(String(error));
      }
      return found;
    };
    const sizes = fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(fc.array(damaged, { minLength: 1, maxLength: 4 }), sizes, async (parts, lengths) => {
        const text = parts.join('\n');
        expect(await cut(text, lengths)).toEqual(await cut(text, [1_000_000]));
      }),
      { numRuns: 1000 },
    );
  });

  it('of messages that are whole comes out whole, line by line', async () => {
    async function* all(): AsyncGenerator<string, void, undefined> {
      yield* texts;
    }
    let line = 1;
    let index = 0;
    for await (const message of readMessages(all())) {
      const text = texts[index] ?? '';
      expect(message).toEqual({ kind: 'message', line, text: text.slice(0, -1) });
      line += text.split('\r').length - 1;
      index += 1;
    }
    expect(index).toBe(texts.length);
  });
});
