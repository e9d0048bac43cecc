import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Child } from '../../installers/sandbox/children.ts';
import { createRegion, type Region } from '../../installers/sandbox/region.ts';
import { loadRegion } from '../../receiver/pki/region-keys.ts';
import { stateFolder } from '../../receiver/state-folder.ts';
import { finess, rpuXml } from '../support/rpu-text.ts';
import { agencyCertificate, agencyClient, type AgencyClient } from '../unit/agency/client.ts';
import { eventually, french, peek, visitsOf } from './live.ts';

/** A receiver killed around every commit that an agency causes: by fetching, by answering, by a file in its folder. */
const hospital = finess(872);
let base: string;
let region: Region;
let receiver: Child;
let agency: AgencyClient;
const folder = (name: string): string => join(base, name);
const fetching = '/v1/destinations/pulled/dispatches';

beforeAll(async () => {
  base = mkdtempSync(join(tmpdir(), 'vaguemestre-agency-kills-'));
  for (const name of ['in', 'agency', 'returns']) mkdirSync(folder(name));
  region = await createRegion({ keep: false, outFolder: folder('out') });
  const certificate = await agencyCertificate(Date.now());
  const config = JSON.parse(readFileSync(region.receiverConfig, 'utf8')) as {
    listeners: object;
    destinations: object[];
  };
  const common = { feed: 'ed-visits', format: 'oscour-xml' };
  config.listeners = { ...config.listeners, agencies: { host: '127.0.0.1', port: 0 } };
  config.destinations = [
    {
      ...{ ...common, name: 'pulled', acknowledgement: { kind: 'answer' } },
      transport: { kind: 'pull', certificates: [certificate.fingerprint] },
    },
    {
      ...{ ...common, name: 'folder', transport: { kind: 'directory', folder: folder('agency') } },
      acknowledgement: { kind: 'folder', folder: folder('returns'), everySeconds: 1 },
    },
  ];
  writeFileSync(region.receiverConfig, JSON.stringify(config));
  await region.addFacilities([{ finess: hospital, name: 'Hospital' }]);
  receiver = await region.serve('before-fetched-commit');
  const { authorities } = await loadRegion(stateFolder(region.receiverState).keys);
  agency = agencyClient({ port: agenciesPort, authorities, certificate });
  const agent = await region.enroll({
    ...{ name: 'hospital', facilities: [hospital], sourceFolder: folder('in') },
    ...{ ready: 'now', after: 'keep' },
  });
  agent.start();
  const text = rpuXml({
    ...{ finess: hospital, extract: `${french(6)} 02:00:00`, from: french(5), to: french(5) },
    visits: visitsOf(5, 3),
  });
  writeFileSync(folder('export.xml'), text);
  renameSync(folder('export.xml'), join(folder('in'), 'export.xml'));
}, 90_000);

afterAll(async () => {
  agency.close();
  await region.close();
  rmSync(base, { recursive: true, force: true });
});

function agenciesPort(): number {
  const { agencies } = JSON.parse(readFileSync(join(region.receiverState, 'listeners.json'), 'utf8')) as {
    agencies: { port: number };
  };
  return agencies.port;
}

/** It has killed itself where it was told to, and left this behind; the next one is to die elsewhere, or nowhere. */
async function diesLeaving(destination: string, left: Told, next?: string, answer = ''): Promise<void> {
  expect((await receiver.ended).code).toBeNull();
  expect(told(destination)).toEqual(left);
  // What the dead one wrote would be taken for the next one's word that it listens.
  rmSync(join(region.receiverState, 'listeners.json'));
  // An answer that lay there from the start would kill the next one before it listens.
  const aside = `${answer}.aside`;
  const lies = answer !== '' && existsSync(answer);
  if (lies) renameSync(answer, aside);
  receiver = await region.serve(next);
  if (lies) renameSync(aside, answer);
}

interface Told {
  readonly state: string;
  readonly receipts: readonly string[];
}

function told(destination: string): Told {
  return peek(join(region.receiverState, 'receiver.db'), (db) => ({
    state: (
      db.prepare('select state from dispatch where destination = ?').get(destination) as { state: string }
    ).state,
    receipts: (
      db
        .prepare(
          `select kind from receipt where json_extract(text, '$.destination') = ? and kind <> 'processed'
            order by cursor`,
        )
        .all(destination) as { kind: string }[]
    ).map(({ kind }) => kind),
  }));
}

it('loses and doubles no word of an agency that fetches, whenever the receiver dies', async () => {
  const name = await eventually('a dispatch offered', async () => {
    const { json } = await agency.get(fetching);
    return (json['dispatches'] as { name: string }[])[0]?.name;
  });
  const content = `${fetching}/${name}/content`;
  const say = (): Promise<number> =>
    agency.post(`${fetching}/${name}/acknowledgement`, { verdict: 'acknowledged' }).then(
      ({ status }) => status,
      () => 0,
    );
  // Asking for more is what says that the file arrived: the receiver may die of it.
  const more = (): Promise<unknown> => agency.get(fetching).catch(() => undefined);
  const before = await agency.get(content);
  await more();
  await diesLeaving('pulled', { state: 'waiting', receipts: [] }, 'after-fetched-commit');
  expect((await agency.get(content)).body).toEqual(before.body);
  await more();
  await diesLeaving('pulled', { state: 'sent', receipts: ['forwarded'] }, 'before-answers-commit');
  expect((await agency.get(content)).body).toEqual(before.body);
  expect(await say()).toBe(0);
  await diesLeaving('pulled', { state: 'sent', receipts: ['forwarded'] }, 'after-answers-commit');
  expect(await say()).toBe(0);
  const answered = { state: 'acknowledged', receipts: ['forwarded', 'acknowledged'] };
  await diesLeaving('pulled', answered);
  expect(await say()).toBe(200);
  expect(told('pulled')).toEqual(answered);
}, 120_000);

it('loses and doubles no answer in a folder, whenever the receiver dies', async () => {
  const { name, state } = await eventually('the file in the folder', () =>
    peek(join(region.receiverState, 'receiver.db'), (db) => {
      const row = db.prepare(`select name, state from dispatch where destination = 'folder'`).get() as
        { name: string; state: string } | undefined;
      return row?.state === 'sent' ? row : undefined;
    }),
  );
  expect(state).toBe('sent');
  const sent = { state: 'sent', receipts: ['forwarded'] };
  receiver.kill();
  await diesLeaving('folder', sent, 'before-answers-commit');
  const answer = join(folder('returns'), `${name}.nack`);
  writeFileSync(answer, 'E-7\n');
  await diesLeaving('folder', sent, 'after-answers-commit', answer);
  const refused = { state: 'refused', receipts: ['forwarded', 'refused'] };
  await diesLeaving('folder', refused, undefined, answer);
  await eventually('the answer taken away', () => !existsSync(answer));
  expect(told('folder')).toEqual(refused);
}, 120_000);
