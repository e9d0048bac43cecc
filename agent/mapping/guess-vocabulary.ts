import type { CodeSet } from '../../shared/feeds/code-lists.ts';

/** What the values of a field look like, whatever the source calls it. */
export type ContentKind =
  | 'finess'
  | 'visit-number'
  | 'postal-code'
  | 'place'
  | 'birth-date'
  | 'moment'
  | 'codes'
  | 'reason'
  | 'diagnosis'
  | 'diagnoses'
  | 'procedures'
  | 'any';

/** National codes and the words that softwares print instead of them. Phrases are in folded words: "court sejour". */
export interface CodeWords {
  readonly codes: CodeSet;
  readonly labels: Readonly<Record<string, readonly string[]>>;
  /** The code met most in any emergency department, and the least share of it: a column of bare digits is known by it. */
  readonly typical?: { readonly code: string; readonly share: number };
}

/** What is known of one field of a feed, to find its column in a sample. */
export interface FieldWords {
  readonly field: string;
  /** Phrases in folded words with abbreviations written out. */
  readonly names: readonly string[];
  /** Words whose presence means something else. */
  readonly not: readonly string[];
  readonly content: ContentKind;
  readonly coded?: CodeWords;
  /** It is filled only beside these codes of another field: what tells a column of one bare digit from others. */
  readonly onlyBeside?: { readonly field: string; readonly codes: readonly string[] };
  /** Where it has no column of its own: what follows from each code of another field. */
  readonly follows?: { readonly field: string; readonly codes: Readonly<Record<string, string>> };
  /** Another field whose column may say this one too. */
  readonly alsoIn?: string;
  /** An invented value in the canonical form, for the test that the mapping carries. */
  readonly example: string | readonly string[];
}

export interface Vocabulary {
  readonly fields: readonly FieldWords[];
  /** Phrases of columns that tell who the patient or the carer is: never needed, never sent. */
  readonly identity: readonly string[];
}
