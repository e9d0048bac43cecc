import { createPublicKey } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateKey, privateKeyPem, type CertifiedKey } from '../../../shared/envelope/keys.ts';
import { genesis, type SealFields } from '../../../shared/envelope/header.ts';
import { parseEnvelope } from '../../../shared/envelope/open.ts';
import { createSealer } from '../../../shared/envelope/seal.ts';
import { printSlice } from '../../../shared/protocol/slice.ts';
import { createAuthority, createIssuing, createRoot } from '../../../receiver/pki/authority.ts';
import { fixedRandom, testKey, testKeyPath, type TestKeyName } from './vector.ts';

/** Writes the vector anew; keys only when they are missing. See README.md. */
const madeAt = Date.UTC(2026, 10, 12, 3, 0, 0);
const deps = { clock: { now: () => madeAt, monotonic: () => 0 }, random: fixedRandom() };
const years = 30 * 365;

async function makeKeys(): Promise<void> {
  const [root, issuing, receiver, recovery, seal, other] = await Promise.all(
    Array.from({ length: 6 }, () => generateKey()),
  );
  if (!root || !issuing || !receiver || !recovery || !seal || !other) throw new Error('six keys');
  const rootCertified = createRoot(root, 'Test only', deps);
  const issuingCertified = createIssuing(issuing, 'Test only', rootCertified, deps);
  const authority = createAuthority(issuingCertified, deps);
  const subject = { agent: fields.agent, name: 'Test only, agent', facilities: ['990000010'] };
  write('root', rootCertified);
  write('issuing', issuingCertified);
  const encryption = (key: typeof receiver, name: string): CertifiedKey => ({
    privateKey: key.privateKey,
    certificate: authority.issueEncryption(key.publicKey, `Test only, ${name}`, years),
  });
  write('receiver', encryption(receiver, 'receiver'));
  write('recovery', encryption(recovery, 'recovery'));
  write('other', encryption(other, 'other'));
  write('seal', {
    privateKey: seal.privateKey,
    certificate: authority.issueAgentSeal(createPublicKey(seal.privateKey), subject),
  });
}

function write(name: TestKeyName, { privateKey, certificate }: CertifiedKey): void {
  writeFileSync(testKeyPath(name, 'key'), `TEST KEY, PUBLISHED: protects nothing\n${privateKeyPem(privateKey)}`);
  writeFileSync(testKeyPath(name, 'pem'), certificate.toString());
}

const fields: SealFields = {
  id: '0192b7a0-1111-7222-8333-444455556666',
  agent: '11111111-2222-4333-8444-555555555555',
  feed: 'ed-visits',
  epoch: 1,
  seq: 1,
  prev: genesis,
  created: madeAt,
  schema: 1,
};

if (!existsSync(testKeyPath('root', 'key'))) await makeKeys();

const plaintext = printSlice({
  head: {
    export: '0192b7a0-0000-7000-8000-000000000001',
    slice: 1,
    facility: '990000010',
    part: '0',
    source: 'urgences',
  },
  records: [
    { record: 1, line: 12, body: '{"facility":"990000010","postalCode":"54000","sex":"F","reason":"Chute à vélo"}' },
    { record: 2, line: 31, body: '{"facility":"990000010","postalCode":"57000","sex":"M"}' },
  ],
  manifest: {
    slices: 1,
    records: 2,
    rejected: 0,
    header: true,
    window: { from: '2026-11-10', to: '2026-11-11' },
    extract: { text: '12/11/2026 03:30:00', at: Date.UTC(2026, 10, 12, 2, 30, 0) },
    digest: 'ab'.repeat(32),
    resend: false,
  },
});
const contentKey = Buffer.from(Array.from({ length: 32 }, (_, index) => index));
const nonce = Buffer.from(Array.from({ length: 12 }, (_, index) => 0xa0 + index));
const sealer = createSealer({
  recipients: [testKey('receiver').certificate, testKey('recovery').certificate],
  signer: testKey('seal'),
  random: fixedRandom(contentKey, nonce),
});
const compressed = await sealer.compress(plaintext);
const sealed = sealer.seal(fields, compressed);
const envelope = await sealed.bytes;
const folder = import.meta.dirname;
const vector = {
  fields,
  contentKey: contentKey.toString('hex'),
  nonce: nonce.toString('hex'),
  compressed: compressed.toString('hex'),
  header: parseEnvelope(envelope).headerBytes.toString('utf8'),
  digest: sealed.digest,
};
writeFileSync(join(folder, 'vector.json'), `${JSON.stringify(vector, null, 2)}\n`);
writeFileSync(join(folder, 'plaintext.txt'), plaintext);
writeFileSync(join(folder, 'envelope.b64'), `${(envelope.toString('base64').match(/.{1,76}/g) ?? []).join('\n')}\n`);
