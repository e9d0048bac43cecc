import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createAnswerLoop, type AnswerLoop } from '../../../receiver/forward/answers/answer-loop.ts';
import type {
  AgencyReply,
  AnswerSource,
  AwaitedDispatch,
} from '../../../receiver/forward/answers/answer-source.ts';
import { transient } from '../../../shared/runtime/errors.ts';
import type { Logger } from '../../../shared/runtime/logger.ts';
import { systemRandom } from '../../../shared/runtime/random.ts';
import { createLab, quiet, type Lab } from '../receiver/lab.ts';
import { acknowledged, createRig, refused, type Rig } from './rig.ts';

let lab: Lab;
let rig: Rig;
let agency: string;
let number = 0;
let lines: string[];
let announced: string[];
const running = new AbortController().signal;

beforeAll(async () => {
  lab = await createLab();
});
afterAll(() => lab.close());
beforeEach(async () => {
  rig = await createRig(lab);
  number += 1;
  agency = `loop-${number}`;
  lines = [];
  announced = [];
});

/** A source that answers what it is told to, and notes what it was asked and told to forget. */
function fakeSource(say: (awaited: readonly AwaitedDispatch[]) => readonly AgencyReply[]) {
  const asked: (readonly AwaitedDispatch[])[] = [];
  const forgotten: string[] = [];
  const source: AnswerSource = {
    everySeconds: 1,
    collect: async (awaited) => {
      asked.push(awaited);
      return say(awaited);
    },
    forget: async (replies) => void forgotten.push(...replies.map(({ name }) => name)),
  };
  return { source, asked, forgotten };
}

function loopOn(source: AnswerSource, sign = lab.sign): AnswerLoop {
  const note =
    (level: string) =>
    (_fields: object, event: string): void =>
      void lines.push(`${level} ${event}`);
  const logger = Object.assign(Object.create(quiet) as Logger, {
    ...{ info: note('info'), warn: note('warn'), error: note('error') },
  });
  return createAnswerLoop({
    ...{
      destination: agency,
      source,
      store: lab.store,
      clock: lab.clock,
      random: systemRandom,
      sign,
      logger,
    },
    onReceipts: (agents) => announced.push(...agents),
  });
}

describe('the answers of an agency', () => {
  it('are asked for the dispatches that await one, written down, told to the agent, then forgotten', async () => {
    const [one, two] = [await rig.put(agency, { state: 'sent' }), await rig.put(agency, { state: 'sent' })];
    await rig.put(agency);
    await lab.store.transaction((tx) =>
      tx.dispatches.putSealed(two.id, {
        ...{ name: `${two.name}.gpg`, protection: 'p', digest: 'abc', content: Buffer.from('sealed') },
      }),
    );
    const { source, asked, forgotten } = fakeSource(() => [
      acknowledged(one.name),
      refused(`${two.name}.gpg`, 'E1'),
    ]);
    const { step } = loopOn(source);
    expect(await step(running)).toBe(false);
    expect(asked).toEqual([
      [
        { name: one.name, sealedName: one.name, digest: one.digest, reference: null },
        { name: two.name, sealedName: `${two.name}.gpg`, digest: 'abc', reference: null },
      ],
    ]);
    expect((await rig.receipts()).map(({ kind, dispatch, code }) => [kind, dispatch, code])).toEqual([
      ['acknowledged', one.name, null],
      ['refused', two.name, 'E1'],
    ]);
    expect(announced).toEqual([rig.agent]);
    expect(forgotten).toEqual([one.name, `${two.name}.gpg`]);
    expect(lines).toEqual(['error dispatch-refused', 'info dispatches-acknowledged']);
  });

  it('are not asked of an agency that was never sent anything', async () => {
    await rig.put(agency);
    const { source, asked } = fakeSource(() => []);
    await loopOn(source).step(running);
    expect(asked).toEqual([]);
  });

  it('may still change once every dispatch has one', async () => {
    const row = await rig.put(agency, { state: 'refused', code: 'E1' });
    const { source } = fakeSource(() => [acknowledged(row.name)]);
    await loopOn(source).step(running);
    expect((await rig.row(row.id)).state).toBe('acknowledged');
  });

  it('that answer nothing of ours stay where they are, and are told of once', async () => {
    const row = await rig.put(agency, { state: 'sent' });
    const { source, forgotten } = fakeSource(() => [acknowledged('theirs.xml'), acknowledged(row.name)]);
    const { step } = loopOn(source);
    await step(running);
    await step(running);
    expect(forgotten).toEqual([row.name, row.name]);
    expect(lines.filter((line) => line === 'warn answers-unknown')).toHaveLength(1);
  });

  it('are written before they are forgotten: what could not be written is asked again', async () => {
    const row = await rig.put(agency, { state: 'sent' });
    const { source, forgotten } = fakeSource(() => [acknowledged(row.name)]);
    const sign = (): Promise<string> => Promise.reject(new Error('no key'));
    await expect(loopOn(source, sign).step(running)).rejects.toThrow('no key');
    expect(forgotten).toEqual([]);
    await loopOn(source).step(running);
    expect(forgotten).toEqual([row.name]);
    expect(await rig.receipts()).toHaveLength(1);
  });

  it('of a source that fails are told of once per change, and come when it is back', async () => {
    const row = await rig.put(agency, { state: 'sent' });
    let code: string | undefined = 'delivery-unavailable';
    const { source } = fakeSource(() => {
      if (code !== undefined) throw transient(code);
      return [acknowledged(row.name)];
    });
    const { step } = loopOn(source);
    for (let times = 0; times < 3; times += 1) expect(await step(running)).toBe(false);
    code = 'delivery-disk-full';
    await step(running);
    await step(running);
    code = undefined;
    await step(running);
    expect(lines).toEqual([
      ...['warn answers-failed', 'warn answers-failed', 'info answers-back', 'info dispatches-acknowledged'],
    ]);
    expect((await rig.row(row.id)).state).toBe('acknowledged');
  });

  it('cut short by our own stopping are nothing to tell of', async () => {
    await rig.put(agency, { state: 'sent' });
    const stopping = new AbortController();
    const { source } = fakeSource(() => {
      stopping.abort();
      throw transient('delivery-stopped');
    });
    expect(await loopOn(source).step(stopping.signal)).toBe(false);
    expect(lines).toEqual([]);
  });

  it('that may be read and not removed are told of once, and recorded once', async () => {
    const row = await rig.put(agency, { state: 'sent' });
    const { source } = fakeSource(() => [acknowledged(row.name)]);
    const { step } = loopOn({
      ...source,
      forget: () => Promise.reject(transient('peer-folder-refused')),
    });
    for (let times = 0; times < 3; times += 1) await step(running);
    expect(lines).toEqual(['info dispatches-acknowledged', 'warn answers-failed']);
    expect(await rig.receipts()).toHaveLength(1);
  });

  it('are asked for page by page when many are awaited', async () => {
    for (let index = 0; index < 501; index += 1) await rig.put(agency, { state: 'sent' });
    const { source, asked } = fakeSource(() => []);
    const { step } = loopOn(source);
    expect(await step(running)).toBe(true);
    expect(await step(running)).toBe(false);
    expect(asked.map((awaited) => awaited.length)).toEqual([500, 1]);
    expect(await step(running)).toBe(true);
  });
});
