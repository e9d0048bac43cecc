import { asFault, Fault, permanent, transient } from '../../../shared/runtime/errors.ts';
import type { AgencySaid, DeliveryReport, OutgoingFile } from '../destination.ts';
import { isSafeName } from './names.ts';
import { meaningOf, type UploadFailure } from './upload-answer.ts';
import type { UploadClient, UploadReply } from './upload-client.ts';

/** What came of one file. */
export type Uploaded =
  | {
      readonly kind: 'delivered';
      readonly said?: AgencySaid;
      /** The agency gave the digest of what it took. */
      readonly isProven?: boolean;
    }
  | { readonly kind: 'failed'; readonly failure: UploadFailure };

/** A client opened once, and again after `close`. */
export interface KeptClient {
  get(): Promise<UploadClient>;
  close(): Promise<void>;
}

export function keepClient(open: () => Promise<UploadClient>): KeptClient {
  let opening: Promise<UploadClient> | undefined;
  return {
    get: async () => {
      opening ??= open();
      try {
        return await opening;
      } catch (error) {
        opening = undefined;
        throw error;
      }
    },
    close: async () => {
      const opened = opening;
      opening = undefined;
      await opened?.then(
        (client) => client.close(),
        () => undefined,
      );
    },
  };
}

/** One after another, up to the first that fails. A login or a certificate put right is read again after a fault. */
export async function deliverInOrder(
  { destination, client }: { readonly destination: string; readonly client: KeptClient },
  files: readonly OutgoingFile[],
  signal: AbortSignal,
  upload: (file: OutgoingFile) => Promise<Uploaded>,
): Promise<DeliveryReport> {
  const said = new Map<string, AgencySaid>();
  let delivered = 0;
  for (const file of files) {
    const done = await attempt(destination, file, signal, upload);
    if (done.kind === 'failed') {
      if (done.failure.blame !== 'file') await client.close();
      return { delivered, ...done.failure, ...(said.size === 0 ? {} : { said }) };
    }
    if (done.said !== undefined) said.set(file.name, done.said);
    delivered += 1;
  }
  return { delivered, fault: undefined, ...(said.size === 0 ? {} : { said }) };
}

async function attempt(
  destination: string,
  file: OutgoingFile,
  signal: AbortSignal,
  upload: (file: OutgoingFile) => Promise<Uploaded>,
): Promise<Uploaded> {
  if (!isSafeName(file.name)) return ofFile(permanent('delivery-name-unsafe', { facts: { destination } }));
  try {
    if (signal.aborted) throw transient('delivery-stopped');
    return await upload(file);
  } catch (error) {
    return { kind: 'failed', failure: { fault: asFault(error) } };
  }
}

export function ofFile(fault: Fault): Uploaded {
  return { kind: 'failed', failure: { fault, blame: 'file' } };
}

/** The fault of an answer that tells of no file. */
export function failureFrom(reply: UploadReply, destination: string): UploadFailure {
  const meaning = meaningOf(reply, destination, undefined);
  if (meaning.kind === 'failed') return meaning.failure;
  const facts = { destination, status: reply.status };
  return { fault: permanent('upload-not-understood', { facts }) };
}
