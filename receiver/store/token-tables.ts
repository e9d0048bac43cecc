import type { Profile } from '../accounts/profile.ts';

/** What a token may be used for; each is one part of the API. */
export const apiScopes = ['facilities', 'files', 'quality', 'reports', 'alerts', 'extractions'] as const;
export type ApiScope = (typeof apiScopes)[number];

/** Times in epoch ms. The token itself is nowhere: `hash` is its SHA-256. */
export interface ApiTokenRow {
  readonly id: string;
  readonly name: string;
  readonly hash: Buffer;
  readonly profile: Profile;
  readonly scopes: readonly ApiScope[];
  /** null: every facility. */
  readonly facilities: readonly string[] | null;
  readonly createdAt: number;
  readonly createdBy: string;
  readonly expiresAt: number;
  readonly revokedAt: number | null;
  /** To the minute, and only now and then written. */
  readonly usedAt: number | null;
}

/** Neither revoked nor over. */
export function isTokenLive({ revokedAt, expiresAt }: ApiTokenRow, now: number): boolean {
  return revokedAt === null && expiresAt > now;
}

export interface ApiTokenTable {
  add(row: Omit<ApiTokenRow, 'revokedAt' | 'usedAt'>): Promise<void>;
  byHash(hash: Buffer): Promise<ApiTokenRow | undefined>;
  get(id: string): Promise<ApiTokenRow | undefined>;
  /** The latest first. */
  list(): Promise<readonly ApiTokenRow[]>;
  /** False when it was revoked before. */
  revoke(id: string, at: number): Promise<boolean>;
  used(id: string, at: number): Promise<void>;
}
