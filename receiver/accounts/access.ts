import { isFiness, normaliseFiness } from '../../shared/feeds/facility.ts';
import { permanent } from '../../shared/runtime/errors.ts';
import type { AccountAccess } from '../store/account-tables.ts';
import { profiles, type Profile } from './profile.ts';

/** As a person asks for it; empty lists = nothing said. */
export interface AccessAsked {
  readonly profile: string;
  readonly administrator: boolean;
  readonly facilities: readonly string[];
  readonly destinations: readonly string[];
}

/**
 * What an account of this profile may be given. A hospital has its facilities, an agency its destinations, and each
 * nothing else; who looks at the region may be kept to some of its facilities. Throws `account-profile-unknown`,
 * `account-facilities-missing`, `account-destinations-missing`, `account-scope-refused`, `account-administrator-refused`,
 * `facility-finess-invalid` and `destination-unknown`.
 */
export function checkedAccess(asked: AccessAsked, destinationNames: readonly string[]): AccountAccess {
  const profile = profiles.find((known) => known === asked.profile);
  if (profile === undefined)
    throw permanent('account-profile-unknown', {
      facts: { profile: asked.profile, known: profiles.join(', ') },
    });
  const { administrator } = asked;
  if (administrator && profile !== 'regional-operator') throw permanent('account-administrator-refused');
  const facilities = asked.facilities.map(checkedFiness);
  const destinations = asked.destinations.map((name) => checkedDestination(name, destinationNames));
  return { profile, administrator, ...scopesOf(profile, facilities, destinations) };
}

function scopesOf(
  profile: Profile,
  facilities: readonly string[],
  destinations: readonly string[],
): Pick<AccountAccess, 'facilities' | 'destinations'> {
  const refuse = (isRefused: boolean): void => {
    if (isRefused) throw permanent('account-scope-refused', { facts: { profile } });
  };
  switch (profile) {
    case 'hospital-admin':
      refuse(destinations.length > 0);
      if (facilities.length === 0) throw permanent('account-facilities-missing');
      return { facilities, destinations: [] };
    case 'agency':
      refuse(facilities.length > 0);
      if (destinations.length === 0) throw permanent('account-destinations-missing');
      return { facilities: 'all', destinations };
    case 'health-professional':
      refuse(destinations.length > 0);
      return { facilities: facilities.length === 0 ? 'all' : facilities, destinations: [] };
    case 'read-only':
      refuse(destinations.length > 0);
      return facilities.length === 0
        ? { facilities: 'all', destinations: 'all' }
        : { facilities, destinations: [] };
    case 'regional-operator':
    case 'auditor':
      refuse(facilities.length > 0 || destinations.length > 0);
      return { facilities: 'all', destinations: 'all' };
  }
}

function checkedFiness(text: string): string {
  const finess = normaliseFiness(text);
  if (!isFiness(finess)) throw permanent('facility-finess-invalid', { facts: { facility: text } });
  return finess;
}

function checkedDestination(name: string, known: readonly string[]): string {
  if (!known.includes(name))
    throw permanent('destination-unknown', { facts: { destination: name, known: known.join(', ') } });
  return name;
}

/** "a, b c" as its parts. */
export function namesIn(text: string): readonly string[] {
  return text.split(/[\s,;]+/).filter((each) => each !== '');
}
