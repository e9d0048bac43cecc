import type { z } from 'zod';
import { expecting, isExpectation } from './expect.ts';

/** A fault that zod found: where, and what the message stands for. */
export interface FlatIssue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** One entry a fault. Of alternatives, the one that was meant speaks: an object that is nearly right says what is wrong in it. */
export function flatIssues(
  issues: readonly z.core.$ZodIssue[],
  base: readonly PropertyKey[] = [],
): readonly FlatIssue[] {
  return issues.flatMap((issue) => {
    const path = [...base, ...issue.path];
    if (issue.code === 'unrecognized_keys')
      return issue.keys.map((key) => ({ path: [...path, key], message: expecting('unknown-key') }));
    if (issue.code === 'invalid_key') return [{ path, message: issue.issues[0]?.message ?? issue.message }];
    if (issue.code === 'invalid_union') {
      const meant = issue.errors.filter((alternative) => !alternative.some(isOfAnotherKind));
      const [only] = meant;
      if (meant.length === 1 && only !== undefined) return flatIssues(only, path);
    }
    return [{ path, message: ownMessage(issue) }];
  });
}

/** A table or a list that is not there has no sentence of its own in the schema. */
function ownMessage(issue: z.core.$ZodIssue): string {
  if (issue.code !== 'invalid_type' || isExpectation(issue.message)) return issue.message;
  return expecting(issue.expected === 'array' || issue.expected === 'tuple' ? 'list' : 'table');
}

/** The alternative wants a text where a table stands, or the other way round. */
function isOfAnotherKind(issue: z.core.$ZodIssue): boolean {
  return issue.path.length === 0 && (issue.code === 'invalid_type' || issue.code === 'invalid_value');
}
