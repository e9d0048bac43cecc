import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { join } from 'node:path';
import type { Agent } from '../../installers/sandbox/region.ts';
import { pause } from '../../shared/runtime/lifecycle.ts';
import { openSqlite, type Sqlite } from '../../shared/runtime/sqlite.ts';
import { onCommandLine } from '../support/command-line.ts';
import { readRpuXml, replay, rpuXml, type Visit } from '../support/rpu-text.ts';

/** Looks again and again until there is an answer; fails at the deadline, saying what was awaited. */
export async function eventually<T>(
  what: string,
  look: () => T | undefined | false | Promise<T | undefined | false>,
  seconds = 40,
): Promise<T> {
  const never = new AbortController().signal;
  const end = performance.now() + seconds * 1000;
  while (performance.now() < end) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    await pause(50, never);
  }
  throw new Error(`not within ${seconds} s: ${what}`);
}

export interface Said {
  readonly code: number;
  readonly text: string;
  readonly document: Readonly<Record<string, unknown>>;
}

/** A command of the agent, in this process, while the agent may be running in its own. */
export async function ask(
  agent: Agent,
  command: 'status' | 'verify' | readonly ['trace', string],
): Promise<Said> {
  const words = typeof command === 'string' ? [command] : command;
  const { code, out } = await onCommandLine([...words, '--json', '--config', agent.configFile], {
    language: 'en',
  });
  return { code, text: out, document: JSON.parse(out) as Record<string, unknown> };
}

/** Reads a database beside the process that owns it. */
export function peek<T>(path: string, work: (db: Sqlite) => T): T {
  const db = openSqlite(path, { migrations: [], readonly: true });
  try {
    return work(db);
  } finally {
    db.close();
  }
}

export function count(path: string, sql: string): number {
  return peek(path, (db) => (db.prepare(sql).get() as { n: number }).n);
}

/** The states of an export by its file's name, oldest first. */
export function outcomes(agentDatabase: string, name: string): string[] {
  if (!isMade(agentDatabase)) return [];
  return peek(agentDatabase, (db) =>
    db
      .prepare(`select outcome from exports where name = ? and state = 'read' order by id`)
      .all(name)
      .map((row) => (row as { outcome: string }).outcome),
  );
}

/** Whether the agent's first start has made its database. */
export function isMade(path: string): boolean {
  return existsSync(path) && count(path, `select count(*) n from sqlite_master where name = 'exports'`) === 1;
}

/** What the agency holds after replaying every file delivered, as comparable texts; each file must be whole. */
export function agencyHolds(folder: string, finess: string): string[] {
  const files = readdirSync(folder)
    .filter((name) => name.endsWith('.xml'))
    .sort()
    .map((name) => readRpuXml(readFileSync(join(folder, name), 'utf8')));
  return (replay(files).get(finess) ?? []).map(textOf).sort();
}

/** The same texts of visits as a hospital wrote them. */
export function wrote(finess: string, visits: readonly Visit[]): string[] {
  return readRpuXml(rpuXml({ finess, visits })).visits.map(textOf).sort();
}

function textOf(visit: Readonly<Record<string, string>>): string {
  return ['ENTREE', 'NAISSANCE', 'SEXE', 'CP', 'MOTIF', 'DP', 'SORTIE']
    .map((tag) => visit[tag] ?? '')
    .join('|');
}

/** Distinct visits of one day of January 2026. */
export function visitsOf(
  day: number,
  n: number,
  change: (index: number) => Partial<Visit> = () => ({}),
): Visit[] {
  const two = (number: number): string => String(number).padStart(2, '0');
  return Array.from({ length: n }, (_none, index) => ({
    entree: `${two(day)}/01/2026 ${two(Math.floor(index / 60) % 24)}:${two(index % 60)}`,
    naissance: `${two(1 + (index % 28))}/${two(1 + (index % 12))}/${1930 + (Math.floor(index / 1440) % 80)}`,
    ...change(index),
  }));
}

export function french(day: number): string {
  return `${String(day).padStart(2, '0')}/01/2026`;
}

/** Ports for the receiver's three listeners: it must come back where agents look for it. */
export async function freePorts(): Promise<number[]> {
  const servers = await Promise.all(
    [1, 2, 3].map(
      () =>
        new Promise<Server>((resolve) => {
          const server = createServer().listen(0, '127.0.0.1', () => resolve(server));
        }),
    ),
  );
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
