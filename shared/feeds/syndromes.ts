import { defaultGroups, matcherOf, type MatchGroups } from './syndromic-groups.ts';

/**
 * The groups that every day is counted by as it comes: the program's own, in an order that cells are packed in. What a
 * region adds or changes is counted by its reports.
 */
export const syndromes: readonly { readonly name: string }[] = defaultGroups.map(({ id }) => ({ name: id }));

export const syndromesOf: MatchGroups = matcherOf(defaultGroups);
