import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import { bedCodes } from '../shared/feeds/code-lists.ts';
import { isFiness } from '../shared/feeds/facility.ts';
import { permanent, systemCode } from '../shared/runtime/errors.ts';
import { expecting, settingsOrFault } from '../shared/runtime/settings.ts';

/**
 * The agent's settings: what a person writes. What enrolment brings (identity, keys, addresses) lives in the state
 * folder. Every fault of the file is reported at once, with its key, what was found and what is expected.
 */
const gigabyte = 1024 ** 3;

/** HL7 v2 ADT messages: what else than files brings them, and what their wards are. */
const careClasses = [...bedCodes.careClass].join(', ');

const adtSchema = z.strictObject({
  listen: z
    .strictObject({
      host: z.string().min(1).default('127.0.0.1'),
      port: z.int().min(0).max(65_535),
      /** Addresses that may connect. */
      allow: z
        .array(z.union([z.ipv4(), z.ipv6()], expecting('une adresse IP', 'an IP address')))
        .min(1)
        .max(100)
        .default(['127.0.0.1', '::1']),
      connections: z.int().min(1).max(1000).default(16),
      idleSeconds: z.number().min(1).max(86_400).default(3600),
      messageBytes: z
        .int()
        .min(1024)
        .max(16 * 1024 ** 2)
        .default(1024 ** 2),
    })
    .optional(),
  /** Nursing ward (PV1-3.1) → bed zone: those wards' occupied beds are counted. */
  zones: z
    .record(
      z.string().min(1),
      z.strictObject({
        zoneId: z.string().min(1),
        unitLabel: z.string().optional(),
        /** rea, usi, usc, med, chir, uhcd, psy, ssr, autre */
        careClass: z
          .string()
          .refine(
            (code) => bedCodes.careClass.has(code),
            expecting(`l’un de : ${careClasses}`, `one of: ${careClasses}`),
          ),
      }),
    )
    .default({}),
  bedsEveryMinutes: z.number().min(1).max(1440).default(15),
});

const sourceSchema = z.strictObject({
  name: z
    .string()
    .regex(
      /^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,99}$/u,
      expecting('un nom de lettres, chiffres, espaces . _ -', 'a name of letters, digits, spaces . _ -'),
    ),
  folder: z.string().min(1),
  /** Names of built-in mappings, or paths of mapping files. */
  mappings: z.array(z.string().min(1)).min(1).max(50),
  facility: z
    .string()
    .refine(
      isFiness,
      expecting('un numéro FINESS valide (9 caractères)', 'a valid FINESS number (9 characters)'),
    )
    .optional(),
  part: z
    .string()
    .regex(
      /^[0-9A-Za-z._-]{1,40}$/,
      expecting('lettres, chiffres . _ -, 40 au plus', 'letters, digits . _ -, at most 40'),
    )
    .optional(),
  encoding: z.string().min(1).max(40).optional(),
  /** How a file is known to be whole; `seconds` is for `stable`: size and date unchanged that long. */
  ready: z
    .strictObject({
      mode: z.enum(['stable', 'marker', 'rename', 'now']).default('stable'),
      seconds: z.number().min(0).max(3600).default(10),
    })
    .default({ mode: 'stable', seconds: 10 }),
  /** archive: moved once committed (quarantine for rejects). keep: the folder is never written to. */
  after: z.enum(['archive', 'keep']).default('archive'),
  archiveFolder: z.string().min(1).optional(),
  quarantineFolder: z.string().min(1).optional(),
  scanSeconds: z.number().min(0.2).max(86_400).default(30),
  /** File system events as a hint; the scan is the truth. Off for network shares. */
  watch: z.boolean().default(true),
  /** Fields of free text that may leave the hospital; others go only as far as they are codes. */
  freeText: z.array(z.string().min(1)).max(20).default([]),
  /** Exports here complete those of the named source, under the join of its mapping. */
  joins: z.string().min(1).optional(),
  /** Exports here are OpenPGP messages. */
  decrypt: z
    .strictObject({ privateKeyFile: z.string().min(1), passphraseFile: z.string().min(1).optional() })
    .optional(),
  adt: adtSchema.optional(),
});

const limitsSchema = z.strictObject({
  fileBytes: z
    .int()
    .min(1024)
    .max(64 * gigabyte)
    .default(2 * gigabyte),
  records: z.int().min(1).max(50_000_000).default(2_000_000),
  filesPerScan: z.int().min(1).max(100_000).default(4096),
  /** Intake pauses below this much free space for the state folder. */
  freeDiskBytes: z
    .int()
    .min(0)
    .default(200 * 1024 ** 2),
  /** Envelopes on their way at once. */
  inFlight: z.int().min(1).max(64).default(16),
});

const proxySchema = z.strictObject({
  url: z.url({ protocol: /^https?$/ }),
  username: z.string().optional(),
  passwordFile: z.string().optional(),
  /** Hosts reached without it: names, ".suffix", addresses, "*". */
  noProxy: z.array(z.string().min(1)).max(100).default([]),
});

/** Who is told when the region does not answer. The log and `status` say so in any case. */
const notifySchema = z.strictObject({
  afterHours: z.number().min(0.1).max(168).default(2),
  email: z
    .strictObject({
      host: z.string().min(1),
      port: z.int().min(1).max(65_535).default(587),
      /** implicit: TLS from the first byte (465). starttls: required. none: a relay on the same machine. */
      tls: z.enum(['implicit', 'starttls', 'none']).default('starttls'),
      username: z.string().optional(),
      passwordFile: z.string().optional(),
      from: z.email(),
      to: z.array(z.email()).min(1).max(20),
    })
    .optional(),
});

export const configSchema = z.strictObject({
  state: z.string().min(1),
  language: z.enum(['fr', 'en']).optional(),
  logLevel: z.enum(['error', 'warn', 'info', 'debug', 'silent']).default('info'),
  sources: z
    .array(sourceSchema)
    .min(1)
    .max(500)
    .superRefine((sources, context) => {
      sources.forEach(({ name, joins, adt, facility }, index) => {
        if (adt !== undefined && facility === undefined)
          context.addIssue({
            code: 'custom',
            path: [index, 'facility'],
            message: expecting(
              'le numéro FINESS de l’établissement dont parlent les messages',
              'the FINESS number of the facility that the messages are of',
            ),
          });
        if (sources.findIndex((other) => other.name === name) < index)
          context.addIssue({
            code: 'custom',
            path: [index, 'name'],
            message: expecting('un nom employé une seule fois', 'a name used once'),
          });
        if (
          joins !== undefined &&
          !sources.some((other) => other.name === joins && other.joins === undefined)
        )
          context.addIssue({
            code: 'custom',
            path: [index, 'joins'],
            message: expecting('le nom d’une autre source', 'the name of another source'),
          });
      });
    }),
  limits: limitsSchema.prefault({}),
  proxy: proxySchema.optional(),
  notify: notifySchema.prefault({}),
  /** How long sealed envelopes stay after their receipt. */
  retention: z.strictObject({ days: z.number().min(0).max(3650).default(7) }).prefault({}),
  /** Where each facility's weekly scorecard is left for people to read; without it none is fetched. */
  scorecards: z.strictObject({ folder: z.string().min(1) }).optional(),
  /** auto: oldest first; after more than two hours of waiting, today's dated exports travel before the backlog. */
  order: z.enum(['auto', 'oldest', 'newest']).default('auto'),
});

export type SourceConfig = z.infer<typeof sourceSchema>;
export type AdtConfig = z.infer<typeof adtSchema>;
export type ProxyConfig = z.infer<typeof proxySchema>;
export type NotifyConfig = z.infer<typeof notifySchema>;
export type AgentConfig = z.infer<typeof configSchema>;

/** Faults: `config-unreadable`, `config-invalid` (facts: file, count, faultsFr, faultsEn). Relative paths start at the file's folder. */
export async function loadConfig(path: string): Promise<AgentConfig> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    throw permanent('config-unreadable', { facts: { file: path, reason: systemCode(cause) ?? '' }, cause });
  }
  return parseConfig(text, path);
}

export function parseConfig(text: string, path: string): AgentConfig {
  const { value } = settingsOrFault(text, configSchema, { code: 'config-invalid', file: path });
  const config = withAbsolutePaths(value, dirname(resolve(path)));
  const sources = config.sources.map((source) => ({ ...source, ...placeOfMain(source, config.sources) }));
  return { ...config, sources };
}

/** Paths start at `base`: `state`, whatever is named a file or a folder, and the mappings that are files. */
export function withAbsolutePaths<T>(settings: T, base: string): T {
  const absolute = (key: string, value: unknown): unknown => {
    if (Array.isArray(value)) return value.map((item: unknown) => absolute(key, item));
    if (typeof value === 'object' && value !== null)
      return Object.fromEntries(
        Object.entries(value).map(([name, part]: [string, unknown]) => [name, absolute(name, part)]),
      );
    if (typeof value !== 'string') return value;
    const isPath = key === 'mappings' ? isMappingFile(value) : /^state$|(?:File|[fF]older)$/.test(key);
    return isPath ? resolve(base, value) : value;
  };
  return absolute('', settings) as T;
}

/** What a source that completes another sends belongs to the same facility and part, under the same rule for free text. */
function placeOfMain(
  { joins }: SourceConfig,
  sources: readonly SourceConfig[],
): Partial<Pick<SourceConfig, 'facility' | 'part' | 'freeText'>> {
  const main = joins === undefined ? undefined : sources.find(({ name }) => name === joins);
  if (main === undefined) return {};
  const { facility, part, freeText } = main;
  return {
    freeText,
    ...(facility === undefined ? {} : { facility }),
    ...(part === undefined ? {} : { part }),
  };
}

export function isMappingFile(mapping: string): boolean {
  return /[\\/]|\.ya?ml$/i.test(mapping);
}
