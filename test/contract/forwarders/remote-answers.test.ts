import { execFileSync } from 'node:child_process';
import { chownSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { transport } from '../../../receiver/config-transports.ts';
import type {
  AgencyReply,
  AnswerSource,
  AwaitedDispatch,
} from '../../../receiver/forward/answers/answer-source.ts';
import { openReturnFolder } from '../../../receiver/forward/answers/return-folder-places.ts';
import { peer } from '../../support/peer.ts';
import { ftpUid, pureFtpdInstalled, startPureFtpd } from '../../support/peers/pure-ftpd.ts';
import { sshdInstalled, startSshd } from '../../support/peers/sshd.ts';
import { never } from './remote-cases.ts';

const ends: (() => unknown)[] = [];

afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

interface Place {
  readonly source: AnswerSource;
  /** Where the agency puts its answers. */
  readonly folder: string;
  readonly put: (name: string, content?: string | Buffer) => void;
}

function openWith(settings: unknown, root: string): Place {
  const parsed = transport.parse(settings);
  if (parsed.kind === 'https' || parsed.kind === 'pull' || parsed.kind === 'submission')
    throw new Error('not a folder');
  const folder = join(root, 'answers');
  mkdirSync(folder);
  const answers = { kind: 'folder', folder: '../answers', everySeconds: 1, withinHours: 24 } as const;
  const source = openReturnFolder({ name: 'agency' }, parsed, {
    ...{ ...answers, acceptedSuffix: '.ack', refusedSuffix: '.nack' },
  });
  return {
    ...{ source, folder },
    put: (name, content = '') => {
      writeFileSync(join(folder, name), content);
      if (parsed.kind !== 'ftps') return;
      chownSync(folder, ftpUid, ftpUid);
      chownSync(join(folder, name), ftpUid, ftpUid);
    },
  };
}

function newRoot(): string {
  const root = mkdtempSync(join(tmpdir(), 'vaguemestre-answers-'));
  ends.push(() => {
    rmSync(root, { recursive: true, force: true });
  });
  mkdirSync(join(root, 'in'));
  return root;
}

async function local(): Promise<Place> {
  const root = newRoot();
  return openWith({ kind: 'directory', folder: join(root, 'in') }, root);
}

async function overSftp(refused: readonly string[] = []): Promise<Place> {
  const root = newRoot();
  const server = await startSshd({ root, refused });
  ends.push(() => server.release());
  const { host, port, user, keyFile, hostKeys } = server;
  return openWith({ kind: 'sftp', host, port, user, keyFile, hostKeys, folder: 'in' }, root);
}

async function overFtps(): Promise<Place> {
  const root = newRoot();
  const server = await startPureFtpd({ root });
  ends.push(() => server.release());
  const { host, port, user, passwordFile, authorityFile } = server;
  return openWith({ kind: 'ftps', host, port, user, passwordFile, authorityFile, folder: 'in' }, root);
}

const awaiting = (...names: readonly string[]): readonly AwaitedDispatch[] =>
  names.map((name) => ({ name, sealedName: `${name}.zip.gpg`, digest: '', reference: null }));

function describeAnswers(kind: string, open: () => Promise<Place>): void {
  describe(`answers in a folder, ${kind}`, () => {
    it('are the name and a suffix, with the code of a refusal', async () => {
      const { source, put } = await open();
      put('a.xml.ack');
      put('b.xml.zip.gpg.nack', '{"code":"E42","reason":"somebody"}');
      put('c.xml.nack', 'SCHEMA: born on a day that was not\nand more\n');
      put('d.xml.nack', '{"code":"<b>E 7</b>"}');
      put('e.xml.nack', '\n');
      const replies = await source.collect(awaiting('a.xml', 'b.xml', 'c.xml'), never);
      expect([...replies].sort(byName)).toEqual([
        { name: 'a.xml', verdict: 'acknowledged', code: null },
        { name: 'b.xml.zip.gpg', verdict: 'refused', code: 'E42' },
        { name: 'c.xml', verdict: 'refused', code: 'SCHEMA' },
        { name: 'd.xml', verdict: 'refused', code: 'bE7b' },
        { name: 'e.xml', verdict: 'refused', code: null },
      ]);
    });

    it('stay until they are forgotten, and nothing else is touched', async () => {
      const { source, folder, put } = await open();
      put('a.xml.ack');
      put('b.xml.nack', '{"code":"E42"}');
      put('readme.txt', 'of the agency');
      put('.hidden.ack');
      const first = await source.collect(awaiting('a.xml', 'b.xml'), never);
      expect(await source.collect(awaiting('a.xml', 'b.xml'), never)).toEqual(first);
      await source.forget(
        first.filter(({ name }) => name === 'a.xml'),
        never,
      );
      expect(readdirSync(folder).sort()).toEqual(['.hidden.ack', 'b.xml.nack', 'readme.txt']);
      await source.forget(first, never);
      expect(readdirSync(folder).sort()).toEqual(['.hidden.ack', 'readme.txt']);
    });

    it('are left until they are whole, or do not grow any more', async () => {
      const { source, put } = await open();
      const ask = () => source.collect(awaiting('a.xml'), never);
      put('a.xml.nack', '{"code":');
      expect(await ask()).toEqual([]);
      put('a.xml.nack', '{"code":"E1"');
      expect(await ask()).toEqual([]);
      expect(await ask()).toEqual([{ name: 'a.xml', verdict: 'refused', code: null }]);
      put('a.xml.nack', '{"code":"E1"}');
      expect(await ask()).toEqual([{ name: 'a.xml', verdict: 'refused', code: 'E1' }]);
    });

    it('are not read when they are too large', async () => {
      const { source, put } = await open();
      put('a.xml.nack', `CODE\n${'x'.repeat(65 * 1024)}`);
      expect(await source.collect(awaiting('a.xml'), never)).toEqual([
        { name: 'a.xml', verdict: 'refused', code: null },
      ]);
    });

    it('are taken 500 at a time, awaited ones first, and all are seen in turn', async () => {
      const { source, put } = await open();
      for (let index = 0; index < 700; index += 1) put(`n-${index}.xml.ack`);
      put('zz.xml.ack');
      const seen = new Set<string>();
      const first = await source.collect(awaiting('zz.xml'), never);
      expect(first.length).toBe(500);
      expect(first[0]?.name).toBe('zz.xml');
      for (const { name } of first) seen.add(name);
      for (const { name } of await source.collect(awaiting('zz.xml'), never)) seen.add(name);
      expect(seen.size).toBe(701);
    });

    it('say that the folder is not there', async () => {
      const { source, folder } = await open();
      rmSync(folder, { recursive: true });
      await expect(source.collect(awaiting('a.xml'), never)).rejects.toMatchObject({
        name: 'Fault',
        facts: { destination: 'agency' },
      });
    });
  });
}

const byName = (a: AgencyReply, b: AgencyReply): number => (a.name < b.name ? -1 : 1);

describeAnswers('on this machine', local);

it('one answer that cannot be removed keeps no other there', async () => {
  const { source, folder, put } = await local();
  // A folder of that name says as much as a file, and no unlink removes it.
  mkdirSync(join(folder, 'a.xml.ack'));
  for (const name of ['b.xml.ack', 'c.xml.nack']) put(name, 'E1\n');
  const replies = await source.collect(awaiting('a.xml', 'b.xml', 'c.xml'), never);
  expect(replies.map(({ name }) => name)).toEqual(['a.xml', 'b.xml', 'c.xml']);
  await expect(source.forget(replies, never)).rejects.toMatchObject({ name: 'Fault' });
  expect(readdirSync(folder)).toEqual(['a.xml.ack']);
});

it('a pipe in place of an answer is waited for by nobody', async () => {
  const mkfifo = peer('mkfifo', 'pipes in place of answers');
  if (mkfifo === undefined) return;
  const { source, folder, put } = await local();
  execFileSync(mkfifo, [join(folder, 'a.xml.nack')]);
  put('b.xml.nack', 'E1\n');
  expect(await source.collect(awaiting('a.xml', 'b.xml'), never)).toEqual([
    { name: 'b.xml', verdict: 'refused', code: 'E1' },
  ]);
});

describe.skipIf(!sshdInstalled())('SFTP', () => {
  describeAnswers('over SFTP', () => overSftp());

  it('go into the folder done where they may not be removed, and stay where there is none', async () => {
    const { source, folder, put } = await overSftp(['remove']);
    put('a.xml.ack');
    const replies = await source.collect(awaiting('a.xml'), never);
    await expect(source.forget(replies, never)).rejects.toMatchObject({ code: 'peer-folder-refused' });
    expect(readdirSync(folder)).toEqual(['a.xml.ack']);
    mkdirSync(join(folder, 'done'));
    await source.forget(replies, never);
    expect(readdirSync(folder)).toEqual(['done']);
    expect(readdirSync(join(folder, 'done'))).toEqual(['a.xml.ack']);
  });
});
describe.skipIf(!pureFtpdInstalled())('FTPS', () => {
  describeAnswers('over FTPS', overFtps);
});
