import { afterAll, beforeAll, expect, test } from 'vitest';
import { probeProtection } from '../../../receiver/forward/protection/probe-protection.ts';
import type { KeyApproval } from '../../../receiver/store/destination-tables.ts';
import { systemRandom } from '../../../shared/runtime/random.ts';
import {
  certifiedPair,
  clockAt,
  createFolder,
  dayMs,
  madeAt,
  openPgpKeys,
  sealedFor,
  type OpenPgpKeys,
} from './agency.ts';

const folder = createFolder();
const agency = certifiedPair({ notAfter: madeAt + 90 * dayMs });
const certificateFile = folder.file('agency.pem', agency.certificate.toString());
const settings = sealedFor({ kind: 'cms', certificateFile, fingerprint: agency.fingerprint });
let region: OpenPgpKeys;
beforeAll(async () => {
  region = await openPgpKeys();
});
afterAll(() => folder.remove());

const by = (...people: string[]): readonly KeyApproval[] =>
  people.map((person) => ({ fingerprint: agency.fingerprint, person, at: 1 }));

async function probed(of = settings, approvals = by('A', 'B'), at = madeAt + dayMs) {
  const steps = await probeProtection(of, approvals, { clock: clockAt(at), random: systemRandom });
  return steps.map(({ step, fault, found }) => [step, fault?.code ?? 'passed', found]);
}

test('a key that holds is read and sealed for, and shows its fingerprint and its last day', async () => {
  const [key, seal, ...rest] = await probed();
  expect(key).toEqual(['key', 'passed', `rsa-3072 ${agency.fingerprint} 2026-04-05`]);
  expect(seal?.slice(0, 2)).toEqual(['seal', 'passed']);
  expect(rest).toEqual([]);
});

test('nobody but two different people is enough', async () => {
  for (const approvals of [
    by(),
    by('A'),
    by('Ana', ' ana '),
    [...by('A'), { fingerprint: 'other', person: 'B', at: 1 }],
  ]) {
    const steps = await probed(settings, approvals);
    expect(steps.map(([step, code]) => [step, code])).toEqual([
      ['key', 'passed'],
      ['seal', 'agency-key-unapproved'],
    ]);
  }
});

test('a key in its last thirty days is sealed for, and said to expire', async () => {
  const codes = async (daysLeft: number) =>
    (await probed(settings, by('A', 'B'), madeAt + (90 - daysLeft) * dayMs)).map(([, code]) => code);
  expect(await codes(31)).toEqual(['passed', 'passed']);
  expect(await codes(30)).toEqual(['passed', 'passed', 'agency-key-expires-soon']);
  expect(await codes(0)).toEqual(['agency-key-expired']);
  const last = (await probed(settings, by('A', 'B'), madeAt + 80 * dayMs)).at(-1);
  expect(last).toEqual(['key', 'agency-key-expires-soon', '2026-04-05']);
});

test('a key that is another, or gone, ends the probe, and what was found is shown', async () => {
  const other = sealedFor({ kind: 'cms', certificateFile, fingerprint: '0'.repeat(64) });
  expect(await probed(other)).toEqual([
    ['key', 'agency-key-swapped', `rsa-3072 ${agency.fingerprint} 2026-04-05`],
  ]);
  const gone = sealedFor({ ...settings.protection, certificateFile: `${certificateFile}.none` });
  expect(await probed(gone)).toEqual([['key', 'agency-key-unreadable', undefined]]);
});

test('the signature of the region is tried as well', async () => {
  const keyFile = folder.file('region.asc', region.armored);
  const of = sealedFor({
    ...{ kind: 'openpgp', keyFile, fingerprint: region.fingerprint, signingKeyFile: keyFile },
  });
  const approvals = by('A', 'B').map((one) => ({ ...one, fingerprint: region.fingerprint }));
  expect((await probed(of, approvals)).map(([step, code]) => [step, code])).toEqual([
    ['key', 'passed'],
    ['seal', 'signing-key-unreadable'],
  ]);
});

test('without protection there is nothing to try', async () => {
  expect(await probed(sealedFor({ kind: 'none' }))).toEqual([]);
});
