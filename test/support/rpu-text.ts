/**
 * RPU files as plain text, for tests: written and read here without any product code, so that a test holds the product
 * against the format and not against itself.
 */
export interface Visit {
  readonly entree: string;
  readonly naissance?: string;
  readonly sexe?: string;
  readonly cp?: string;
  readonly commune?: string;
  readonly modeEntree?: string;
  readonly provenance?: string;
  readonly transport?: string;
  readonly motif?: string;
  readonly gravite?: string;
  readonly dp?: string;
  readonly da?: readonly string[];
  readonly actes?: readonly string[];
  readonly sortie?: string;
  readonly modeSortie?: string;
  readonly destination?: string;
  readonly orient?: string;
}

export interface RpuFile {
  readonly finess: string;
  readonly ordre?: string;
  readonly extract?: string;
  readonly from?: string;
  readonly to?: string;
  readonly visits: readonly Visit[];
}

/** Fictitious geographic FINESS, Luhn-valid: 99 0000 followed by the number and its check digit. */
export function finess(number: number): string {
  const digits = `99${String(number).padStart(6, '0')}`;
  let sum = 0;
  for (let index = 0; index < 8; index += 1) {
    const doubled = Number(digits[7 - index]) * (index % 2 === 0 ? 2 : 1);
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return digits + String((10 - (sum % 10)) % 10);
}

const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

export function visitXml(visit: Visit): string {
  const tag = (name: string, value: string | undefined): string =>
    `<${name}>${escape(value ?? '')}</${name}>`;
  return [
    '<PATIENT>',
    tag('CP', visit.cp ?? '67999'),
    tag('COMMUNE', visit.commune ?? 'VILLE-TEST'),
    tag('NAISSANCE', visit.naissance ?? '14/02/1951'),
    tag('SEXE', visit.sexe ?? 'F'),
    tag('ENTREE', visit.entree),
    tag('MODE_ENTREE', visit.modeEntree ?? '8'),
    tag('PROVENANCE', visit.provenance ?? '5'),
    tag('TRANSPORT', visit.transport ?? 'PERSO'),
    tag('TRANSPORT_PEC', 'AUCUN'),
    tag('MOTIF', visit.motif),
    tag('GRAVITE', visit.gravite ?? '2'),
    tag('DP', visit.dp),
    `<LISTE_DA>${(visit.da ?? []).map((code) => tag('DA', code)).join('')}</LISTE_DA>`,
    `<LISTE_ACTES>${(visit.actes ?? []).map((code) => tag('ACTE', code)).join('')}</LISTE_ACTES>`,
    tag('SORTIE', visit.sortie),
    tag('MODE_SORTIE', visit.modeSortie),
    tag('DESTINATION', visit.destination),
    tag('ORIENT', visit.orient),
    '</PATIENT>',
  ].join('');
}

export function rpuXml(file: RpuFile): string {
  const header = [
    `<FINESS>${file.finess}</FINESS><ORDRE>${file.ordre ?? '0'}</ORDRE>`,
    `<EXTRACT>${file.extract ?? ''}</EXTRACT>`,
    `<DATEDEBUT>${file.from ?? ''}</DATEDEBUT><DATEFIN>${file.to ?? ''}</DATEFIN>`,
  ].join('');
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<OSCOUR>',
    `<ETABLISSEMENT>${header}</ETABLISSEMENT>`,
    '<PASSAGES>',
    ...file.visits.map(visitXml),
    '</PASSAGES>',
    '</OSCOUR>',
    '',
  ].join('\n');
}

/** A national file as read back: header and, per visit, tag → text (lists joined by a space). */
export interface ReadFile {
  readonly finess: string;
  readonly ordre: string;
  readonly extract: string;
  readonly from: string;
  readonly to: string;
  readonly visits: readonly Readonly<Record<string, string>>[];
}

const unescape = (text: string): string =>
  text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&apos;', "'")
    .replaceAll('&amp;', '&');

/** Reads what the product wrote; throws unless the file is whole. */
export function readRpuXml(text: string): ReadFile {
  if (!text.trimEnd().endsWith('</OSCOUR>')) throw new Error('not a whole file');
  const one = (name: string): string => new RegExp(`<${name}>([^<]*)</${name}>`).exec(text)?.[1] ?? '';
  const visits = [...text.matchAll(/<PATIENT>([\s\S]*?)<\/PATIENT>/g)].map(([, inside]) => {
    const lists = (inside ?? '').replaceAll(
      /<(LISTE_\w+)>([\s\S]*?)<\/\1>/g,
      (_whole, name: string, items: string) =>
        `<${name}>${[...items.matchAll(/>([^<>]+)</g)].map((item) => item[1]).join(' ')}</${name}>`,
    );
    return Object.fromEntries(
      [...lists.matchAll(/<(\w+)>([^<]*)<\/\1>/g)].map(([, name, value]) => [
        name ?? '',
        unescape(value ?? ''),
      ]),
    );
  });
  return {
    finess: one('FINESS'),
    ordre: one('ORDRE'),
    extract: one('EXTRACT'),
    from: one('DATEDEBUT'),
    to: one('DATEFIN'),
    visits,
  };
}

/** Replays national files in order, replacing by facility and window: what the agency ends up holding. */
export function replay(files: readonly ReadFile[]): Map<string, Readonly<Record<string, string>>[]> {
  const held = new Map<string, Readonly<Record<string, string>>[]>();
  const iso = (french: string): string => french.slice(6, 10) + french.slice(3, 5) + french.slice(0, 2);
  for (const file of files) {
    const kept = (held.get(file.finess) ?? []).filter((visit) => {
      const day = iso(visit['ENTREE'] ?? '');
      return day < iso(file.from) || day > iso(file.to);
    });
    held.set(file.finess, [...kept, ...file.visits]);
  }
  return held;
}
