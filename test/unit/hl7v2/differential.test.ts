import { Hl7Message as MedplumMessage } from '@medplum/core';
import { Message as ClientMessage } from 'node-hl7-client';
import { describe, expect, it } from 'vitest';
import { parseMessage, type Hl7Message } from '../../../agent/reader/hl7v2/parse.ts';
import { generatePam } from '../../support/pam-generator.ts';

/**
 * Our parser beside two others, over the same messages. Known differences: @medplum/core leaves escapes as they are written;
 * node-hl7-client leaves `.br` so, drops escapes it does not know, answers for repetitions only as a list, and fails on
 * subcomponents behind the first and on what is not there.
 */
const texts = Array.from({ length: 12 }, (_, seed) =>
  generatePam(seed, { withA08: true, steps: 15 }),
).flatMap(({ messages }) => messages.map(({ text }) => text));

const variants: readonly (readonly [string, (text: string) => string])[] = [
  ['CR', (text) => text],
  ['LF', (text) => text.replaceAll('\r', '\n')],
  ['CRLF', (text) => text.replaceAll('\r', '\r\n')],
  ['odd separators', (text) => text.replace(/[|^~\\&]/g, (sign) => '#*!?%'.charAt('|^~\\&'.indexOf(sign)))],
  [
    'another repetition and another component',
    (text) => text.replace(/[~^]/g, (sign) => (sign === '~' ? '^' : '~')),
  ],
];

interface Spot {
  readonly segment: string;
  readonly field: number;
  readonly repetition: number;
  readonly component: number;
  readonly subcomponent: number;
}

/** Every place of a message that says something, and the one after it. */
function spotsOf(message: Hl7Message): readonly Spot[] {
  const { separators } = message;
  const seen = new Set<string>();
  return message.segments.flatMap(({ name, text }) => {
    if (seen.has(name)) return [];
    seen.add(name);
    const shift = name === 'MSH' ? 1 : 0;
    return text.split(separators.field).flatMap((fieldText, index) =>
      index === 0 || (name === 'MSH' && index === 1)
        ? []
        : fieldText.split(separators.repetition).flatMap((repetitionText, repetition) =>
            [...repetitionText.split(separators.component), ''].flatMap((componentText, component) =>
              [...componentText.split(separators.subcomponent), ''].map((_, subcomponent) => ({
                segment: name,
                field: index + shift,
                repetition: repetition + 1,
                component: component + 1,
                subcomponent: subcomponent + 1,
              })),
            ),
          ),
    );
  });
}

function ours(message: Hl7Message, { segment, field, component, subcomponent, repetition }: Spot): string {
  return message.get(`${segment}-${field}.${component}.${subcomponent}`, repetition);
}

/** What the escapes of generated messages mean, said once more. */
function undone(text: string, { separators }: Hl7Message): string {
  const { field, component, subcomponent, repetition, escape } = separators;
  const meanings: Readonly<Record<string, string>> = {
    F: field,
    S: component,
    T: subcomponent,
    R: repetition,
    E: escape,
    '.br': '\n',
  };
  return text
    .split(escape)
    .map((part, index) => (index % 2 === 0 ? part : (meanings[part] ?? 'unknown')))
    .join('');
}

describe.each(variants)('with %s', (_, vary) => {
  it('the answers are those of @medplum/core, whose escapes are undone', () => {
    let compared = 0;
    const differences: string[] = [];
    for (const text of texts.map(vary)) {
      const message = parseMessage(text);
      const other = MedplumMessage.parse(text);
      for (const spot of spotsOf(message)) {
        const { segment, field, component, subcomponent, repetition } = spot;
        const theirs = other
          .getSegment(segment)
          ?.getComponent(field, component, subcomponent - 1, repetition - 1);
        if (ours(message, spot) !== undone(theirs ?? '', message)) differences.push(JSON.stringify(spot));
        compared += 1;
      }
    }
    expect(differences).toEqual([]);
    expect(compared).toBeGreaterThan(texts.length * 50);
  });

  it('the answers are those of node-hl7-client for the first repetition and subcomponent', () => {
    let compared = 0;
    const differences: string[] = [];
    for (const text of texts.map(vary)) {
      const message = parseMessage(text);
      const other = new ClientMessage({ text });
      for (const spot of spotsOf(message)) {
        const { segment, field, component, subcomponent, repetition } = spot;
        const own = ours(message, spot);
        if (repetition > 1 || subcomponent > 1 || own === '' || own.includes('\n')) continue;
        const theirs = other.get(`${segment}.${field}.${component}`).toString();
        if (own !== theirs) differences.push(JSON.stringify(spot));
        compared += 1;
      }
    }
    expect(differences).toEqual([]);
    expect(compared).toBeGreaterThan(texts.length * 20);
  });

  it('repetitions are as many and the same as those of node-hl7-client', () => {
    for (const text of texts.map(vary)) {
      const message = parseMessage(text);
      const theirs = new ClientMessage({ text }).get('PID.3').toArray();
      expect(message.repetitions('PID-3')).toBe(theirs.length);
      expect(theirs.map((one) => one.toString())).toEqual([message.get('PID-3', 1), message.get('PID-3', 2)]);
    }
  });
});

describe('the differences that are known', () => {
  const text = 'MSH|^~\\&|GAM\rNTE|1||a\\T\\b\\.br\\c\\H\\d\r';

  it('are in escapes', () => {
    expect(parseMessage(text).get('NTE-3')).toBe('a&b\nc\\H\\d');
    expect(MedplumMessage.parse(text).getSegment('NTE')?.getComponent(3, 1)).toBe('a\\T\\b\\.br\\c\\H\\d');
    expect(new ClientMessage({ text }).get('NTE.3').toString()).toBe('a&b\\.br\\cd');
  });
});
