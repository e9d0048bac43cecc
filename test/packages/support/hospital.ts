import { mkdirSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect } from 'vitest';
import { planExport } from '../../fault/feed-plan.ts';
import { inFlight, judge, settled } from '../../fault/invariant.ts';
import { count, eventually } from '../../fault/live.ts';
import type { Machine } from './machine.ts';
import type { InstalledRegion } from './region.ts';

/** A hospital's bare machine: a folder of exports, a code of the region, and nothing installed yet. */
export interface Hospital {
  readonly machine: Machine;
  /** The folder that its software writes to. */
  readonly exports: string;
  /** The enrolment code's secret part. */
  readonly token: string;
  readonly state: string;
  /** The next `n` exports of the plan, each appearing whole. */
  drop(n: number): void;
  /** Content of the next export, for whoever drops it otherwise. */
  next(): { readonly name: string; readonly content: string };
  /** Everything dropped has been read. */
  read(): Promise<void>;
  unsent(): number;
  /** Exports that are not in the hospital's folder, or under it, exactly once. */
  astray(): readonly string[];
  /** Everything dropped is at the agency, once; ledgers hold at both ends. */
  arrives(): Promise<void>;
  active(): Promise<boolean>;
  version(): Promise<string>;
}

export const answersFile = '/opt/answers.yaml';
export const codeFile = '/opt/code.txt';
export const agentConfig = '/etc/vaguemestre/agent.yaml';
export const sourceFolder = '/srv/exports/urgences';

export async function makeHospital(machine: Machine, region: InstalledRegion): Promise<Hospital> {
  const code = await region.invite(machine.name);
  await machine.write(codeFile, `${code}\n`, 0o600);
  await machine.write(answersFile, `${JSON.stringify(answers(region), null, 2)}\n`, 0o600);
  const exports = machine.at(sourceFolder);
  const aside = machine.at('/srv/exports/.aside');
  for (const folder of [exports, aside]) mkdirSync(folder, { recursive: true });
  // Written by the hospital's software, archived by the agent: neither is the other.
  await machine.run(`chmod 0777 ${sourceFolder}`);
  const state = machine.at('/var/lib/vaguemestre/agent');
  let dropped = 0;
  const next = (): { name: string; content: string } => {
    const { name, content } = planExport(0, dropped);
    dropped += 1;
    return { name, content };
  };
  const drop = (n: number): void => {
    for (let index = 0; index < n; index += 1) {
      const { name, content } = next();
      writeFileSync(join(aside, name), content);
      renameSync(join(aside, name), join(exports, name));
    }
  };
  const database = join(state, 'agent.db');
  const where = { agentState: state, drop: exports, receiverState: region.state };
  return {
    machine,
    exports,
    token: code.trim().split('.')[2] ?? '',
    state,
    drop,
    next,
    read: async () => {
      const sql = `select count(*) n from exports where state = 'read'`;
      await eventually('every export is read', () => count(database, sql) >= dropped || undefined, 180);
    },
    unsent: () =>
      count(
        database,
        `select coalesce(sum(n), 0) n from backlog where state in ('staged', 'pending', 'sending')`,
      ),
    astray: () => {
      const files = readdirSync(exports, { recursive: true, encoding: 'utf8' });
      return Array.from({ length: dropped }, (_none, n) => planExport(0, n).name).filter(
        (name) => files.filter((file) => basename(file) === name).length !== 1,
      );
    },
    arrives: async () => {
      await eventually(`${dropped} exports are through`, () => settled(where), 600).catch(
        (error: unknown) => {
          throw new Error(
            inFlight(where) ? 'something is still at the hospital' : 'something is still at the region',
            {
              cause: error,
            },
          );
        },
      );
      const found = judge({
        ...{ facilities: 1, counts: [dropped], out: region.out },
        ...{ agentState: state, receiverState: region.state },
      });
      expect(found).toEqual({ lost: 0, duplicated: 0, halfWritten: 0, records: found.records, faults: [] });
      expect(found.records).toBeGreaterThan(0);
      await region.verify();
      await machine.run('vaguemestre-agent verify');
    },
    active: async () => (await machine.try('systemctl is-active vaguemestre-agent')).out.trim() === 'active',
    version: async () => (await machine.run('vaguemestre-agent --version')).trim(),
  };
}

function answers({ enrolmentUrl }: InstalledRegion): object {
  return {
    state: '/var/lib/vaguemestre/agent',
    language: 'fr',
    sources: [
      {
        ...{ name: 'urgences', folder: sourceFolder, mappings: ['rpu-2006'] },
        ...{ ready: { mode: 'now' }, after: 'archive', scanSeconds: 1 },
      },
    ],
    enroll: { url: enrolmentUrl, codeFile: 'code.txt', deleteCodeFile: true },
    check: true,
    service: { install: true, start: true },
  };
}
