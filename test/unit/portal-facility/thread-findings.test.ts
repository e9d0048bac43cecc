import { expect, it } from 'vitest';
import { instantOf, type Day } from '../../../shared/runtime/paris-time.ts';
import { viewerAs } from '../../support/portal/portal-lab.ts';
import { hourMs } from '../apply/rig.ts';
import { openFacilityLab, yesterday } from './kit.ts';

it('the region’s thread counts what the checks found, though nothing is sent to anybody', async () => {
  const lab = await openFacilityLab();
  const thread = async (): Promise<string> => {
    const { text } = await lab.get('/', viewerAs('regional-operator'));
    return /id="chaine".*?<\/section>/s.exec(text)?.[0] ?? '';
  };
  const find = (id: string, count: number): Promise<void> =>
    lab.store.transaction((tx) => tx.exports.putFindings(id, [], { 'dp-format': count }));
  await find(await lab.send((yesterday - 1) as Day, [60]), 9);
  const first = await lab.send((yesterday - 1) as Day, [60, 60]);
  await find(first, 5);
  await lab.heartbeat();
  expect(lab.config.destinations).toEqual([]);
  expect(await thread()).toContain('anomalies signalées\u00a0: 5');
  // The file that came last is the one that is held.
  await find(await lab.send((yesterday - 1) as Day, [60, 60], 3), 2);
  lab.clock.advance(instantOf(yesterday, hourMs).at - instantOf(yesterday, 0).at);
  expect(await thread()).toContain('anomalies signalées\u00a0: 2');
  await lab.close();
});
