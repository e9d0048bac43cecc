import { Fault, permanent } from '../../../shared/runtime/errors.ts';
import type { TransportOf } from '../../config-transports.ts';
import { readJsonAnswer, textAt } from '../answers/json-answer.ts';
import type { AgencyAnswer, Destination, OutgoingFile } from '../destination.ts';
import { digestSaid, idempotencyKey, meaningOf, referenceIn } from './upload-answer.ts';
import { openUploadClient, type UploadClient } from './upload-client.ts';
import { deliverInOrder, failureFrom, keepClient, ofFile, type Uploaded } from './upload-delivery.ts';
import { filledUrl, uploadBody } from './upload-form.ts';
import { probeLogin, walkTo } from './upload-probe.ts';

export type SubmissionSettings = TransportOf<'submission'>;

/**
 * A national upload service: a file is prepared, which gives the service's id of it, then submitted. It is delivered when
 * the service has taken it; what becomes of it is asked later (answers/polled.ts).
 *
 * An id is kept until its file is known to be there: after a lost answer the service is asked before anything is sent again.
 * After a crash the file is prepared anew, under the same `Idempotency-Key`.
 */
export function createSubmissionDestination(name: string, settings: SubmissionSettings): Destination {
  const client = keepClient(() => openUploadClient(name, settings));
  const prepared = createPrepared();
  return {
    name,
    open: async () => {
      await client.get();
    },
    deliver: (files, signal) =>
      deliverInOrder({ destination: name, client }, files, signal, async (file) =>
        deliverOne({ destination: name, settings, client: await client.get(), prepared, file, signal }),
      ),
    probe: (signal) => {
      const url = filledUrl(settings.prepare.url, { name: 'probe', digest: '0'.repeat(64) });
      return walkTo({ destination: name, url, settings }, signal, async (open, steps) => {
        const fault = await probeLogin(name, open, url, signal);
        steps.push({ step: 'login', fault });
        // Nothing prepared can be taken back.
        if (fault === undefined)
          steps.push({ step: 'write', fault: undefined, found: 'skipped: submission' });
      });
    },
    close: () => client.close(),
  };
}

/** Ids of files whose submission is in doubt, by name and content. */
interface Prepared {
  get(file: OutgoingFile): string | undefined;
  keep(file: OutgoingFile, reference: string): void;
  drop(file: OutgoingFile): void;
}

/** Only the first file of a queue is ever in doubt, so a few are plenty. */
const keptMax = 100;

function createPrepared(): Prepared {
  const kept = new Map<string, string>();
  const key = ({ name, digest }: OutgoingFile): string => `${digest} ${name}`;
  return {
    get: (file) => kept.get(key(file)),
    keep: (file, reference) => {
      if (kept.size >= keptMax) kept.clear();
      kept.set(key(file), reference);
    },
    drop: (file) => void kept.delete(key(file)),
  };
}

interface Submitting {
  readonly destination: string;
  readonly settings: SubmissionSettings;
  readonly client: UploadClient;
  readonly prepared: Prepared;
  readonly file: OutgoingFile;
  readonly signal: AbortSignal;
}

async function deliverOne(submitting: Submitting): Promise<Uploaded> {
  const { prepared, file } = submitting;
  const before = prepared.get(file);
  if (before !== undefined) {
    const place = await whereItStands(submitting, before);
    if (typeof place === 'object') return place;
    if (place === 'there') return taken(submitting, before);
    if (place === 'forgotten') prepared.drop(file);
    else return submit(submitting, before);
  }
  const reference = await prepare(submitting);
  if (typeof reference === 'object') return reference;
  prepared.keep(file, reference);
  return submit(submitting, reference);
}

/** there: the service has the file. unnamed: it is in a state that the settings do not name. */
type Place = 'there' | 'prepared' | 'unnamed' | 'forgotten';

async function whereItStands(
  { destination, settings, client, file, signal }: Submitting,
  reference: string,
): Promise<Place | Uploaded> {
  const { poll, states } = settings;
  const url = filledUrl(poll.url, { name: file.name, digest: file.digest, reference });
  const reply = await client.request({ method: poll.method, url }, signal);
  if (reply.status === 404 || reply.status === 410) return 'forgotten';
  if (reply.status < 200 || reply.status >= 300)
    return { kind: 'failed', failure: failureFrom(reply, destination) };
  const state = textAt(readJsonAnswer(reply.body), poll.statePath);
  if (state === undefined) return 'unnamed';
  if (states.prepared.includes(state)) return 'prepared';
  const isThere = [states.pending, states.accepted, states.refused].some((list) => list.includes(state));
  return isThere ? 'there' : 'unnamed';
}

/** The service's id of the file. */
async function prepare(submitting: Submitting): Promise<string | Uploaded> {
  const { destination, settings, client, file, signal } = submitting;
  const { method, url, body, referencePath, digestPath } = settings.prepare;
  const words = { name: file.name, digest: file.digest, size: String(file.content.length) };
  const json = Object.fromEntries(Object.entries(body).map(([key, text]) => [key, filled(text, words)]));
  const reply = await client.request(
    {
      method,
      url: filledUrl(url, words),
      headers: {
        'idempotency-key': idempotencyKey(file.name, file.digest),
        ...(method === 'GET' ? {} : { 'content-type': 'application/json' }),
      },
      ...(method === 'GET' ? {} : { body: Buffer.from(JSON.stringify(json)) }),
    },
    signal,
  );
  const meaning = meaningOf(reply, destination, settings.result?.codePath);
  const facts = { destination, file: file.name };
  switch (meaning.kind) {
    case 'taken': {
      const reference = referenceIn(meaning.json, referencePath);
      if (reference !== undefined) return reference;
      const fault = new Fault('upload-answer-incomplete', 'ambiguous', { facts });
      return { kind: 'failed', failure: { fault } };
    }
    case 'present': {
      const told = digestSaid(reply, textAt(meaning.json, digestPath), {
        file: file.digest,
        body: file.digest,
      });
      const reference = referenceIn(meaning.json, referencePath);
      if (told === 'same' && reference !== undefined) return { kind: 'delivered', said: { reference } };
      return ofFile(
        permanent(told === 'other' ? 'delivery-name-taken' : 'delivery-already-there', { facts }),
      );
    }
    case 'refused':
      return { kind: 'delivered', said: { answer: { verdict: 'refused', code: meaning.code } } };
    case 'failed':
      return { kind: 'failed', failure: meaning.failure };
    default:
      return meaning satisfies never;
  }
}

async function submit(submitting: Submitting, reference: string): Promise<Uploaded> {
  const { destination, settings, client, file, signal } = submitting;
  const { method, url, form, field, digestPath } = settings.submit;
  const made = uploadBody(file, form, field);
  const reply = await client.request(
    {
      method,
      url: filledUrl(url, { name: file.name, digest: file.digest, reference }),
      headers: { ...made.headers, 'idempotency-key': idempotencyKey(reference, file.digest) },
      body: made.body,
    },
    signal,
  );
  const meaning = meaningOf(reply, destination, settings.result?.codePath);
  if (meaning.kind === 'failed') return { kind: 'failed', failure: meaning.failure };
  if (meaning.kind === 'refused')
    return taken(submitting, reference, { verdict: 'refused', code: meaning.code });
  const digest = textAt(meaning.json, digestPath);
  const told = digestSaid(reply, digest, { file: file.digest, body: made.digest });
  const facts = { destination, file: file.name };
  if (told === 'other') return ofFile(new Fault('delivery-digest-differs', 'ambiguous', { facts }));
  // Present: the id is of this file alone, so what is under it came from here.
  if (told === 'same' || meaning.kind === 'present') return taken(submitting, reference);
  // Any page may say 2xx: the service is asked whether it has it. An unnamed state decides nothing against it.
  const place = await whereItStands(submitting, reference);
  if (typeof place === 'object') return place;
  if (place === 'there' || place === 'unnamed') return taken(submitting, reference);
  return ofFile(new Fault('delivery-vanished', 'ambiguous', { facts }));
}

/** No doubt is left: the id need not be kept here. */
function taken({ prepared, file }: Submitting, reference: string, answer?: AgencyAnswer): Uploaded {
  prepared.drop(file);
  return { kind: 'delivered', said: { reference, ...(answer === undefined ? {} : { answer }) } };
}

function filled(text: string, words: Readonly<Record<string, string>>): string {
  return text.replace(/\{([a-z]+)\}/g, (all, word: string) =>
    Object.hasOwn(words, word) ? (words[word] ?? '') : all,
  );
}
