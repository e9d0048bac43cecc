import { Fault, permanent } from '../../../shared/runtime/errors.ts';
import type { TransportOf } from '../../config-transports.ts';
import { agencyCode } from '../answers/agency-code.ts';
import { textAt, type JsonAnswer } from '../answers/json-answer.ts';
import type { AgencySaid, Destination, OutgoingFile } from '../destination.ts';
import { compareAt, lengthAt, type Compared } from './https-read-back.ts';
import { digestSaid, idempotencyKey, meaningOf, referenceIn } from './upload-answer.ts';
import { openUploadClient, type UploadClient, type UploadReply } from './upload-client.ts';
import { deliverInOrder, failureFrom, keepClient, ofFile, type Uploaded } from './upload-delivery.ts';
import { filledUrl, uploadBody, type UploadBody } from './upload-form.ts';
import { probeUpload } from './https-probe.ts';

export type HttpsSettings = TransportOf<'https'>;

/**
 * A destination that takes each file in one HTTPS request. An answer 2xx is delivery, unless it gives another digest than
 * ours. Repeats carry the same `Idempotency-Key` and the same bytes.
 *
 * PUT raw: servers overwrite whatever `If-None-Match` says (nginx 1.22, observed), so what is at the address is looked at
 * before. Not showing half a file is the server's part (nginx writes aside and renames); a server that does not may leave the
 * beginning of ours when a connection is cut: that, and nothing else, is overwritten. Looked at again after: a server may say
 * 2xx and keep nothing.
 */
export function createHttpsDestination(name: string, settings: HttpsSettings): Destination {
  const client = keepClient(() => openUploadClient(name, settings));
  return {
    name,
    open: async () => {
      await client.get();
    },
    deliver: (files, signal) =>
      deliverInOrder({ destination: name, client }, files, signal, async (file) => {
        const upload: Upload = { destination: name, settings, client: await client.get(), file, signal };
        return settings.method === 'PUT' && settings.form === 'raw' && settings.readBack
          ? putReadBack(upload)
          : send(upload, {});
      }),
    probe: (signal) => probeUpload(name, settings, signal),
    close: () => client.close(),
  };
}

interface Upload {
  readonly destination: string;
  readonly settings: HttpsSettings;
  readonly client: UploadClient;
  readonly file: OutgoingFile;
  readonly signal: AbortSignal;
}

async function putReadBack(upload: Upload): Promise<Uploaded> {
  const { destination, client, file, signal } = upload;
  const url = addressOf(upload);
  const there = await compareAt(client, url, file, signal);
  switch (there.kind) {
    case 'same':
      return { kind: 'delivered' };
    case 'other':
      return nameTaken(upload);
    case 'failed':
      return { kind: 'failed', failure: failureFrom(there.reply, destination) };
    case 'hidden':
      return alreadyThere(upload);
    case 'unreadable':
      return send(upload, { 'if-none-match': '*' });
    case 'absent':
      return sendAndLook(upload, url, { 'if-none-match': '*' });
    case 'beginning':
      return sendAndLook(upload, url, there.etag === undefined ? {} : { 'if-match': there.etag });
    default:
      return there satisfies never;
  }
}

async function sendAndLook(
  upload: Upload,
  url: string,
  conditions: Readonly<Record<string, string>>,
): Promise<Uploaded> {
  const { destination, client, file, signal } = upload;
  const sent = await send(upload, conditions);
  if (sent.kind !== 'delivered' || sent.isProven === true || sent.said?.answer?.verdict === 'refused')
    return sent;
  const there = await lengthAt(client, url, signal);
  if (there === file.content.length || there === undefined) return sent;
  const facts = { destination, file: file.name };
  if (typeof there === 'number') return ofFile(new Fault('delivery-digest-differs', 'ambiguous', { facts }));
  return there.kind === 'absent'
    ? ofFile(new Fault('delivery-vanished', 'ambiguous', { facts }))
    : { kind: 'failed', failure: failureFrom(there.reply, destination) };
}

/** One request, and what its answer means. */
async function send(upload: Upload, conditions: Readonly<Record<string, string>>): Promise<Uploaded> {
  const { destination, settings, client, file, signal } = upload;
  const made = uploadBody(file, settings.form, settings.field);
  const reply = await client.request(
    {
      method: settings.method,
      url: addressOf(upload),
      headers: {
        ...withoutOverridden(made.headers, settings.headers),
        'idempotency-key': idempotencyKey(file.name, file.digest),
        ...conditions,
      },
      body: made.body,
    },
    signal,
  );
  const meaning = meaningOf(reply, destination, settings.answer.codePath);
  switch (meaning.kind) {
    case 'taken':
      return taken(upload, reply, meaning.json, made);
    case 'present':
      return present(upload, reply, meaning.json, made);
    case 'refused':
      return {
        kind: 'delivered',
        said: { answer: { verdict: 'refused', code: meaning.code } },
      };
    case 'failed':
      return { kind: 'failed', failure: meaning.failure };
    default:
      return meaning satisfies never;
  }
}

function taken(upload: Upload, reply: UploadReply, json: JsonAnswer | undefined, made: UploadBody): Uploaded {
  const { destination, file, settings } = upload;
  const facts = { destination, file: file.name };
  const { answer } = settings;
  const digest = textAt(json, answer.digestPath);
  const verdict = digestSaid(reply, digest, { file: file.digest, body: made.digest });
  if (verdict === 'other') return ofFile(new Fault('delivery-digest-differs', 'ambiguous', { facts }));
  const paths = [answer.digestPath, answer.referencePath, answer.statePath].filter(
    (path) => path !== undefined,
  );
  // Something else than the agency may say 200 in its place: a page of maintenance, a proxy.
  const isAgency = paths.length === 0 || paths.some((path) => textAt(json, path) !== undefined);
  if (!isAgency || (answer.digestPath !== undefined && digest === undefined))
    return {
      kind: 'failed',
      failure: { fault: new Fault('upload-answer-incomplete', 'ambiguous', { facts }) },
    };
  const said = saidIn(json, settings);
  return {
    kind: 'delivered',
    isProven: verdict === 'same',
    ...(said === undefined ? {} : { said }),
  };
}

function saidIn(json: JsonAnswer | undefined, { answer }: HttpsSettings): AgencySaid | undefined {
  const reference = referenceIn(json, answer.referencePath);
  const state = textAt(json, answer.statePath);
  const code = agencyCode(textAt(json, answer.codePath) ?? '');
  const verdict =
    state === undefined
      ? undefined
      : answer.accepted.includes(state)
        ? 'acknowledged'
        : answer.refused.includes(state)
          ? 'refused'
          : undefined;
  if (reference === undefined && verdict === undefined) return undefined;
  return {
    ...(reference === undefined ? {} : { reference }),
    ...(verdict === undefined ? {} : { answer: { verdict, code } }),
  };
}

/** Something has this name already: ours, from an attempt whose answer was lost, or another one. */
async function present(
  upload: Upload,
  reply: UploadReply,
  json: JsonAnswer | undefined,
  made: UploadBody,
): Promise<Uploaded> {
  const { destination, settings, client, file, signal } = upload;
  const digest = textAt(json, settings.answer.digestPath);
  const told = digestSaid(reply, digest, { file: file.digest, body: made.digest });
  const said = saidIn(json, settings);
  if (told === 'same') return { kind: 'delivered', ...(said === undefined ? {} : { said }) };
  if (told === 'other') return nameTaken(upload);
  const there: Compared =
    settings.method === 'PUT'
      ? await compareAt(client, addressOf(upload), file, signal)
      : { kind: 'unreadable' };
  switch (there.kind) {
    case 'same':
      return { kind: 'delivered' };
    case 'other':
    case 'beginning':
      return nameTaken(upload);
    case 'failed':
      return { kind: 'failed', failure: failureFrom(there.reply, destination) };
    case 'absent':
      // WebDAV (RFC 4918, 9.7.1): 409 also says that the folder is not there.
      return {
        kind: 'failed',
        failure: {
          fault: permanent('peer-folder-refused', {
            facts: { destination, reason: `http-${reply.status}` },
          }),
        },
      };
    case 'unreadable':
    case 'hidden':
      return alreadyThere(upload);
    default:
      return there satisfies never;
  }
}

function nameTaken({ destination, file }: Upload): Uploaded {
  return ofFile(permanent('delivery-name-taken', { facts: { destination, file: file.name } }));
}

/** Which content, nobody says: it may be ours. */
function alreadyThere({ destination, file }: Upload): Uploaded {
  return ofFile(permanent('delivery-already-there', { facts: { destination, file: file.name } }));
}

function addressOf({ settings, file }: Upload): string {
  return filledUrl(settings.url, { name: file.name, digest: file.digest });
}

/** The settings may say another Content-Type. */
function withoutOverridden(
  headers: Readonly<Record<string, string>>,
  own: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const said = new Set(Object.keys(own).map((name) => name.toLowerCase()));
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !said.has(name)));
}
