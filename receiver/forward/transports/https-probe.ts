import type { TransportOf } from '../../config-transports.ts';
import type { ProbeStep } from '../destination.ts';
import { probeName } from './names.ts';
import type { UploadClient, UploadReply } from './upload-client.ts';
import { failureFrom } from './upload-delivery.ts';
import { filledUrl } from './upload-form.ts';
import { probeLogin, walkTo } from './upload-probe.ts';

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
