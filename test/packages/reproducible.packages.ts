import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runProgram } from './support/processes.ts';
import { canTry } from './support/need.ts';
import { openWorkshop, type Built, type Workshop } from './support/build.ts';

const tried = canTry(['dpkg-deb', 'sha256sum'], 'nobody shows that a package can be made again, bit by bit');

const withRpm = tried && canTry(['rpmbuild'], 'nobody shows that an .rpm can be made again, bit by bit');

/** By two people on two sides of the earth, who have little in common. Debian's as published; the others quick and large. */
describe.runIf(tried)('the same sources, built twice', () => {
  let workshop: Workshop;
  let first: Built;
  let second: Built;
  const other = { umask: '077', env: { TZ: 'Pacific/Kiritimati', LC_ALL: 'en_GB.UTF-8' } };

  beforeAll(async () => {
    workshop = await openWorkshop();
  });
  afterAll(() => workshop.close());

  const made = ({ folder }: Built): string[] =>
    readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ name }) => name)
      .sort();
  const twice = (only: readonly string[], fast: boolean): Promise<[Built, Built]> => {
    const out = join(workshop.folder, fast ? 'quick' : 'published');
    return Promise.all([
      workshop.build('0.1.0', only, { fast, out: join(out, 'first') }),
      workshop.build('0.1.0', only, { ...other, fast, out: join(out, 'elsewhere', 'second') }),
    ]);
  };
  function expectSame(): void {
    expect(made(second)).toEqual(made(first));
    const differing = made(first).filter((name) => {
      const [one, other] = [first, second].map(({ folder }) => readFileSync(join(folder, name)));
      return one === undefined || other === undefined || !one.equals(other);
    });
    expect(differing).toEqual([]);
  }

  it.runIf(withRpm)('is the same .rpm and the same archive, byte for byte', async () => {
    [first, second] = await twice(['rpm', 'tar'], true);
    expectSame();
    expect(made(first)).toHaveLength(5);
  });

  it('is the same .deb and the same update, byte for byte', async () => {
    [first, second] = await twice(['deb', 'update-linux-x64'], false);
    expectSame();
    expect(made(first).filter((name) => name.endsWith('.deb'))).toHaveLength(2);
  });

  it('comes with a list that has every file, and that sha256sum agrees with', async () => {
    const listed = readFileSync(join(first.folder, 'SHA256SUMS'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => basename(line.split('  ')[1] ?? ''));
    expect([...listed, 'SHA256SUMS'].sort()).toEqual(made(first));
    await runProgram('sha256sum', ['--check', '--strict', 'SHA256SUMS'], { cwd: first.folder });
  });
});
