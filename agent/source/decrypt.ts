import { readFile } from 'node:fs/promises';
import { ReadableStream } from 'node:stream/web';
import type { Message, PrivateKey } from 'openpgp';
import { asFault, Fault, permanent, systemCode } from '../../shared/runtime/errors.ts';

/**
 * Plaintext of an OpenPGP message, as it is decrypted: it never touches the disk, and nothing of it counts before the last
 * byte has come, because only then is a message of the older form (SEIPD version 1) known to be whole. Faults (permanent):
 * `decrypt-not-openpgp`, `decrypt-not-encrypted`, `decrypt-other-key`, `decrypt-damaged`.
 */
export type Decrypt = (encrypted: AsyncIterable<Buffer>) => AsyncIterable<Buffer>;

/** The library is loaded for sources that ask for it, and the key is read once. Faults: `decrypt-key-unreadable`, `decrypt-key-locked`. */
export async function loadDecryption(settings: {
  readonly privateKeyFile: string;
  readonly passphraseFile?: string | undefined;
  /** Bound on what one message may become, in bytes. */
  readonly plaintextBytes: number;
}): Promise<Decrypt> {
  const openpgp = await import('openpgp');
  const keys = await readKeys(openpgp, settings);
  const config = {
    // Released before the end, discarded when the end does not hold: memory stays flat for any size.
    allowUnauthenticatedStream: true,
    maxDecompressedMessageSize: settings.plaintextBytes + slackBytes,
  };
  return async function* decrypt(encrypted) {
    const source = createSource(encrypted);
    try {
      const message = await source.or(readMessage(openpgp, source.bytes, config));
      mustBeForUs(message, keys);
      const { data } = await source
        .or<{ readonly data: unknown }>(
          openpgp.decrypt({ message, decryptionKeys: [...keys], format: 'binary', config }),
        )
        .catch((error: unknown) => {
          throw asOurs(error, isForAnybody(message) ? 'decrypt-other-key' : 'decrypt-damaged');
        });
      // Given a stream, the library gives one; its types name a package that it does not bring.
      const reader = (data as { getReader(): ByteReader }).getReader();
      for (;;) {
        const { done, value } = await source.or(reader.read()).catch((error: unknown) => {
          throw asOurs(error, 'decrypt-damaged');
        });
        if (done || value === undefined) return;
        yield Buffer.from(value.buffer, value.byteOffset, value.byteLength);
      }
    } finally {
      source.stop();
    }
  };
}

interface ByteReader {
  read(): Promise<{ readonly done: boolean; readonly value?: Uint8Array | undefined }>;
}

/** The reader's own bound is met first, and says so better; this one is for what it never sees. */
const slackBytes = 16 * 1024 * 1024;

type OpenPgp = typeof import('openpgp');

async function readKeys(
  { readPrivateKeys, decryptKey }: OpenPgp,
  {
    privateKeyFile,
    passphraseFile,
  }: { readonly privateKeyFile: string; readonly passphraseFile?: string | undefined },
): Promise<readonly PrivateKey[]> {
  const unreadable = (file: string, cause: unknown): Error =>
    permanent('decrypt-key-unreadable', { facts: { file, reason: systemCode(cause) ?? '' }, cause });
  const read = (file: string): Promise<Buffer> =>
    readFile(file).catch((cause: unknown) => {
      throw unreadable(file, cause);
    });
  const bytes = await read(privateKeyFile);
  const parsed = isArmored(bytes)
    ? readPrivateKeys({ armoredKeys: bytes.toString('latin1') })
    : readPrivateKeys({ binaryKeys: new Uint8Array(bytes) });
  const keys = await parsed.catch((cause: unknown) => {
    throw unreadable(privateKeyFile, cause);
  });
  if (keys.length === 0) throw unreadable(privateKeyFile, undefined);
  const passphrase =
    passphraseFile === undefined
      ? undefined
      : (await read(passphraseFile)).toString('utf8').replace(/\r?\n$/, '');
  return Promise.all(
    keys.map(async (privateKey) => {
      if (privateKey.isDecrypted()) return privateKey;
      try {
        return await decryptKey({ privateKey, passphrase: passphrase ?? '' });
      } catch (cause) {
        throw permanent('decrypt-key-locked', { facts: { file: privateKeyFile }, cause });
      }
    }),
  );
}

interface Source {
  readonly bytes: AsyncGenerator<Uint8Array>;
  /** What the library answers, or the fault of the file if that comes first. */
  or<T>(work: Promise<T>): Promise<T>;
  stop(): void;
}

/**
 * The file under the library. Its faults go round the library, whose promises would break unseen; and once nobody reads any
 * more it neither ends nor fails, so that what is left of the pipeline is simply forgotten.
 */
function createSource(encrypted: AsyncIterable<Buffer>): Source {
  const never = new Promise<never>(() => undefined);
  let stopped = false;
  let fault: Fault | undefined;
  let refuse: (fault: Fault) => void = () => undefined;
  async function* bytes(): AsyncGenerator<Uint8Array> {
    const chunks = encrypted[Symbol.asyncIterator]();
    for (;;) {
      if (stopped) await never;
      let next: IteratorResult<Buffer>;
      try {
        next = await chunks.next();
      } catch (error) {
        fault = asFault(error);
        refuse(fault);
        await never;
        return;
      }
      if (next.done === true) return;
      // The chunk is overwritten by the next one.
      yield new Uint8Array(next.value);
    }
  }
  return {
    bytes: bytes(),
    // No Promise.race: against a promise as old as the file it would hold every chunk until the end.
    or: (work) =>
      new Promise((resolve, reject) => {
        work.then(resolve, reject);
        refuse = reject;
        if (fault !== undefined) reject(fault);
      }),
    stop: () => {
      stopped = true;
    },
  };
}

async function readMessage(
  { readMessage: read }: OpenPgp,
  bytes: AsyncGenerator<Uint8Array>,
  config: object,
): Promise<Message<ReadableStream<Uint8Array>>> {
  const first = await bytes.next();
  if (first.done === true) throw permanent('decrypt-not-openpgp');
  const whole = prepended(first.value, bytes);
  try {
    return isArmored(Buffer.from(first.value))
      ? await read({ armoredMessage: ReadableStream.from(asText(whole)), config })
      : await read({ binaryMessage: ReadableStream.from(whole), config });
  } catch (error) {
    throw asOurs(error, 'decrypt-not-openpgp');
  }
}

async function* prepended(first: Uint8Array, rest: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield first;
  yield* rest;
}

async function* asText(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  for await (const chunk of bytes) yield Buffer.from(chunk).toString('latin1');
}

function isArmored(bytes: Buffer): boolean {
  return /^(\u00ef\u00bb\u00bf)?\s*-----BEGIN PGP /.test(bytes.subarray(0, 200).toString('latin1'));
}

function mustBeForUs(message: Message<ReadableStream<Uint8Array>>, keys: readonly PrivateKey[]): void {
  const wanted = message.getEncryptionKeyIDs();
  if (wanted.length === 0) throw permanent('decrypt-not-encrypted');
  const own = keys.flatMap((key) => key.getKeyIDs());
  if (!wanted.some((one) => isHidden(one) || own.some((mine) => mine.equals(one))))
    throw permanent('decrypt-other-key');
}

/** Recipients may be hidden: then only trying tells. */
function isForAnybody(message: Message<ReadableStream<Uint8Array>>): boolean {
  return message.getEncryptionKeyIDs().every((one) => isHidden(one));
}

function asOurs(error: unknown, code: string): Fault {
  return error instanceof Fault ? error : permanent(code, { cause: error });
}

/** All zeros: the sender does not say for whom it is. */
function isHidden(id: { toHex(): string }): boolean {
  return /^0*$/.test(id.toHex());
}
