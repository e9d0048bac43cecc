import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readAdtText } from '../../agent/adt/read-adt.ts';
import type { Child } from '../../installers/sandbox/children.ts';
import { createRegion, type Agent, type Region } from '../../installers/sandbox/region.ts';
import { acknowledged, openMllp, type MllpClient } from '../support/mllp-client.ts';
import { generatePam, type PamMessage } from '../support/pam-generator.ts';
import { expectedVisits } from '../support/pam-agency.ts';
import { finess } from '../support/rpu-text.ts';
import { agencyHolds, count, eventually, freePorts, outcomes } from './live.ts';

/**
 * The agent killed at every place between a message and the dispatch that tells it. The sender does what senders do: it
 * keeps a message until it is acknowledged, and sends it again when the connection was lost.
 */
const [byWire, byFile] = [finess(861), finess(862)];
const points = [
  ...['before-adt-commit:7', 'after-adt-commit:5', 'before-adt-answer:9', 'after-seal', 'before-commit'],
  ...['after-commit', 'before-send', 'after-send', 'before-accept-commit', 'after-accept-commit'],
];
const filePoints = [
  'before-adt-commit',
  'after-adt-commit',
  'after-read',
  'before-commit',
  'after-commit',
  'before-archive',
];

let base: string;
let region: Region;
let receiver: Child;
let agent: Agent;
let running: Child;
let port: number;
const database = (): string => join(agent.stateFolder, 'agent.db');
const agency = (): string => join(region.outFolder, 'oscour');

beforeAll(async () => {
  base = mkdtempSync(join(tmpdir(), 'vaguemestre-adt-kills-'));
  for (const name of ['wire', 'file']) mkdirSync(join(base, name));
  region = await createRegion({ keep: false });
  await region.addFacilities([byWire, byFile].map((each) => ({ finess: each, name: each })));
  receiver = await region.serve();
  agent = await region.enroll({
    ...{ name: 'kills', facilities: [byWire, byFile], sourceFolder: join(base, 'wire') },
    ...{ ready: 'now', after: 'archive' },
  });
  [port = 0] = await freePorts();
  const config = JSON.parse(readFileSync(agent.configFile, 'utf8')) as { sources: object[] };
  const source = { ...config.sources[0], mappings: ['pam-fr'] };
  const sources = [
    { ...source, name: 'wire', facility: byWire, adt: { listen: { port } } },
    { ...source, name: 'file', facility: byFile, folder: join(base, 'file') },
  ];
  writeFileSync(agent.configFile, JSON.stringify({ ...config, sources }));
});

afterAll(async () => {
  await running.stop();
  await receiver.stop();
  await region.close();
  rmSync(base, { recursive: true, force: true });
});

/** Where the next start is to die; each is met once. */
function restarts(due: readonly string[]) {
  const left = [...due];
  const reached: string[] = [];
  return {
    reached,
    start: (): void => {
      running = agent.start(left.shift());
    },
    /** Starts it again when it has died. */
    watch: (): boolean => {
      if (!running.hasExited()) return false;
      reached.push(running.crashAt ?? 'none');
      running = agent.start(left.shift());
      return true;
    },
  };
}

it('no message acknowledged is lost, none is doubled, wherever the agent dies', async () => {
  const { messages, visits } = generatePam(23, { patients: 10, steps: 120 });
  const life = restarts(points);
  life.start();
  let client: MllpClient | undefined;
  const say = ({ parts, text }: PamMessage): Promise<true> =>
    eventually(`an acknowledgement of ${parts.controlId}`, async () => {
      life.watch();
      try {
        client ??= await openMllp(port);
        expect(acknowledged(await client.say(text))).toEqual(['AA', parts.controlId]);
        return true;
      } catch {
        client = undefined;
        return false;
      }
    });
  const perPoint = Math.ceil(messages.length / points.length);
  for (const [index, message] of messages.entries()) {
    await say(message);
    // What comes after the message's own commit is met while the sender is quiet.
    if (index % perPoint === perPoint - 1)
      await eventually('the point', () => life.watch() || life.reached.length > index / perPoint);
  }
  await eventually('every point', () => (life.watch(), life.reached.length >= points.length));
  await eventually(
    'the visits',
    () => agencyHolds(agency(), byWire).join() === expectedVisits(visits).join(),
  );
  expect(life.reached).toEqual(points);
  const moved = messages.filter(({ text }) => readAdtText(text).event.kind === 'movement');
  expect(count(database(), `select count(*) n from adt_events`)).toBe(moved.length);
  await client?.end();
}, 240_000);

it('a file of messages is taken once, wherever the agent dies over it', async () => {
  const { messages, visits } = generatePam(29, { patients: 10, steps: 120 });
  await running.stop();
  const life = restarts(filePoints);
  life.start();
  const size = Math.ceil(messages.length / filePoints.length);
  for (const [index] of filePoints.entries()) {
    const name = `part-${index}.hl7`;
    const texts = messages.slice(index * size, (index + 1) * size).map(({ text }) => text);
    writeFileSync(join(base, 'file', `${name}.tmp`), texts.join(''));
    renameSync(join(base, 'file', `${name}.tmp`), join(base, 'file', name));
    await eventually(`${name} taken`, () => {
      life.watch();
      return life.reached.length > index && outcomes(database(), name).length > 0;
    });
  }
  await eventually(
    'the visits',
    () => agencyHolds(agency(), byFile).join() === expectedVisits(visits).join(),
  );
  expect(life.reached).toEqual(filePoints);
  for (const [index] of filePoints.entries())
    expect(outcomes(database(), `part-${index}.hl7`)).toHaveLength(1);
  await running.stop();
  expect([(await agent.verify()).code, (await region.verify()).code]).toEqual([0, 0]);
}, 240_000);
