import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../../receiver/config.ts';
import { createWatchRules } from '../../../receiver/monitor/settings.ts';
import { Fault } from '../../../shared/runtime/errors.ts';
import { dayAt } from '../calendar/kit.ts';

const file = '/etc/vaguemestre/receiver.yaml';
const base = 'state: s\nregion: r\n';

describe('the settings of the watching', () => {
  it('may all be left out', () => {
    expect(parseConfig(base, file).watching).toMatchObject({ graceMinutes: 60, alsaceMoselle: false });
  });

  it('are those of the README, its file found beside them', () => {
    const readme = readFileSync(join(resolve(import.meta.dirname, '../../..'), 'receiver/README.md'), 'utf8');
    const [, example = ''] = /## Watching[\s\S]*?```yaml\n([\s\S]*?)```/.exec(readme) ?? [];
    const { watching } = parseConfig(base + example, file);
    expect(watching.beat?.headersFile).toBe('/etc/vaguemestre/watcher.headers');
    const rules = createWatchRules(watching);
    expect([rules.of('990000010').before, rules.of('990000028').graceMs]).toEqual(['10:00', 3_600_000]);
    expect(rules.of('990000028').kinds.of(dayAt('2027-03-01')).schoolHoliday).toBe(true);
  });

  it('have their faults told all at once', () => {
    const wrong =
      'watching: { schoolHolidays: [{ from: 2027-03-01, to: 2027-02-01 }, { from: tomorrow, to: 2027-02-30 }], ' +
      'facilities: { "123": {}, "990000010": { before: "25:00" } }, beat: { url: "ftp://x", everySeconds: 1 }, graceMinutes: -1 }';
    const faults = (() => {
      try {
        parseConfig(`${base}${wrong}`, file);
        return '';
      } catch (error) {
        return error instanceof Fault ? String(error.facts['faultsEn']) : '';
      }
    })();
    for (const key of [
      ...['graceMinutes', 'schoolHolidays[0].to', 'schoolHolidays[1].from', 'schoolHolidays[1].to'],
      ...['facilities.123', 'facilities.990000010.before', 'beat.url', 'beat.everySeconds'],
    ])
      expect(faults).toContain(`watching.${key}: `);
    expect(faults).not.toContain('something else');
  });
});
