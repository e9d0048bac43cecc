import { Secret, TOTP } from 'otpauth';
import type { Random } from '../../shared/runtime/random.ts';

/** Codes of six digits from an application (RFC 6238): SHA-1, 30 seconds, which all of them know. */
const form = { algorithm: 'SHA1', digits: 6, period: 30 } as const;
const secretBytes = 20;

/** Base32. */
export function createTotpSecret(random: Random): string {
  const bytes = random.bytes(secretBytes);
  return new Secret({ buffer: Uint8Array.from(bytes).buffer }).base32;
}

/** The step whose code this is, of now or of one step beside it; undefined when it is none. Spaces do not matter. */
export function codeStep(secret: string, code: string, now: number): number | undefined {
  const digits = code.replace(/\s/g, '');
  if (!/^\d{6}$/.test(digits)) return undefined;
  const totp = new TOTP({ ...form, secret: Secret.fromBase32(secret) });
  const delta = totp.validate({ token: digits, timestamp: now, window: 1 });
  return delta === null ? undefined : totp.counter({ timestamp: now }) + delta;
}

/** What an application reads from the drawing. */
export function enrolmentUri(secret: string, { login, region }: { login: string; region: string }): string {
  return new TOTP({
    ...form,
    secret: Secret.fromBase32(secret),
    issuer: `Vaguemestre ${region}`.replace(/:/g, ' '),
    label: login,
  }).toString();
}
