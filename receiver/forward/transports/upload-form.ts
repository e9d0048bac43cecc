import { hash } from 'node:crypto';
import type { OutgoingFile } from '../destination.ts';

/** A file as the body of a request. */
export interface UploadBody {
  readonly body: Buffer;
  readonly headers: Readonly<Record<string, string>>;
  /** Lower-case hex SHA-256 of `body`. */
  readonly digest: string;
}

/** Names of files are safe ones: nothing in them needs quoting. */
export function uploadBody(file: OutgoingFile, form: 'raw' | 'multipart', field: string): UploadBody {
  const made = form === 'raw' ? raw(file) : multipart(file, field);
  // RFC 9530.
  const digest = `sha-256=:${Buffer.from(made.digest, 'hex').toString('base64')}:`;
  return { ...made, headers: { ...made.headers, 'content-digest': digest } };
}

function raw({ name, content, digest }: OutgoingFile): UploadBody {
  return {
    body: content,
    digest,
    headers: {
      'content-type': 'application/octet-stream',
      'content-disposition': `attachment; filename="${name}"`,
    },
  };
}

function multipart({ name, content, digest }: OutgoingFile, field: string): UploadBody {
  // The same bytes at each attempt; a file cannot hold its own digest.
  const boundary = `vaguemestre-${digest.slice(0, 40)}`;
  const body = Buffer.concat([
    Buffer.from(
      `--${boundary}\r\ncontent-disposition: form-data; name="${field}"; filename="${name}"\r\n` +
        'content-type: application/octet-stream\r\n\r\n',
    ),
    content,
    Buffer.from(`\r\n--${boundary}--\r\n`),
  ]);
  return {
    body,
    digest: hash('sha256', body, 'hex'),
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
  };
}

/** An address with its words filled in, each one as a single step of a path. */
export function filledUrl(template: string, words: Readonly<Record<string, string>>): string {
  return template.replace(/\{([a-z]+)\}/g, (all, word: string) =>
    Object.hasOwn(words, word) ? encodeURIComponent(words[word] ?? '') : all,
  );
}
