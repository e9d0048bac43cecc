import type { Counted } from '../../quality/analyse.ts';
import type { Asked } from './question.ts';

/** What was asked, and what came of it. */
export interface Analysed {
  readonly asked: Asked;
  readonly facilities: readonly { readonly finess: string; readonly name: string }[];
  readonly counted: Counted;
  /** The period before, of the same length; undefined: too little is known of it. */
  readonly before: Counted | undefined;
  readonly uncounted: number;
}
