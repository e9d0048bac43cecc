/** One part of a facility for one feed: the scope of replacement. */
export interface Scope {
  readonly facility: string;
  readonly feed: string;
  readonly part: string;
}
