/**
 * Every figure the bench knows. Ids are stable: programs read them. `slow` ones are measured with `--full` only; `goal` is
 * the one of the design, section 8.
 */
export interface FigureSpec {
  readonly id: string;
  readonly unit: string;
  readonly goal: number;
  readonly better: 'higher' | 'lower';
  readonly slow: boolean;
  /** What it says, for people. */
  readonly meaning: string;
}

export const catalogue = [
  {
    id: 'e2e-records-100',
    unit: 'records/s',
    goal: 20_000,
    better: 'higher',
    slow: false,
    meaning: 'folder to agency, receipts in, files of 100 records, real processes (only on a calm machine)',
  },
  {
    id: 'e2e-records-1000',
    unit: 'records/s',
    goal: 30_000,
    better: 'higher',
    slow: false,
    meaning: 'the same, files of 1,000 records',
  },
  {
    id: 'agent-cpu-ratio-100',
    unit: 'ratio',
    goal: 2.5,
    better: 'lower',
    slow: false,
    meaning: 'agent CPU per record ÷ sum of its stages alone (read, compress, seal, outbox), files of 100',
  },
  {
    id: 'agent-cpu-ratio-1000',
    unit: 'ratio',
    goal: 2.5,
    better: 'lower',
    slow: false,
    meaning: 'the same, files of 1,000',
  },
  {
    id: 'receiver-cpu-ratio-100',
    unit: 'ratio',
    goal: 2.5,
    better: 'lower',
    slow: false,
    meaning:
      'receiver CPU per record ÷ sum of its stages alone (verify, inbox, open ... deliver), files of 100',
  },
  {
    id: 'receiver-cpu-ratio-1000',
    unit: 'ratio',
    goal: 2.5,
    better: 'lower',
    slow: false,
    meaning: 'the same, files of 1,000',
  },
  {
    id: 'files-ratio-sftp',
    unit: 'ratio',
    goal: 3,
    better: 'higher',
    slow: false,
    meaning: 'files/s ÷ (gpg + sftp with fsync + gpg -d), which neither reads, checks nor receipts them',
  },
  {
    id: 'cpu-ratio-sftp',
    unit: 'ratio',
    goal: 0.5,
    better: 'lower',
    slow: false,
    meaning: 'CPU per file, both ends ÷ the same',
  },
  {
    id: 'append-ratio',
    unit: 'ratio',
    goal: 0.5,
    better: 'higher',
    slow: false,
    meaning:
      'envelopes verified, stored and receipted per second ÷ a bare append + fdatasync of the same bytes',
  },
  {
    id: 'syncs-agent',
    unit: 'syncs/envelope',
    goal: 0.25,
    better: 'lower',
    slow: false,
    meaning: 'database syncs per acknowledged envelope under load, agent',
  },
  {
    id: 'syncs-receiver',
    unit: 'syncs/envelope',
    goal: 0.25,
    better: 'lower',
    slow: false,
    meaning: 'the same, receiver',
  },
  {
    id: 'claim-ratio-100k',
    unit: 'ratio',
    goal: 1.5,
    better: 'lower',
    slow: false,
    meaning: 'CPU of claiming from 100,000 pending envelopes ÷ from 1,000',
  },
  {
    id: 'claim-ratio',
    unit: 'ratio',
    goal: 1.5,
    better: 'lower',
    slow: true,
    meaning: 'CPU of claiming from 1 M pending envelopes ÷ from 1,000',
  },
  {
    id: 'ingest-ratio-1m',
    unit: 'ratio',
    goal: 0.8,
    better: 'higher',
    slow: false,
    meaning: 'records the store takes in per CPU second when it holds 1 M ÷ 100,000',
  },
  {
    id: 'ingest-ratio-10m',
    unit: 'ratio',
    goal: 0.8,
    better: 'higher',
    slow: true,
    meaning: 'the same, 10 M ÷ 1 M',
  },
  {
    id: 'unchanged-ratio',
    unit: 'ratio',
    goal: 0.3,
    better: 'lower',
    slow: false,
    meaning: 'applying an unchanged week again ÷ applying it fresh, CPU per record at the receiver',
  },
  {
    id: 'rss-agent-idle',
    unit: 'MB',
    goal: 90,
    better: 'lower',
    slow: false,
    meaning: 'memory of an agent with nothing to do',
  },
  {
    id: 'cpu-agent-idle-100k',
    unit: '% of a core',
    goal: 1,
    better: 'lower',
    slow: true,
    meaning: 'CPU of an agent at rest over a folder of 100,000 old files, over ten minutes',
  },
  {
    id: 'rss-agent-50mb',
    unit: 'MB',
    goal: 200,
    better: 'lower',
    slow: false,
    meaning: 'highest memory of an agent that carried one file of 50 MB',
  },
  {
    id: 'rss-agent-500mb',
    unit: 'MB',
    goal: 200,
    better: 'lower',
    slow: true,
    meaning: 'the same, 500 MB',
  },
  {
    id: 'rss-agent-backlog',
    unit: 'MB',
    goal: 150,
    better: 'lower',
    slow: true,
    meaning: 'highest memory of an agent that started on 1 M queued envelopes, receiver away',
  },
  {
    id: 'restart-100k',
    unit: 's',
    goal: 2,
    better: 'lower',
    slow: false,
    meaning: 'from starting the agent to its first attempts to send, 100,000 queued envelopes',
  },
  {
    id: 'restart-1m',
    unit: 's',
    goal: 2,
    better: 'lower',
    slow: true,
    meaning: 'the same, 1 M queued',
  },
  {
    id: 'delivered-p99-120',
    unit: 's',
    goal: 30,
    better: 'lower',
    slow: false,
    meaning: 'file there to dispatch delivered, 120 facilities at once over 4 agents, 99th percentile',
  },
  {
    id: 'kills-1000',
    unit: 'faults',
    goal: 0,
    better: 'lower',
    slow: true,
    meaning: 'lost, duplicated or half-written after 1,000 kills of either side',
  },
] as const satisfies readonly FigureSpec[];

export type FigureId = (typeof catalogue)[number]['id'];

export function isFigureId(text: string): text is FigureId {
  return catalogue.some(({ id }) => id === text);
}
