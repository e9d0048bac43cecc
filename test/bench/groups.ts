import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compareWithIncumbent } from './against-incumbent.ts';
import { measureAppends } from './append.ts';
import { measureClaims } from './claim.ts';
import { measured, skipped, type Measurement } from './document.ts';
import { measureEndToEnd } from './end-to-end.ts';
import { measureFanIn } from './fan-in.ts';
import type { FigureId } from './figures.ts';
import { measureIdleFolder } from './idle-folder.ts';
import { measureBacklog, measureIdle, measureLargeFile } from './memory.ts';
import { measureResend } from './resend.ts';
import { measureIngest } from './store-growth.ts';
import { measureSyncs } from './syncs.ts';

type Say = (line: string) => void;
type Found = ReadonlyMap<FigureId, Measurement>;

/** Figures that come out of the same run. */
export interface FigureGroup {
  readonly ids: readonly [FigureId, ...FigureId[]];
  measure(say: Say): Promise<Found>;
}

const rounds = 5;
/** Of what takes longer than a ratio of two loops. */
const fewRounds = 3;

export const groups: readonly FigureGroup[] = [
  {
    ids: ['e2e-records-100', 'agent-cpu-ratio-100', 'receiver-cpu-ratio-100'],
    measure: (say) => measureEndToEnd({ size: 100, rounds, files: 400, sample: 100, say }),
  },
  {
    ids: ['e2e-records-1000', 'agent-cpu-ratio-1000', 'receiver-cpu-ratio-1000'],
    measure: (say) => measureEndToEnd({ size: 1000, rounds, files: 60, sample: 15, say }),
  },
  {
    ids: ['files-ratio-sftp', 'cpu-ratio-sftp'],
    measure: async (say) => {
      const compared = await compareWithIncumbent(rounds, say);
      return compared.kind === 'skipped'
        ? both('files-ratio-sftp', 'cpu-ratio-sftp', skipped(compared.reason))
        : new Map([
            ['files-ratio-sftp', measured(...compared.files)],
            ['cpu-ratio-sftp', measured(...compared.cpu)],
          ]);
    },
  },
  one('append-ratio', () => measureAppends(rounds)),
  {
    ids: ['syncs-agent', 'syncs-receiver'],
    measure: async () => {
      const counted = await measureSyncs(fewRounds);
      return counted.kind === 'skipped'
        ? both('syncs-agent', 'syncs-receiver', skipped(counted.reason))
        : new Map([
            ['syncs-agent', measured(...counted.agent)],
            ['syncs-receiver', measured(...counted.receiver)],
          ]);
    },
  },
  one('claim-ratio-100k', () => inFolder((folder) => measureClaims(folder, 100_000, rounds))),
  one('claim-ratio', () => inFolder((folder) => measureClaims(folder, 1_000_000, rounds))),
  one('ingest-ratio-1m', () =>
    inFolder((folder) => measureIngest(folder, { small: 100_000, large: 1_000_000 }, rounds)),
  ),
  one('ingest-ratio-10m', () =>
    inFolder((folder) => measureIngest(folder, { small: 1_000_000, large: 10_000_000 }, rounds)),
  ),
  one('unchanged-ratio', () => inFolder((folder) => measureResend(folder, rounds))),
  one('rss-agent-idle', async () => [await measureIdle()]),
  one('cpu-agent-idle-100k', async () => [await measureIdleFolder(100_000)]),
  one('rss-agent-50mb', async () => [await measureLargeFile(50)]),
  one('rss-agent-500mb', async () => [await measureLargeFile(500)]),
  one('restart-100k', async () => (await measureBacklog(100_000, fewRounds, 0)).restartSeconds),
  {
    ids: ['restart-1m', 'rss-agent-backlog'],
    measure: async () => {
      const { restartSeconds, highestMb } = await measureBacklog(1_000_000, fewRounds, 10);
      return new Map([
        ['restart-1m', measured(...restartSeconds)],
        ['rss-agent-backlog', measured(...highestMb)],
      ]);
    },
  },
  one('delivered-p99-120', () => measureFanIn(fewRounds)),
  {
    ids: ['kills-1000'],
    measure: async () =>
      new Map([['kills-1000', skipped('npm run test:fault -- --kills 1000 takes this one')]]),
  },
];

function one(id: FigureId, measure: () => Promise<readonly number[]>): FigureGroup {
  return { ids: [id], measure: async () => new Map([[id, measured(...(await measure()))]]) };
}

function both(first: FigureId, second: FigureId, measurement: Measurement): Found {
  return new Map([
    [first, measurement],
    [second, measurement],
  ]);
}

async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'vaguemestre-bench-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}
