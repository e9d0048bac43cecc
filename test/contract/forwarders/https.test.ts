import { afterEach } from 'vitest';
import { transport } from '../../../receiver/config-transports.ts';
import type { Destination } from '../../../receiver/forward/destination.ts';
import { createHttpsDestination } from '../../../receiver/forward/transports/https.ts';
import { peer } from '../../support/peer.ts';
import { startFakeAgency, type FakeAgency, type FakeAgencyOptions } from '../../support/peers/fake-agency.ts';
import { startNginx } from '../../support/peers/nginx.ts';
import type { UploadIdentities } from '../../support/peers/upload-identities.ts';
import { describeDestination } from './destination-contract.ts';

const closing: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

function destinationTo(settings: Readonly<Record<string, unknown>>): Destination {
  const parsed = transport.parse({ kind: 'https', timeoutSeconds: 5, ...settings });
  if (parsed.kind !== 'https') throw new Error('not https');
  const destination = createHttpsDestination('agency', parsed);
  closing.push(() => destination.close());
  return destination;
}

function mutual({ authorityFile, clientCertificateFile, clientKeyFile }: UploadIdentities) {
  return { authorityFile, clientCertificateFile, clientKeyFile };
}

function texts(found: ReadonlyMap<string, Buffer>): ReadonlyMap<string, string> {
  return new Map([...found].map(([name, content]) => [name, content.toString('utf8')]));
}

async function agencyWith(options: FakeAgencyOptions = {}): Promise<FakeAgency> {
  const agency = await startFakeAgency(options);
  closing.push(() => agency.close());
  return agency;
}

const nginx = peer('nginx', 'PUT to a real WebDAV server with mutual TLS is not tried');

if (nginx !== undefined)
  describeDestination('nginx, PUT raw, mutual TLS', async () => {
    const server = await startNginx(nginx);
    closing.push(() => server.close());
    const destination = destinationTo({ method: 'PUT', url: server.url, ...mutual(server.identities) });
    await destination.open();
    return {
      destination,
      received: async () => texts(await server.received()),
      plant: server.plant,
      cut: server.cut,
      restore: () => server.restore(),
    };
  });

for (const [form, settings] of [
  ['multipart POST', { form: 'multipart', path: '/upload' }],
  ['raw POST', { path: '/files/{name}' }],
  ['raw PUT, nothing to look at', { method: 'PUT', path: '/files/{name}', readBack: false }],
] as const)
  describeDestination(`an agency that takes ${form}`, async () => {
    const agency = await agencyWith({ mutual: true });
    const { path, ...rest } = settings;
    const destination = destinationTo({
      ...{ url: `${agency.url}${path}`, answer: { digestPath: 'sha256' } },
      ...{ ...rest, ...mutual(agency.identities) },
    });
    await destination.open();
    return {
      destination,
      received: async () => texts(await agency.received()),
      plant: agency.plant,
      cut: agency.cut,
      restore: () => agency.restore(),
    };
  });
