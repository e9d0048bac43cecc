import { expect, it } from 'vitest';
import { agentPoints, receiverPoints, soak } from './soak.ts';

it('loses nothing, doubles nothing and half-writes nothing when either side is killed at every named point', async () => {
  const said: string[] = [];
  const result = await soak({ kills: 26, seed: 20_260_105, say: (line) => said.push(line) });
  expect(result.line, said.join('\n')).toMatch(
    /^kills \d+, lost 0, duplicated 0, half-written 0, records [1-9]\d*, /,
  );
  expect(result.ok, said.join('\n')).toBe(true);
  expect([...result.reached].sort()).toEqual([...agentPoints, ...receiverPoints].sort());
}, 240_000);
