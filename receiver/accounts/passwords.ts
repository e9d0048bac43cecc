import { hash, parseOptions, verify } from '@node-rs/argon2';
import { permanent } from '../../shared/runtime/errors.ts';
import type { Random } from '../../shared/runtime/random.ts';

/**
 * argon2id, the library's default, with the parameters of OWASP's cheat sheet (19 MiB, 2 passes, 1 lane), which stand in
 * the hash itself: one made with others is made anew at the next sign-in.
 */
const parameters = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;
export const shortestPassword = 12;
/** Beyond this, hashing is work that anybody could ask for. */
const longestPassword = 200;

export async function hashPassword(password: string): Promise<string> {
  return hash(canonical(password), parameters);
}

/** Somebody without a password, or who does not exist, costs as much as somebody who has one. */
export async function isPassword(kept: string | null | undefined, password: string): Promise<boolean> {
  const known = kept ?? (await nobodys());
  const right = password.length <= longestPassword && (await verify(known, canonical(password)));
  return right && typeof kept === 'string';
}

export function isOutdated(kept: string): boolean {
  const { memoryCost, timeCost, parallelism } = parseOptions(kept);
  return (
    memoryCost !== parameters.memoryCost ||
    timeCost !== parameters.timeCost ||
    parallelism !== parameters.parallelism
  );
}

/** Throws `password-too-short`, `password-too-long` and `password-obvious`. */
export function checkPassword(password: string, { login, name }: { login: string; name: string }): void {
  const { length } = Array.from(canonical(password));
  if (length < shortestPassword)
    throw permanent('password-too-short', { facts: { shortest: shortestPassword } });
  if (password.length > longestPassword)
    throw permanent('password-too-long', { facts: { longest: longestPassword } });
  if (isObvious(password, login, name)) throw permanent('password-obvious');
}

/** One character over and over, a row of the keyboard, one's own name, or a word everybody tries with something behind it. */
function isObvious(password: string, login: string, name: string): boolean {
  const plain = plainOf(password);
  if (new Set(plain).size < 5) return true;
  if ([plain, plain.repeat(2)].some((text) => rows.some((row) => row.includes(text)))) return true;
  const own = [login, login.split('@')[0] ?? '', name, ...name.split(/\s+/)].map(plainOf);
  return [...own, ...words].some((word) => word.length >= 4 && leftOf(plain, word) < 6);
}

function leftOf(text: string, word: string): number {
  return text.replaceAll(word, '').length + (text.includes(word) ? 0 : 1000);
}

function plainOf(text: string): string {
  return text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '');
}

const rows = [
  '0123456789012345678901234567890',
  '9876543210987654321',
  'azertyuiopqsdfghjklmwxcvbn',
  'qwertyuiopasdfghjklzxcvbnm',
  'abcdefghijklmnopqrstuvwxyz',
];
const words = [
  'motdepasse',
  'password',
  'passw0rd',
  'azerty',
  'qwerty',
  'vaguemestre',
  'urgences',
  'observatoire',
  'bonjour',
  'administrateur',
  'administrator',
  'changeme',
  'bienvenue',
  'hopital',
];

/** Typed by hand: no letter that looks like another. 80 bits. */
export function createOneTimePassword(random: Random): string {
  const letters = [...random.bytes(16)].map((byte) => alphabet[byte % alphabet.length] ?? '');
  return [0, 4, 8, 12].map((at) => letters.slice(at, at + 4).join('')).join('-');
}
/** 32 of them: a byte falls on each as often. */
const alphabet = 'abcdefghijkmnpqrstuvwxyz23456789';

/** One form for one text, however the keyboard composes accents and whatever space was copied with it. */
function canonical(password: string): string {
  return password.normalize('NFC').trim();
}

let made: Promise<string> | undefined;
function nobodys(): Promise<string> {
  made ??= hashPassword('nobody has this password');
  return made;
}
