import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { peer } from '../support/peer.ts';
import { openWorkshop, type Built, type Workshop } from './support/build.ts';
import { canTry } from './support/need.ts';

const lintian = peer('lintian', 'the .deb are not read by lintian');
const tried = canTry(['dpkg-deb'], 'no .deb is made for lintian') && lintian !== undefined;

describe.runIf(tried)('lintian', () => {
  let workshop: Workshop;
  let built: Built;
  beforeAll(async () => {
    workshop = await openWorkshop();
    built = await workshop.build('0.1.0', ['deb']);
  });
  afterAll(() => workshop.close());

  it.each(['vaguemestre-agent_', 'vaguemestre-receiver_'])(
    'has nothing against %s but what is said and explained beside it',
    (start) => {
      // Quick packages are compressed in a way that releases are not.
      const words = ['--allow-root', '--suppress-tags', 'malformed-deb-archive', built.file(start, '.deb')];
      const { stdout, status } = spawnSync(lintian ?? '', words, { encoding: 'utf8' });
      expect({ stdout, status }).toEqual({ stdout: '', status: 0 });
    },
  );
});
