import { expect, it } from 'vitest';
import { awaitTrial } from '../../../agent/update/await-trial.ts';
import { mustHaveRoom } from '../../../agent/update/room.ts';
import { fakeClock, temporaryFolder } from '../agent/support.ts';
import { faultOf } from '../envelope/sealed.ts';
import { decide, makeHome, writeTrial } from '../release/homes.ts';

/** Waits for 0.2.0 while `meanwhile` happens at each look, half a second apart. */
async function wait(meanwhile: (look: number, home: ReturnType<typeof makeHome>) => void, runs = true) {
  const home = makeHome();
  const current = decide(home, '0.2.0');
  const clock = fakeClock();
  const starts: number[] = [];
  let look = 0;
  const end = await awaitTrial({
    ...{ install: home.install, current, clock },
    service: { runs: () => Promise.resolve(runs) },
    onStart: (count) => starts.push(count),
    pause: (ms) => {
      clock.pass(ms);
      look += 1;
      meanwhile(look, home);
      return Promise.resolve();
    },
  });
  return { end, starts, seconds: clock.monotonic() / 1000 };
}

it('each start is told, until one says that it is well', async () => {
  const ended = await wait((look, home) => {
    if (look <= 3) writeTrial(home, '0.2.0', { starts: look, healthy: look === 3 });
  });
  expect(ended).toEqual({ end: 'healthy', starts: [1, 2], seconds: 1.5 });
});

it('the version before says that it runs again', async () => {
  const ended = await wait((look, home) => {
    if (look === 5) writeTrial(home, '0.2.0', { starts: 3, rolledBackAt: 1 });
  });
  expect(ended).toMatchObject({ end: 'rolled-back' });
});

it('a service that does not run will say nothing', async () => {
  const { end, seconds } = await wait(() => undefined, false);
  expect(end).toBe('stopped');
  expect(seconds).toBeLessThan(30);
});

it('one that runs and says nothing is not waited for for ever', async () => {
  const { end, seconds } = await wait((_look, home) => writeTrial(home, '0.1.0', { healthy: true }));
  expect(end).toBe('undecided');
  expect(seconds).toBe(1200);
});

it('room is asked for before anything is written', async () => {
  const folder = temporaryFolder();
  expect(await faultOf(() => mustHaveRoom(folder, 1e18))).toBe('update-no-space');
  expect(await faultOf(() => mustHaveRoom(folder, 1))).toBe('none');
});
