import { reaches, type Reach, type Viewer } from '../../accounts/profile.ts';

/** What a viewer may be shown. Every read verb takes it; none answers beyond it. */
export interface ViewReach {
  readonly facilities: Reach;
  readonly destinations: Reach;
}

export function reachOf({ facilities, destinations }: Viewer): ViewReach {
  return { facilities, destinations };
}

export function withinReach<Row extends { readonly facility: string }>(
  { facilities }: ViewReach,
  rows: readonly Row[],
): readonly Row[] {
  return facilities === 'all' ? rows : rows.filter(({ facility }) => reaches(facilities, facility));
}
