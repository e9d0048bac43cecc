import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import { permanent, systemCode } from '../shared/runtime/errors.ts';
import { settingsOrFault } from '../shared/runtime/settings.ts';
import { alertSettings } from './config-alerts.ts';
import { destinationList, type DestinationConfig } from './config-destinations.ts';
import { portalSettings } from './config-portal.ts';
import { checkQuality, qualitySettings } from './config-quality.ts';
import { retentionSettings, type RetentionConfig } from './config-retention.ts';
import { checkReports, reportSettings } from './config-reports.ts';
import { watchingSettings } from './config-watching.ts';
import { stateFolder } from './state-folder.ts';

/**
 * The receiver's configuration file (YAML). Keys and certificates are not here: `init` puts them in the state folder.
 * Relative paths start from the file's own folder; port 0 takes a free one, written to `listeners.json`.
 */
const listener = (host: string, port: number) =>
  z
    .strictObject({
      host: z.string().min(1).default(host),
      port: z.int().min(0).max(65_535).default(port),
    })
    .prefault({});

const configuration = (base: string) =>
  z
    .strictObject({
      state: z.string().min(1),
      region: z.string().min(1).max(80),
      /** Names under which agents reach the receiver; the first one is told to them unless `ingestUrl` says otherwise. */
      hosts: z.array(z.string().min(1).max(253)).max(20).default(['localhost']),
      ingestUrl: z.url({ protocol: /^https$/ }).optional(),
      listeners: z
        .strictObject({
          ingest: listener('0.0.0.0', 8443),
          enrolment: listener('0.0.0.0', 8444),
          health: listener('127.0.0.1', 8445),
          /** Where agencies fetch; opened only when a destination is of the kind pull. */
          agencies: listener('0.0.0.0', 8446),
          /** The region's pages; opened only when `portal` is there. */
          portal: listener('127.0.0.1', 8447),
        })
        .prefault({}),
      destinations: destinationList(base),
      limits: z
        .strictObject({
          /** Envelope bodies held in memory at once (at most 4 MiB each). */
          concurrentEnvelopes: z.int().min(1).max(1024).default(32),
          /** A request that is not whole after this long is closed. */
          requestSeconds: z.int().min(1).max(600).default(60),
          connections: z.int().min(1).max(100_000).default(4096),
        })
        .prefault({}),
      retention: retentionSettings(base),
      watching: watchingSettings,
      portal: portalSettings.optional(),
      alerts: alertSettings(base),
      quality: qualitySettings,
      reports: reportSettings,
    })
    .superRefine((settings, context) => {
      const report = (path: readonly string[], message: string): void =>
        context.addIssue({ code: 'custom', path: [...path], message });
      checkQuality(settings, report);
      checkReports(settings, report);
    });
export type ReceiverConfig = Omit<z.infer<ReturnType<typeof configuration>>, 'retention'> & {
  readonly retention: RetentionConfig & { readonly extractionFolder: string };
};
export type ListenerAddress = ReceiverConfig['listeners']['ingest'];

/** Reads and checks the whole file; throws `config-unreadable` or `config-invalid` naming every fault at once. */
export async function loadConfig(path: string): Promise<ReceiverConfig> {
  const file = resolve(path);
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw permanent('config-unreadable', { facts: { file, reason: systemCode(error) ?? '' }, cause: error });
  });
  return parseConfig(text, file);
}

export function parseConfig(text: string, file: string): ReceiverConfig {
  const base = dirname(file);
  const { value } = settingsOrFault(text, configuration(base), { code: 'config-invalid', file });
  const state = resolve(base, value.state);
  return {
    ...{ ...value, state },
    retention: {
      ...value.retention,
      extractionFolder: value.retention.extractionFolder ?? stateFolder(state).extractions,
    },
    destinations: value.destinations.map((each) => withAbsolutePaths(each, base)),
    watching: {
      ...value.watching,
      beat: value.watching.beat && withAbsoluteFiles(value.watching.beat, base),
    },
    portal: value.portal && {
      ...value.portal,
      tls: value.portal.tls && withAbsoluteFiles(value.portal.tls, base),
      oidc: value.portal.oidc && withAbsoluteFiles(value.portal.oidc, base),
    },
  };
}

function withAbsolutePaths(settings: DestinationConfig, base: string): DestinationConfig {
  const { transport } = settings;
  return {
    ...settings,
    profile: withAbsoluteFiles(settings.profile, base),
    protection: withAbsoluteFiles(settings.protection, base),
    transport:
      transport.kind === 'directory'
        ? { ...transport, folder: resolve(base, transport.folder) }
        : withAbsoluteFiles(transport, base),
  };
}

/** Keys that end in `File`. */
function withAbsoluteFiles<Part extends object>(part: Part, base: string): Part {
  return Object.fromEntries(
    Object.entries(part).map(([key, value]: [string, unknown]) => [
      key,
      key.endsWith('File') && typeof value === 'string' ? resolve(base, value) : value,
    ]),
    // The same keys, and texts for texts.
  ) as Part;
}
