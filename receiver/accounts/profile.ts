import type { Language } from '../../shared/i18n/texts.ts';

/**
 * What an account is for. regional-operator: acts for the region. hospital-admin: own facilities. agency: own
 * destinations. health-professional: aggregates only. read-only: the region, no action. auditor: reads all, journal and
 * verification.
 */
export const profiles = [
  'regional-operator',
  'hospital-admin',
  'agency',
  'health-professional',
  'read-only',
  'auditor',
] as const;
export type Profile = (typeof profiles)[number];

/** What a route asks for: a profile, or the operator's right to administer. */
export type Right = Profile | 'administrator';

/** Facilities by FINESS, or destinations by name. */
export type Reach = 'all' | ReadonlySet<string>;

/** Who looks: an account with a session. */
export interface Viewer {
  readonly account: string;
  readonly name: string;
  readonly profile: Profile;
  readonly administrator: boolean;
  readonly facilities: Reach;
  readonly destinations: Reach;
  readonly language: Language;
  /** Sent back by every form. */
  readonly csrf: string;
}

export function reaches(reach: Reach, name: string): boolean {
  return reach === 'all' || reach.has(name);
}

export function hasRight(viewer: Viewer, rights: readonly Right[]): boolean {
  return rights.includes(viewer.profile) || (viewer.administrator && rights.includes('administrator'));
}
