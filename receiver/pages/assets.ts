import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Asset {
  readonly type: string;
  readonly content: Buffer;
  readonly version: string;
}

const types: Readonly<Record<string, string>> = {
  'portal.css': 'text/css; charset=utf-8',
  'portal.js': 'text/javascript; charset=utf-8',
  'mark.svg': 'image/svg+xml',
};

const leaner: Readonly<Record<string, (text: string) => string>> = {
  'portal.css': leanStyle,
  'portal.js': leanScript,
};

/** One stylesheet, one script, one mark: read once, named with their digest so that browsers keep them. */
export function readAssets(): ReadonlyMap<string, Asset> {
  return new Map(
    Object.entries(types).map(([name, type]) => {
      const text = lean(readFileSync(join(import.meta.dirname, 'assets', name), 'utf8'));
      const content = Buffer.from(leaner[name]?.(text) ?? text);
      const version = createHash('sha256').update(content).digest('hex').slice(0, 12);
      return [name, { type, content, version }];
    }),
  );
}

/** Without remarks and indentation: what a phone on a bad line waits for. */
function lean(text: string): string {
  return text
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/^\s*\/\/.*$/gm, '')
    .replace(/^\s+/gm, '');
}

/** Spaces around signs; none of the script's texts holds a sign with a space. */
function leanScript(text: string): string {
  return text
    .replace(/ (=>|[!=]==|&&|\|\||\?\?|[=?:<>*]) /g, '$1')
    .replace(/([,{(:]) /g, '$1')
    .replace(/ ([{}])/g, '$1');
}

/** Spaces that mean nothing in a style; of its texts, none holds such signs. */
function leanStyle(text: string): string {
  return text
    .replace(/\s*\n\s*/g, ' ')
    .replace(/\s*([{};,>])\s*/g, '$1')
    .replace(/: /g, ':')
    .replace(/;}/g, '}');
}
