import { asFault, type Fault } from '../../../shared/runtime/errors.ts';
import type { TransportOf } from '../../config-transports.ts';
import type { ProbeStep } from '../destination.ts';
import { probeName } from './names.ts';
import { openUploadClient, type UploadClient, type UploadReply } from './upload-client.ts';
import { failureFrom } from './upload-delivery.ts';
import { filledUrl } from './upload-form.ts';
import type { UploadLogin } from './upload-login.ts';

const noDigest = '0'.repeat(64);

/** resolve, connect, identity, login; write and remove where files are PUT and DELETE is allowed. */
export async function probeUpload(
  destination: string,
  settings: TransportOf<'https'>,
  signal: AbortSignal,
): Promise<readonly ProbeStep[]> {
  const url = filledUrl(settings.url, { name: probeName, digest: noDigest });
  return walkTo({ destination, url, settings }, signal, async (client, steps) => {
    const failed = await probeLogin(destination, client, url, signal);
    steps.push({ step: 'login', fault: failed });
    if (failed !== undefined) return;
    if (settings.method === 'PUT' && settings.form === 'raw')
      steps.push(...(await probeWrite(destination, client, url, signal)));
    else steps.push({ step: 'write', fault: undefined, found: 'skipped: POST' });
  });
}

/** The chain up to the server's certificate, then `further` with a client. A login is asked for without a file. */
export async function walkTo(
  to: { readonly destination: string; readonly url: string; readonly settings: UploadLogin },
  signal: AbortSignal,
  further: (client: UploadClient, steps: ProbeStep[]) => Promise<void>,
): Promise<readonly ProbeStep[]> {
  const steps: ProbeStep[] = [];
  let client: UploadClient | undefined;
  let step: ProbeStep['step'] = 'login';
  try {
    client = await openUploadClient(to.destination, to.settings);
    const walk = client.walk(to.url, signal);
    step = 'resolve';
    steps.push({ step, fault: undefined, found: await walk.resolve() });
    step = 'connect';
    const ends = await walk.connect();
    steps.push({ step, fault: undefined, found: new URL(to.url).host });
    steps.push({ step: 'identity', fault: undefined, found: ends });
    step = 'login';
    await further(client, steps);
  } catch (error) {
    const fault = asFault(error);
    if (fault.code === 'peer-identity-refused' && step === 'connect') {
      steps.push({ step, fault: undefined, found: new URL(to.url).host });
      step = 'identity';
    }
    steps.push({ step, fault });
  } finally {
    await client?.close();
  }
  return steps;
}

/** A look at the address: what is not about the login (not there, not shown) is no fault. */
export async function probeLogin(
  destination: string,
  client: UploadClient,
  url: string,
  signal: AbortSignal,
): Promise<Fault | undefined> {
  const reply = await client.request({ method: 'HEAD', url }, signal);
  const { status } = reply;
  const isFault = status === 400 || status === 401 || status === 403 || status === 429 || status >= 500;
  return isFault && status !== 501 ? failureFrom(withoutBody(reply), destination).fault : undefined;
}

async function probeWrite(
  destination: string,
  client: UploadClient,
  url: string,
  signal: AbortSignal,
): Promise<readonly ProbeStep[]> {
  // Nothing is there to delete: the answer tells whether what is written could be removed.
  const before = await client.request({ method: 'DELETE', url }, signal);
  const mayDelete = before.status === 404 || before.status === 410 || isGood(before);
  if (!mayDelete) return [{ step: 'write', fault: undefined, found: 'skipped: DELETE' }];
  const headers = { 'content-type': 'application/octet-stream' };
  const body = Buffer.from('vaguemestre\n');
  const written = await client.request({ method: 'PUT', url, headers, body }, signal);
  if (!isGood(written)) return [{ step: 'write', fault: failureFrom(written, destination).fault }];
  const removed = await client.request({ method: 'DELETE', url }, signal);
  const fault = isGood(removed) ? undefined : failureFrom(removed, destination).fault;
  return [
    { step: 'write', fault: undefined },
    { step: 'remove', fault },
  ];
}

function isGood({ status }: UploadReply): boolean {
  return status >= 200 && status < 300;
}

function withoutBody(reply: UploadReply): UploadReply {
  return { ...reply, body: undefined };
}
