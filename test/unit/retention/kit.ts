import { dayToFrench, dayToIso, parseFrenchDateTime, type Day } from '../../../shared/runtime/paris-time.ts';
import { parseConfig, type ReceiverConfig } from '../../../receiver/config.ts';
import type { PurgeDeps } from '../../../receiver/retention/purge.ts';
import { openSqlite } from '../../../shared/runtime/sqlite.ts';
import { systemRandom } from '../../../shared/runtime/random.ts';
import { migrations } from '../../../receiver/store/migrations.ts';
import { dayMs, hourMs, openRig, type Rig, type Sent } from '../apply/rig.ts';
import { createLab, facility, type Lab } from '../receiver/lab.ts';

export const day = (n: number): Day => (20_090 + n) as Day;
export const actor = { kind: 'command-line', id: 'camille', name: 'Camille Essai' } as const;

export function visit(n: number, on: number, change: Record<string, unknown> = {}): string {
  const text = `${dayToFrench(day(on))} 10:${String(n).padStart(2, '0')}`;
  return JSON.stringify({
    ...{ facility, ...change, sex: 'F', arrivedAt: { text, at: parseFrenchDateTime(text)?.at } },
  });
}

/** A trusted export of days `from` to `to`, extracted the morning after. */
export const whole = (from: number, to: number, bodies: readonly string[], extract = to + 1): Sent => ({
  bodies,
  manifest: {
    window: { from: dayToIso(day(from)), to: dayToIso(day(to)) },
    extract: { text: 'x', at: day(extract) * dayMs + 6 * hourMs },
  },
});

/** A region whose exports are applied as they would be, and whose keys are real. */
export interface Kept {
  readonly lab: Lab;
  readonly rig: Rig;
  readonly config: ReceiverConfig;
  deps(settings?: string): PurgeDeps;
  /** Reads the file beside the store. */
  ask(sql: string): readonly Record<string, unknown>[];
  close(): Promise<void>;
}

/** SPKI digest of its root key, as backups of it say. */
export const root = '0'.repeat(64);

export async function openKept(settings = 'retention: {}'): Promise<Kept> {
  const lab = await createLab(20_100 * dayMs);
  const rig = await openRig({ store: lab.store, facility });
  const configOf = (section: string): ReceiverConfig =>
    parseConfig(`state: ${lab.folder}\nregion: Test region\n${section}\n`, `${lab.folder}/receiver.yaml`);
  return {
    ...{ lab, rig, config: configOf(settings) },
    deps: (section = settings) => ({
      ...{ store: lab.store, clock: lab.clock, random: systemRandom, sign: lab.sign, root },
      settings: configOf(section).retention,
    }),
    ask: (sql) => {
      const db = openSqlite(`${lab.folder}/receiver.db`, { migrations, readonly: true });
      const rows = db.prepare<unknown[], Record<string, unknown>>(sql).all();
      db.close();
      return rows;
    },
    close: async () => {
      await rig.close();
      await lab.close();
    },
  };
}
