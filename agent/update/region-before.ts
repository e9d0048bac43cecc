import type { Notes } from '../outbox/notes.ts';

/** Whether the region can be reached as things stand: what a new version is measured by. `problem`: why not. */
export interface RegionBefore {
  readonly reached: boolean;
  readonly problem?: string;
}

export function regionBefore(notes: Pick<Notes, 'read'> | undefined): RegionBefore {
  const problem = notes?.read('contact-problem')?.code;
  if (problem !== undefined) return { reached: false, problem };
  return { reached: notes?.read('last-contact-at') !== undefined };
}
