import { chmodSync, chownSync, mkdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { generateKeyPairSync } from 'node:crypto';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { isPlainPath, readUpdateFile } from '../../../agent/update/update-file.ts';
import { describeCode, errorTexts } from '../../../shared/i18n/errors.ts';
import { platform, sequenceOf } from '../release/homes.ts';
import { filesOf, makeLab, makeUpdate, update, type Lab, type Update } from './lab.ts';

interface Case {
  readonly end: string;
  readonly why: string;
  readonly version?: string;
  readonly update?: Update;
  readonly facts?: Readonly<Record<string, string | number>>;
  /** Done to the file, or to the machine, before it is given. */
  readonly then?: (file: string, lab: Lab) => void;
  readonly now?: number;
}

const bytes = (text: string): Uint8Array => Buffer.from(text);

const cases: readonly Case[] = [
  { end: 'update-signature', why: 'another key', update: { key: generateKeyPairSync('ed25519').privateKey } },
  {
    end: 'update-signature',
    why: 'a release changed after it was signed',
    update: {
      tamper: (content) =>
        (content['release.json'] = bytes(String(content['release.json']).replace('0.2.0', '0.2.1'))),
    },
  },
  {
    end: 'update-signature',
    why: 'a signature that is none',
    update: { tamper: (content) => (content['release.sig'] = bytes('signed')) },
  },
  {
    end: 'update-no-keys',
    why: 'no vendor is known here',
    then: (_file, { home }) => rmSync(join(home, 'release-keys'), { recursive: true }),
  },
  {
    end: 'update-signature',
    why: 'a pinned key that is no key',
    then: (_file, { home }) => writeFileSync(join(home, 'release-keys/vendor.pem'), 'no key'),
  },
  { end: 'update-truncated', why: 'a file cut in the middle', then: (file) => truncateSync(file, 300) },
  {
    end: 'update-not-a-bundle',
    why: 'another kind of file',
    then: (file) => writeFileSync(file, '<html>404</html>'),
  },
  { end: 'update-not-a-bundle', why: 'an empty file', then: (file) => truncateSync(file, 0) },
  {
    end: 'update-not-a-bundle',
    why: 'a zip of something else',
    then: (file) => writeFileSync(file, zipSync({ 'a.txt': bytes('a') })),
  },
  {
    end: 'update-not-a-bundle',
    why: 'a bundle without its signature',
    update: { tamper: (content) => delete content['release.sig'] },
  },
  { end: 'update-unreadable', why: 'no file', then: (file) => rmSync(file), facts: { reason: 'ENOENT' } },
  {
    end: 'update-unreadable',
    why: 'a folder',
    then: (file) => {
      rmSync(file);
      mkdirSync(file);
    },
    facts: { reason: 'EISDIR' },
  },
  {
    end: 'update-too-large',
    why: 'a file larger than any update',
    then: (file) => truncateSync(file, 65 * 1024 * 1024),
  },
  {
    end: 'update-too-large',
    why: 'contents larger than any update',
    update: { tamper: (content) => (content['zeros'] = new Uint8Array(65 * 1024 * 1024)) },
  },
  {
    end: 'update-too-large',
    why: 'more files than any update',
    update: {
      tamper: (content) => {
        for (let n = 0; n < 2001; n += 1) content[`f${n}`] = bytes('');
      },
    },
  },
  {
    end: 'update-path',
    why: 'a path that leads out',
    update: { tamper: (content) => (content['../../evil.mjs'] = bytes('')) },
    facts: { path: '../../evil.mjs' },
  },
  {
    end: 'update-path',
    why: 'a path from the root',
    update: { tamper: (content) => (content['/etc/cron.d/evil'] = bytes('')) },
  },
  {
    end: 'update-path',
    why: 'a path of Windows',
    update: { tamper: (content) => (content['..\\evil.mjs'] = bytes('')) },
  },
  {
    end: 'update-form',
    why: 'a signed release that lists such a path',
    update: { release: { files: [{ path: '../evil.mjs', bytes: 0, sha256: '0'.repeat(64) }] } },
  },
  { end: 'update-form', why: 'a signed release of a form to come', update: { release: { release: 2 as 1 } } },
  {
    end: 'update-form',
    why: 'a signed release whose version is a path',
    update: { release: { version: '../../0.2.0' } },
  },
  {
    end: 'update-file-missing',
    why: 'a listed file that is not there',
    update: { tamper: (content) => delete content['lib/part.mjs'] },
    facts: { path: 'lib/part.mjs' },
  },
  {
    end: 'update-file-altered',
    why: 'a file that is another',
    update: { tamper: (content) => (content['lib/part.mjs'] = bytes('// a pert\n')) },
    facts: { path: 'lib/part.mjs' },
  },
  {
    end: 'update-file-altered',
    why: 'a file that is longer',
    update: { tamper: (content) => (content['main.mjs'] = bytes(`${String(content['main.mjs'])}//`)) },
  },
  {
    end: 'update-file-extra',
    why: 'a file that nobody signed',
    update: { tamper: (content) => (content['extra.node'] = bytes('')) },
    facts: { path: 'extra.node' },
  },
  {
    end: 'update-other-product',
    why: 'the receiver’s',
    update: { release: { product: 'vaguemestre-receiver' } },
  },
  {
    end: 'update-other-platform',
    why: 'another machine’s',
    update: { release: { platform: 'plan9-x64' } },
    facts: { expected: platform },
  },
  {
    end: 'update-expired',
    why: 'one that is past its time',
    now: Date.UTC(2100, 0, 1) + 1,
    facts: { until: '2100-01-01' },
  },
  {
    end: 'update-needs-intermediate',
    why: 'one that starts from a later version',
    update: { release: { minimum: '0.1.5' } },
    facts: { minimum: '0.1.5', running: '0.1.0' },
  },
  {
    end: 'update-too-old',
    why: 'one made before what runs',
    update: { release: { sequence: sequenceOf('0.1.0') - 1 } },
  },
  {
    end: 'update-too-old',
    why: 'one made of the same sources, with a lower number',
    version: '0.0.9',
    update: { release: { sequence: sequenceOf('0.1.0') } },
  },
];

describe('an update that is refused', () => {
  it.each(cases)(
    '$why: $end, and nothing has changed',
    async ({ end, version = '0.2.0', then, now, facts, ...given }) => {
      const lab = await makeLab();
      const file = makeUpdate(lab, version, given.update);
      then?.(file, lab);
      const answer = await update(lab, { file, yes: true }, now === undefined ? {} : { now });
      expect(answer).toMatchObject({ end, facts: facts ?? {} });
      expect([lab.runs(), lab.current(), lab.laid(), lab.service.restarts]).toEqual([
        '0.1.0',
        undefined,
        [],
        0,
      ]);
    },
  );

  it('says what to do, in both languages, with nothing left to fill in', async () => {
    for (const code of new Set(cases.map(({ end }) => end))) expect(errorTexts[code]).toBeDefined();
    const lab = await makeLab();
    const { facts } = await update(lab, {
      file: makeUpdate(lab, '0.2.0', { release: { minimum: '0.1.5' } }),
      yes: true,
    });
    for (const language of ['fr', 'en'] as const) {
      const { message, hint } = describeCode('update-needs-intermediate', language, facts);
      expect(`${message} ${hint}`).not.toMatch(/[{}]/);
    }
  });
});

describe('what has run here stays the floor', () => {
  it('an older release is refused after a newer one, and after going back from it', async () => {
    const lab = await makeLab();
    const older = makeUpdate(lab, '0.2.0');
    await update(lab, { file: makeUpdate(lab, '0.3.0'), yes: true });
    expect((await update(lab, { file: older, yes: true })).end).toBe('update-too-old');
    await update(lab, { back: true, yes: true });
    expect(lab.runs()).toBe('0.1.0');
    expect((await update(lab, { file: older, yes: true })).end).toBe('update-too-old');
  });

  it('also when a package has changed since', async () => {
    const lab = await makeLab();
    await update(lab, { file: makeUpdate(lab, '0.3.0'), yes: true });
    const release = join(lab.home, 'versions/0.1.0/release.json');
    writeFileSync(release, readFileSync(release, 'utf8').replace('"version":"0.1.0"', '"version":"0.1.1"'));
    expect([lab.runs(), lab.laid()]).toEqual(['0.1.1', ['0.3.0']]);
    expect((await update(lab, { file: makeUpdate(lab, '0.2.0'), yes: true })).end).toBe('update-too-old');
  });

  it('unless the vendor has signed it as a way down', async () => {
    const lab = await makeLab();
    await update(lab, { file: makeUpdate(lab, '0.3.0'), yes: true });
    const down = await update(lab, {
      file: makeUpdate(lab, '0.2.0', { release: { downgrade: true } }),
      yes: true,
    });
    expect(down).toMatchObject({ end: 0 });
    expect(down.out).toContain('goes back to an older version');
    expect(lab.current()).toMatchObject({ version: '0.2.0', highest: sequenceOf('0.3.0') });
    expect((await update(lab, { file: makeUpdate(lab, '0.2.5'), yes: true })).end).toBe('update-too-old');
    expect((await update(lab, { file: makeUpdate(lab, '0.3.0'), yes: true })).end).toBe(0);
  });
});

describe('the folder of versions', () => {
  it.skipIf(process.platform === 'win32')('is trusted while only its owner writes to it', async () => {
    const lab = await makeLab();
    chmodSync(lab.releases, 0o775);
    const file = makeUpdate(lab, '0.2.0');
    expect((await update(lab, { file, yes: true })).end).toBe('update-folder-open');
    chmodSync(lab.releases, 0o755);
    expect((await update(lab, { file, yes: true })).end).toBe(0);
  });

  it('belongs to whoever updates: root finds another’s, another cannot write to root’s', async ({ skip }) => {
    const lab = await makeLab();
    const file = makeUpdate(lab, '0.2.0', { files: filesOf('0.2.0') });
    if (process.getuid?.() === 0) {
      chownSync(lab.releases, 64_123, 64_123);
      expect((await update(lab, { file, yes: true })).end).toBe('update-folder-open');
    } else if (process.platform !== 'win32') {
      chmodSync(lab.releases, 0o555);
      expect((await update(lab, { file, yes: true })).end).toBe('update-needs-root');
    } else skip();
  });
});

describe('the bundle', () => {
  it('has plain paths only', () => {
    for (const path of ['main.mjs', 'node_modules/@node-rs/x/index.js', 'a-b_c.d/e+f.js'])
      expect(isPlainPath(path)).toBe(true);
    for (const path of [
      '',
      '.',
      '..',
      'a/../b',
      './a',
      'a//b',
      'a/',
      '/a',
      'a\\b',
      'C:/a',
      'a\0b',
      'é',
      'a b',
      '...',
    ])
      expect(isPlainPath(path)).toBe(false);
  });

  it('fills no more memory than an entry announces', async () => {
    const lab = await makeLab();
    const file = makeUpdate(lab, '0.2.0', {
      tamper: (content) => (content['zeros'] = new Uint8Array(1024 * 1024)),
    });
    const zip = readFileSync(file);
    // The size in its headers, said to be ten bytes.
    const size = Buffer.alloc(4);
    size.writeUInt32LE(1024 * 1024);
    const small = Buffer.alloc(4);
    small.writeUInt32LE(10);
    for (let at = zip.indexOf(size); at >= 0; at = zip.indexOf(size, at + 1)) small.copy(zip, at);
    writeFileSync(file, zip);
    expect((await readUpdateFile(file)).unpack().get('zeros')?.length).toBe(10);
    expect((await update(lab, { file, yes: true })).end).toBe('update-file-extra');
  });
});
