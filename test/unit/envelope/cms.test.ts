import { expect, test } from 'vitest';
import { createCmsWriter, readCms } from '../../../shared/envelope/cms.ts';
import { createDerReader, der } from '../../../shared/envelope/der.ts';
import { faultOf, keys } from './sealed.ts';

const content = { key: Buffer.alloc(32, 1), nonce: Buffer.alloc(12, 2) };
const certificates = [keys.receiver.certificate, keys.recovery.certificate];
const cms = Buffer.concat(createCmsWriter(certificates).write([Buffer.from('text')], content));

test('recipients stand in DER order, whichever order they were given in', () => {
  const names = (list: typeof certificates): string[] =>
    readCms(Buffer.concat(createCmsWriter(list).write([], content))).recipients.map(({ name }) =>
      name.toString('hex'),
    );
  expect(names([...certificates].reverse())).toEqual(names(certificates));
});

test('an element too many, in any place, is refused', async () => {
  const tree = readTree(cms);
  const places = constructed(tree).filter((path) => !insideName(path));
  expect(places.length).toBeGreaterThan(20);
  expect(print(tree).equals(cms)).toBe(true);
  for (const path of places) {
    const changed = print(appendAt(tree, path));
    expect(await faultOf(() => readCms(changed)), path.join('.')).toBe('envelope-malformed');
  }
  expect(await faultOf(() => readCms(Buffer.concat([cms, Buffer.from([5, 0])])))).toBe('envelope-malformed');
});

test('a bit changed in the structure itself is refused', async () => {
  const { recipients, content: encrypted, nonce } = readCms(cms);
  const opaque = [encrypted, nonce, ...recipients.flatMap(({ name, encryptedKey }) => [name, encryptedKey])];
  const spans = opaque.map((part) => [cms.indexOf(part), cms.indexOf(part) + part.length] as const);
  for (let at = 0; at < cms.length - 16; at += 1) {
    if (spans.some(([start, end]) => at >= start && at < end)) continue;
    for (let bit = 0; bit < 8; bit += 1) {
      const changed = Buffer.from(cms);
      changed[at] = (changed[at] ?? 0) ^ (1 << bit);
      expect(await faultOf(() => readCms(changed)), `byte ${at}`).toBe('envelope-malformed');
    }
  }
});

test('more recipients than a region has are refused', async () => {
  const many = Array.from({ length: 9 }, () => keys.receiver.certificate);
  const crowded = Buffer.concat(createCmsWriter(many).write([], content));
  expect(await faultOf(() => readCms(crowded))).toBe('envelope-malformed');
});

interface Node {
  readonly tag: number;
  readonly children: readonly Node[];
  readonly bytes: Buffer;
}

function readTree(bytes: Buffer): Node {
  const tag = bytes[0] ?? 0;
  const reader = createDerReader(bytes, 'envelope-malformed');
  if ((tag & 0x20) === 0) return { tag, children: [], bytes: reader.content(tag) };
  const inside = reader.enter(tag);
  const children: Node[] = [];
  for (let next = inside.peek(); next !== undefined; next = inside.peek())
    children.push(readTree(inside.whole(next)));
  return { tag, children, bytes: Buffer.alloc(0) };
}

function print({ tag, children, bytes }: Node): Buffer {
  return der(tag, bytes, ...children.map(print));
}

function constructed(node: Node, path: readonly number[] = []): readonly (readonly number[])[] {
  if ((node.tag & 0x20) === 0) return [];
  return [path, ...node.children.flatMap((child, index) => constructed(child, [...path, index]))];
}

/** Issuer and serial number are compared as a whole when opening. */
function insideName(path: readonly number[]): boolean {
  return path.length >= 5 && path.slice(0, 3).join() === '1,0,1' && path[4] === 1;
}

function appendAt(node: Node, path: readonly number[]): Node {
  const [index, ...rest] = path;
  if (index === undefined) {
    const extra = { tag: 5, children: [], bytes: Buffer.alloc(0) };
    return { ...node, children: [...node.children, extra] };
  }
  return {
    ...node,
    children: node.children.map((child, at) => (at === index ? appendAt(child, rest) : child)),
  };
}
