import { expect, it, onTestFinished, vi } from 'vitest';
import { beginTrialStart } from '../../../installers/launcher/trial.ts';
import { chooseVersion } from '../../../shared/release/choose-version.ts';
import { decide, layVersion, makeHome, writeTrial } from './homes.ts';

/** A start of 0.2.0, on trial; what the process ends with after `ms`. */
function endAfter(ms: number, meanwhile: (home: ReturnType<typeof makeHome>) => void) {
  const home = makeHome();
  layVersion(home.home, '0.1.0');
  layVersion(home.releases, '0.2.0');
  decide(home, '0.2.0');
  vi.useFakeTimers();
  const ends: unknown[] = [];
  const said: string[] = [];
  const exit = vi.spyOn(process, 'exit').mockImplementation((code) => {
    ends.push(code);
    return undefined as never;
  });
  onTestFinished(() => {
    exit.mockRestore();
    vi.useRealTimers();
  });
  const chosen = chooseVersion(home.home, home.install);
  if (chosen === undefined) throw new Error('nothing to run');
  const running = beginTrialStart(home.home, home.install, chosen, (key) => said.push(key));
  meanwhile(home);
  vi.advanceTimersByTime(ms);
  return { running: running.version, ends, said };
}

it('a version that gives no sign of health is ended, as a failure that the service manager starts again', () => {
  expect(endAfter(299_000, () => undefined)).toEqual({ running: '0.2.0', ends: [], said: [] });
});

it('after five minutes', () => {
  expect(endAfter(300_000, () => undefined)).toEqual({ running: '0.2.0', ends: [70], said: ['notWell'] });
});

it('one that has said that it is well runs on', () => {
  const well = endAfter(600_000, (home) => writeTrial(home, '0.2.0', { starts: 1, healthy: true }));
  expect(well).toEqual({ running: '0.2.0', ends: [], said: [] });
});
