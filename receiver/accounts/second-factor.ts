import type { AccountAccess } from '../store/account-tables.ts';

/** From whom a code is asked besides the password. */
export const secondFactors = ['administrators', 'acting', 'everybody', 'nobody'] as const;
export type SecondFactor = (typeof secondFactors)[number];

const acting = ['regional-operator', 'hospital-admin', 'agency'];

/** administrators: whoever changes accounts and keys, and whoever reads everything. */
export function needsSecondFactor({ profile, administrator }: AccountAccess, asked: SecondFactor): boolean {
  switch (asked) {
    case 'administrators':
      return administrator || profile === 'auditor';
    case 'acting':
      return administrator || profile === 'auditor' || acting.includes(profile);
    case 'everybody':
      return true;
    case 'nobody':
      return false;
  }
}
