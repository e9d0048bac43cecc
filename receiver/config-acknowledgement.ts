import { posix, resolve } from 'node:path';
import { z } from 'zod';
import { expecting } from '../shared/runtime/settings.ts';
import type { TransportConfig } from './config-transports.ts';
import { stageEndings } from './forward/formats/naming.ts';

/** How an agency's answer comes back. */
export const acknowledgement = z
  .discriminatedUnion('kind', [
    /** None is expected. */
    z.strictObject({ kind: z.literal('none') }),
    /** A person says so: a command, or the agency's page. */
    z.strictObject({ kind: z.literal('person'), withinHours: z.int().min(1).max(8760).default(24) }),
    /** What the upload answers, or what the agency posts: transports https, pull, submission. */
    z.strictObject({ kind: z.literal('answer'), withinHours: z.int().min(1).max(8760).default(24) }),
    /** A file beside or in a folder of the transport: the dispatch's name and a suffix. */
    z.strictObject({
      kind: z.literal('folder'),
      folder: z.string().min(1).max(500),
      acceptedSuffix: z.string().min(1).max(20).default('.ack'),
      refusedSuffix: z.string().min(1).max(20).default('.nack'),
      everySeconds: z.number().min(1).max(86_400).default(60),
      withinHours: z.int().min(1).max(8760).default(24),
    }),
  ])
  .prefault({ kind: 'none' });
export type AcknowledgementConfig = z.infer<typeof acknowledgement>;

type Report = (path: readonly string[], expected: string) => void;

/** Settings of answers that could never come, or would be taken for something else than an answer. */
export function checkAcknowledgement({ transport, acknowledgement }: AnsweredBy, report: Report): void {
  const { kind } = acknowledgement;
  const brings = bringsFiles(transport);
  if (kind === 'folder' && !brings)
    report(
      ['acknowledgement', 'kind'],
      expecting(
        `answer, person ou none avec le transport ${transport.kind}`,
        `answer, person or none with the transport ${transport.kind}`,
      ),
    );
  if (kind === 'answer' && brings)
    report(
      ['acknowledgement', 'kind'],
      expecting(
        `folder, person ou none avec le transport ${transport.kind}`,
        `folder, person or none with the transport ${transport.kind}`,
      ),
    );
  if (kind === 'answer' && transport.kind === 'https' && transport.answer.statePath === undefined)
    report(
      ['transport', 'answer', 'statePath'],
      expecting('où la réponse dit son verdict', 'where the answer gives its verdict'),
    );
  if (kind === 'folder') checkSuffixes(acknowledgement, report);
}

interface AnsweredBy {
  readonly transport: TransportConfig;
  readonly acknowledgement: AcknowledgementConfig;
}

type FolderAnswers = Extract<AcknowledgementConfig, { kind: 'folder' }>;

function checkSuffixes({ acceptedSuffix, refusedSuffix }: FolderAnswers, report: Report): void {
  for (const [key, suffix] of Object.entries({ acceptedSuffix, refusedSuffix })) {
    const told = (fr: string, en: string): void => {
      report(['acknowledgement', key], expecting(fr, en));
    };
    if (!/^[A-Za-z0-9._-]+$/.test(suffix))
      told('lettres sans accent, chiffres, point, tiret, souligné', 'letters, digits, dot, dash, underscore');
    // Our own file in the same folder would be taken for the answer to itself, and removed.
    const ending = stageEndings.find((each) => suffix.toLowerCase().endsWith(each));
    if (ending !== undefined)
      told(
        `une autre fin que ${stageEndings.join(', ')} : nos propres fichiers la portent`,
        `another ending than ${stageEndings.join(', ')}: our own files have them`,
      );
  }
  if (acceptedSuffix.endsWith(refusedSuffix) || refusedSuffix.endsWith(acceptedSuffix))
    report(
      ['acknowledgement', 'refusedSuffix'],
      expecting(
        'une fin qui se distingue de acceptedSuffix : aucune des deux ne finit par l’autre',
        'an ending that is told from acceptedSuffix: neither ends with the other',
      ),
    );
}

function bringsFiles(transport: TransportConfig): transport is Extract<TransportConfig, { folder: string }> {
  return transport.kind === 'directory' || transport.kind === 'sftp' || transport.kind === 'ftps';
}

/** The folder where answers lie; undefined: they do not come as files. */
export function returnPlace({ transport, acknowledgement }: AnsweredBy, base: string): string | undefined {
  if (acknowledgement.kind !== 'folder' || !bringsFiles(transport)) return undefined;
  const { folder } = acknowledgement;
  if (transport.kind === 'directory') return `folder ${resolve(base, transport.folder, folder)}`;
  return serverPlace(transport, folder.startsWith('/') ? folder : posix.join(transport.folder, folder));
}

/** The same folder of the same account of a server, whatever the protocol. */
export function serverPlace(
  { host, user }: { readonly host: string; readonly user: string },
  folder: string,
): string {
  return `server ${host.toLowerCase()} ${user} ${posix.normalize(folder).replace(/(?<=.)\/+$/, '')}`;
}
