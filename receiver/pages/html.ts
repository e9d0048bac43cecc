/**
 * Text that may go into a page as it is. Only this file makes it: what is not `Html` is escaped, so that a value from
 * outside can never become markup.
 */
declare const safe: unique symbol;
export interface Html {
  readonly [safe]: true;
  toString(): string;
}

export type HtmlPart = Html | string | number | null | undefined | false | readonly HtmlPart[];

class Markup {
  readonly #text: string;
  constructor(text: string) {
    this.#text = text;
  }
  toString(): string {
    return this.#text;
  }
}

/** A template whose values are escaped; lists are joined, null, undefined and false are nothing. */
export function html(texts: TemplateStringsArray, ...parts: readonly HtmlPart[]): Html {
  let out = texts[0] ?? '';
  for (const [index, part] of parts.entries()) out += textOf(part) + (texts[index + 1] ?? '');
  return markup(out);
}

/** For text that this program itself holds, such as the stylesheet's glyphs. Never for a value from outside. */
export function trusted(text: string): Html {
  return markup(text);
}

export const nothing = trusted('');

function textOf(part: HtmlPart): string {
  if (part === null || part === undefined || part === false) return '';
  if (part instanceof Markup) return part.toString();
  if (Array.isArray(part)) return part.map(textOf).join('');
  return String(part).replace(marks, (sign) => entities[sign] ?? '');
}

/** Marks of direction are left out: they would let a text look like another. */
const marks = /[&<>"'\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function markup(text: string): Html {
  // The only place where a text becomes markup.
  return new Markup(text) as unknown as Html;
}
