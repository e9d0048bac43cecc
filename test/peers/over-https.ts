import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { peer } from '../support/peer.ts';
import { startCutProxy, type CutProxy } from '../support/peers/cut-proxy.ts';
import { startFakeAgency, type AgencyFault } from '../support/peers/fake-agency.ts';
import { startFakeSubmission } from '../support/peers/fake-submission.ts';
import { startNginx } from '../support/peers/nginx.ts';
import type { Shown } from '../support/peers/upload-identities.ts';
import type { Agency, FaultName, Inflicted } from './agency.ts';
import { faultsBeforeAnswers, faultsOnTheLine, type Line } from './on-the-line.ts';
import { fullDisk, inFolder } from './over-directory.ts';

/** A relay before one port, that can be gone and come back. */
export async function lineTo(
  port: number,
): Promise<Line & { readonly port: number; close(): Promise<void> }> {
  let proxy: CutProxy | undefined = await startCutProxy({ port });
  const at = proxy.port;
  const close = async (): Promise<void> => {
    await proxy?.close();
    proxy = undefined;
  };
  return {
    port: at,
    plan: (next) => proxy?.plan(next),
    planFiles: (next) => proxy?.plan(next),
    down: close,
    up: async () => {
      proxy ??= await startCutProxy({ port }, { port: at });
    },
    close,
  };
}

interface Server {
  readonly cut: () => Promise<void>;
  readonly restore: (shown?: Shown) => Promise<void>;
}

async function expiredAt(server: Server): Promise<Inflicted> {
  await server.cut();
  await server.restore('expired');
  return {
    ...{ shows: 'person', codes: ['peer-identity-refused'] },
    lift: async () => {
      await server.cut();
      await server.restore('good');
    },
  };
}

/** PUT on a real nginx, client and server knowing each other by certificate. */
export async function overPut(): Promise<Agency | undefined> {
  const program = peer('nginx', 'uploads to a real nginx are not tried');
  if (program === undefined) return undefined;
  const base = mkdtempSync(join(tmpdir(), 'vaguemestre-put-'));
  const nginx = await startNginx(program, { folder: base });
  const line = await lineTo(nginx.port);
  const { authorityFile, clientCertificateFile, clientKeyFile, ...others } = nginx.identities;
  const leftOut = new Map<FaultName, string>();
  return {
    ...inFolder(nginx.folder),
    leftOut,
    transport: () => ({
      ...{
        kind: 'https',
        method: 'PUT',
        url: `https://localhost:${line.port}/in/{name}`,
        timeoutSeconds: 10,
      },
      ...{ authorityFile, clientCertificateFile, clientKeyFile },
    }),
    faults: {
      ...faultsOnTheLine(line),
      ...faultsBeforeAnswers(line, nginx.folder, { writesAside: false }),
      'disk-full': async () => ({
        ...(await fullDisk(base, leftOut, async () => undefined)),
        // nginx says 500, and keeps the reason to itself.
        codes: ['delivery-disk-full', 'delivery-unavailable'],
      }),
      'wrong-identity': () => expiredAt(nginx),
      'wrong-credentials': async () => ({
        // nginx answers a certificate it does not know by 400, as it does a request it cannot read.
        ...{ shows: 'person', codes: ['upload-not-understood'], lift: async () => undefined },
        transport: {
          clientCertificateFile: others.strangerCertificateFile,
          clientKeyFile: others.strangerKeyFile,
        },
      }),
    },
    close: async () => {
      await line.close();
      await nginx.close();
      rmSync(base, { recursive: true, force: true });
    },
  };
}

/** POST of a form to an agency's service that answers with its own number and the digest it took. */
export async function overMultipart(): Promise<Agency> {
  const authorization = 'Bearer un-jeton-de-test-assez-long';
  const fake = await startFakeAgency({ mutual: true, authorization });
  const line = await lineTo(fake.port);
  const { authorityFile, clientCertificateFile, clientKeyFile } = fake.identities;
  const bearerFile = join(dirname(authorityFile), 'bearer');
  const wrongBearerFile = join(dirname(authorityFile), 'bearer-wrong');
  writeFileSync(bearerFile, `${authorization.slice('Bearer '.length)}\n`, { mode: 0o600 });
  writeFileSync(wrongBearerFile, 'un-autre-jeton-de-test\n', { mode: 0o600 });
  const on = async (fault: AgencyFault, change: Partial<Inflicted> = {}): Promise<Inflicted> => {
    fake.fault = fault;
    return {
      ...{ shows: 'waits', codes: ['delivery-unavailable'] },
      lift: async () => {
        fake.fault = undefined;
      },
      ...change,
    };
  };
  return {
    ...inFolder(fake.folder),
    transport: () => ({
      ...{ kind: 'https', method: 'POST', form: 'multipart', url: `https://localhost:${line.port}/upload` },
      ...{ authorityFile, clientCertificateFile, clientKeyFile, bearerFile, timeoutSeconds: 10 },
      answer: { referencePath: 'id', digestPath: 'sha256', statePath: 'state', codePath: 'code' },
    }),
    settings: { acknowledgement: { kind: 'answer' } },
    faults: {
      ...faultsOnTheLine(line),
      'cut-before-answer': () => on({ kind: 'cut-answer' }),
      'disk-full': () => on({ kind: 'status', status: 507 }, { codes: ['delivery-disk-full'] }),
      busy: () => on({ kind: 'status', status: 503, headers: { 'retry-after': '600' } }),
      'digest-differs': () => on({ kind: 'wrong-digest' }, { codes: ['delivery-digest-differs'] }),
      'accepted-then-dropped': () => on({ kind: 'drop' }, { codes: ['upload-answer-incomplete'] }),
      'wrong-identity': () => expiredAt(fake),
      'wrong-credentials': async () => ({
        ...{ shows: 'person', codes: ['peer-login-refused'], lift: async () => undefined },
        transport: { bearerFile: wrongBearerFile },
      }),
    },
    close: async () => {
      await line.close();
      await fake.close();
    },
  };
}

/** Prepared, submitted, polled: a national upload service with polled status. */
export async function overSubmission(): Promise<Agency> {
  const fake = await startFakeSubmission();
  const line = await lineTo(fake.port);
  const on = async (fault: AgencyFault, change: Partial<Inflicted> = {}): Promise<Inflicted> => {
    fake.fail('submit', fault);
    return {
      ...{ shows: 'waits', codes: ['delivery-unavailable'] },
      lift: async () => fake.fail('submit', undefined),
      ...change,
    };
  };
  return {
    transport: () => ({
      // The service's own settings, on the line's port.
      ...(JSON.parse(
        JSON.stringify(fake.transport()).replaceAll(`localhost:${fake.port}`, `localhost:${line.port}`),
      ) as Record<string, unknown>),
      timeoutSeconds: 10,
    }),
    settings: { acknowledgement: { kind: 'answer' } },
    holds: async () => new Map(await fake.received()),
    leftovers: async () => [],
    plant: (name, content) => fake.plant(name, content),
    remove: async (name) => {
      for (const each of fake.submissions.values()) if (each.name === name) each.content = undefined;
    },
    clear: async () => {
      for (const each of fake.submissions.values()) each.content = undefined;
    },
    faults: {
      ...faultsOnTheLine(line),
      'cut-before-answer': () => on({ kind: 'cut-answer' }),
      'disk-full': () => on({ kind: 'status', status: 507 }, { codes: ['delivery-disk-full'] }),
      busy: () => on({ kind: 'status', status: 503, headers: { 'retry-after': '600' } }),
      'wrong-identity': () => expiredAt(fake),
      'wrong-credentials': () =>
        on({ kind: 'status', status: 401 }, { shows: 'person', codes: ['peer-login-refused'] }),
    },
    close: async () => {
      await line.close();
      await fake.close();
    },
  };
}
