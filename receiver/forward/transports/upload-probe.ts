import { asFault, type Fault } from '../../../shared/runtime/errors.ts';
import type { ProbeStep } from '../destination.ts';
import { openUploadClient, type UploadClient, type UploadReply } from './upload-client.ts';
import { failureFrom } from './upload-delivery.ts';
import type { UploadLogin } from './upload-login.ts';

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

function withoutBody(reply: UploadReply): UploadReply {
  return { ...reply, body: undefined };
}
