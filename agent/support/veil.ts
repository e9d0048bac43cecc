import { createHmac } from 'node:crypto';

/**
 * What leaves in a bundle instead of a file's name, which may be a patient's: a keyed hash and an ending that is known. The
 * key is thrown away with the run; the export's id, beside it, leads the hospital back (`trace ID`).
 */
export interface Veil {
  name(text: string): string;
  /** Every string inside, with the names of exports and what lies under source folders replaced. */
  document(value: unknown): unknown;
}

const endings = /\.(xml|csv|txt|dat|hl7|json|gpg|pgp|asc|zip|gz|ok|tmp)$/i;

export function createVeil(deps: {
  readonly key: Buffer;
  /** Names of exports, and of what lies in the sources. */
  readonly names: readonly string[];
  /** Folders whose files' names are not said. */
  readonly folders: readonly string[];
  readonly lift: boolean;
}): Veil {
  const { key, folders, lift } = deps;
  const name = (text: string): string => {
    if (lift) return text;
    const hash = createHmac('sha256', key).update(text).digest('hex').slice(0, 12);
    return `file-${hash}${endings.exec(text)?.[0].toLowerCase() ?? ''}`;
  };
  // The longest first: a name may be part of another.
  const names = [...new Set(deps.names)]
    .filter((each) => each.length > 2)
    .sort((a, b) => b.length - a.length);
  const veiled = (text: string): string => {
    let said = text;
    for (const folder of folders) said = underFolder(said, folder, name);
    for (const each of names) if (said.includes(each)) said = said.replaceAll(each, name(each));
    return said;
  };
  const walk = (value: unknown, key: string): unknown => {
    if (typeof value === 'string')
      return key === 'file' && !value.startsWith('/') ? name(value) : veiled(value);
    if (Array.isArray(value)) return value.map((each) => walk(each, key));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([each, inside]) => [each, walk(inside, each)]));
  };
  return { name, document: (value) => (lift ? value : walk(value, '')) };
}

/** "/srv/exports/DUPONT.xml is locked" → "/srv/exports/file-….xml is locked" */
function underFolder(text: string, folder: string, name: (text: string) => string): string {
  let from = 0;
  for (;;) {
    const at = text.indexOf(folder, from);
    if (at < 0) return text;
    const start = at + folder.length + 1;
    const rest = /^[^"'\n:;,]*/.exec(text.slice(start))?.[0] ?? '';
    const isInside = /[\\/]/.test(text[start - 1] ?? '') && rest !== '';
    if (isInside) text = text.slice(0, start) + name(rest.trim()) + text.slice(start + rest.trim().length);
    from = isInside ? start + name(rest.trim()).length : start;
  }
}
