import { afterEach, expect, it } from 'vitest';
import { viewerAs } from '../../support/portal/portal-lab.ts';
import { createMorningLab, type MorningLab } from './morning-lab.ts';
import { between, textOf } from './page-text.ts';

const operator = viewerAs('regional-operator');
let lab: MorningLab;
afterEach(() => lab.close());

async function pausedUntil(hours: number): Promise<string> {
  lab = await createMorningLab({
    names: ['Ancy'],
    settings: {
      destinations: [
        {
          ...{ name: 'spf', feed: 'ed-visits', format: 'oscour-xml' },
          transport: { kind: 'directory', folder: '/nowhere/spf' },
        },
      ],
    },
  });
  const at = lab.clock.now();
  await lab.store.transaction((tx) =>
    tx.destinations.put({
      ...{ name: 'spf', breaker: 'closed', failures: 0, nextAttemptAt: 0, code: null, since: 0 },
      ...{ pausedBy: 'Mme Roux', pausedAt: at - 7_200_000, pausedUntil: at + hours * 3_600_000 },
      pauseReason: 'travaux',
    }),
  );
  return textOf(between((await lab.get('/', operator)).text, 'id="destinations"', '</section>'));
}

it('a pause that goes on is told on the morning, one whose end has come is none', async () => {
  expect(await pausedUntil(1)).toContain('Suspendu');
  await lab.close();
  const over = await pausedUntil(-1);
  expect(over).not.toContain('Suspendu');
  expect(over).toContain('À jour');
});
