import { hash } from '@node-rs/argon2';
import { describe, expect, it } from 'vitest';
import { lockedUntil } from '../../../receiver/accounts/lockout.ts';
import {
  checkPassword,
  createOneTimePassword,
  hashPassword,
  isOutdated,
  isPassword,
} from '../../../receiver/accounts/passwords.ts';
import { systemRandom } from '../../../shared/runtime/random.ts';

const somebody = { login: 'claire.lormeau@oru.example', name: 'Claire Lormeau' };

describe('a password', () => {
  it('is refused when it is short, endless or what anybody would try', () => {
    const refused = (password: string): string => {
      try {
        checkPassword(password, somebody);
        return '';
      } catch (error) {
        return (error as { code: string }).code;
      }
    };
    expect(refused('onze signes')).toBe('password-too-short');
    expect(refused('x'.repeat(201))).toBe('password-too-long');
    const obvious = [
      'aaaaaaaaaaaaaa',
      '123456789012',
      'azertyuiopqs',
      'MotDePasse2026',
      'Claire.Lormeau',
      'lormeau20261',
      'Vaguemestre1!',
      'Urgences2026',
    ];
    expect(obvious.map(refused)).toEqual(obvious.map(() => 'password-obvious'));
    const good = ['trois girafes bleues', 'Éléphant sur un toit', createOneTimePassword(systemRandom)];
    expect(good.map(refused)).toEqual(['', '', '']);
  });

  it('is kept as argon2id, never twice the same, and known again however its accents are composed', async () => {
    const [one, two] = [await hashPassword('éléphant rose pâle'), await hashPassword('éléphant rose pâle')];
    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(one).not.toBe(two);
    expect(await isPassword(one, 'éléphant rose pâle'.normalize('NFD'))).toBe(true);
    expect(await isPassword(one, 'elephant rose pale')).toBe(false);
    expect(await isPassword(null, 'nobody has this password')).toBe(false);
    expect(await isPassword(undefined, 'nobody has this password')).toBe(false);
  });

  it('made with other parameters is made anew', async () => {
    expect(isOutdated(await hashPassword('éléphant rose pâle'))).toBe(false);
    expect(isOutdated(await hash('éléphant rose pâle', { memoryCost: 8192, timeCost: 1 }))).toBe(true);
  });
});

describe('the wait after wrong attempts', () => {
  it('begins with the fifth, doubles with every five, and is never longer than four hours', () => {
    const minutes = (failures: number): number | null => {
      const until = lockedUntil(failures, 0);
      return until === null ? null : until / 60_000;
    };
    expect([1, 4, 6, 9].map(minutes)).toEqual([null, null, null, null]);
    expect([5, 10, 15, 20, 25, 500].map(minutes)).toEqual([15, 30, 60, 120, 240, 240]);
  });
});
