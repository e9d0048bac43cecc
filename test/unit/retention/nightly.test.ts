import { afterEach, beforeEach, expect, it } from 'vitest';
import { createNightlyPurge } from '../../../receiver/retention/nightly.ts';
import { parseConfig } from '../../../receiver/config.ts';
import { Fault } from '../../../shared/runtime/errors.ts';
import { instantOf } from '../../../shared/runtime/paris-time.ts';
import { createLogger } from '../../../shared/runtime/logger.ts';
import { eventually } from '../../fault/live.ts';
import { day, openKept, visit, whole, type Kept } from './kit.ts';

let kept: Kept;
beforeEach(async () => {
  kept = await openKept();
});
afterEach(() => kept.close());
const quiet = createLogger({ name: 'test', level: 'silent' });
const left = () => kept.ask('select count(*) n from record')[0]?.['n'];

it('purges once a day, from its hour on, and makes up for a night that was missed', async () => {
  await kept.rig.send(whole(0, 0, [visit(1, 0)]));
  const late = day(900);
  const at = (hour: number): number => instantOf(late, hour * 3_600_000).at;
  const { clock } = kept.lab;
  clock.advance(at(2) - clock.now());
  const loop = createNightlyPurge({ ...kept.deps(), logger: quiet });
  await loop.start();
  loop.nudge();
  expect(left()).toBe(1);
  clock.advance(at(11) - clock.now());
  loop.nudge();
  await eventually('purged', () => left() === 0);
  await eventually('noted', () => kept.ask('select nightly_day d from retention_state')[0]?.['d'] === late);
  // The same day again: not before tomorrow.
  await kept.rig.send(whole(5, 5, [visit(1, 5)]));
  loop.nudge();
  await loop.stop();
  expect(left()).toBe(1);
});

it('settings are checked against their bounds, in both languages, and the hour is an hour', () => {
  const faults = (section: string): string => {
    try {
      parseConfig(`state: s\nregion: r\nretention: ${section}`, 'receiver.yaml');
    } catch (error) {
      if (error instanceof Fault)
        return `${String(error.facts['faultsFr'])}\n${String(error.facts['faultsEn'])}`;
      throw error;
    }
    return 'none';
  };
  const wrong = faults('{ recordMonths: 3, auditMonths: 99, historyDays: x, at: "25:00", forever: true }');
  for (const key of ['recordMonths', 'auditMonths', 'historyDays', 'at', 'forever'])
    expect(wrong).toContain(`retention.${key}`);
  expect(wrong).toContain('une heure HH:MM');
  expect(faults('{ recordMonths: 13, at: "23:59" }')).toBe('none');
  expect(faults('{}')).toBe('none');
});
