import { isAlias, isMap, isScalar, isSeq, type Document, type LineCounter } from 'yaml';

/** 1-based line of the key or list item that a path leads to; of the last one on the way where the path goes further. */
export function lineOfPath(
  document: Document.Parsed,
  counter: LineCounter,
  path: readonly PropertyKey[],
): number {
  let node: unknown = document.contents;
  let line = 1;
  const see = (place: unknown): void => {
    const offset = offsetOf(place);
    if (offset !== undefined) line = counter.linePos(offset).line;
  };
  for (const step of path) {
    const here = isAlias(node) ? node.resolve(document) : node;
    if (isMap(here)) {
      const pair = here.items.find(({ key }) => isScalar(key) && String(key.value) === String(step));
      if (pair === undefined) return line;
      see(pair.key);
      node = pair.value;
    } else if (isSeq(here)) {
      node = here.items[Number(step)];
      if (node === undefined) return line;
      see(node);
    } else return line;
  }
  return line;
}

function offsetOf(node: unknown): number | undefined {
  if (typeof node !== 'object' || node === null || !('range' in node)) return undefined;
  const start: unknown = Array.isArray(node.range) ? node.range[0] : undefined;
  return typeof start === 'number' ? start : undefined;
}
