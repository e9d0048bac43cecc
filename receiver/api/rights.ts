import type { Profile } from '../accounts/profile.ts';
import { apiScopes, type ApiScope } from '../store/token-tables.ts';

/** Who is answered under each scope: whoever sees the same on a page. An agency has a door of its own. */
const hospitals = ['regional-operator', 'hospital-admin', 'read-only', 'auditor'] as const;
const profilesOfScope: Readonly<Record<ApiScope, readonly Profile[]>> = {
  facilities: hospitals,
  files: hospitals,
  quality: hospitals,
  reports: hospitals,
  alerts: hospitals,
  extractions: [...hospitals, 'health-professional'],
};

export function profilesOf(scope: ApiScope): readonly Profile[] {
  return profilesOfScope[scope];
}

export function scopesOfProfile(profile: Profile): readonly ApiScope[] {
  return apiScopes.filter((scope) => profilesOfScope[scope].includes(profile));
}
