import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAdmission } from '../../../receiver/inbox/admission.ts';
import { createIntake } from '../../../receiver/inbox/intake.ts';
import { openEpoch } from '../../../receiver/inbox/epochs.ts';
import { verifyLedgers, type LedgerCheck } from '../../../receiver/inbox/verify-ledger.ts';
import { openSqlite } from '../../../shared/runtime/sqlite.ts';
import { systemRandom } from '../../../shared/runtime/random.ts';
import { migrations } from '../../../receiver/store/migrations.ts';
import { createLab, quiet, type Lab, type LabAgent, type LabEnvelope } from './lab.ts';

let lab: Lab;

beforeAll(async () => {
  lab = await createLab();
});
afterAll(() => lab.close());

async function receive(agent: LabAgent, envelopes: readonly LabEnvelope[]): Promise<void> {
  const admission = createAdmission({ store: lab.store });
  const intake = createIntake({
    ...{ store: lab.store, clock: lab.clock, random: systemRandom, logger: quiet, sign: lab.sign },
    onStored: () => undefined,
  });
  for (const { bytes } of envelopes) {
    const result = await intake.put(await admission.envelope(agent.id, bytes));
    if (result.kind !== 'receipt') throw new Error(result.code);
  }
}

/** An agent with four envelopes received. */
async function received(): Promise<{ agent: LabAgent; envelopes: LabEnvelope[] }> {
  const agent = await lab.addAgent();
  const chain = agent.chain();
  const envelopes = [await chain.next(), await chain.next(), await chain.next(), await chain.next()];
  await receive(agent, envelopes);
  return { agent, envelopes };
}

async function checkOf(agent: LabAgent): Promise<LedgerCheck | undefined> {
  const checks = await verifyLedgers(lab.store, lab.verifier);
  return checks.filter((check) => check.agent === agent.id).at(-1);
}

/** Somebody with access to the database changes it behind the receiver's back. */
function tamper(sql: string, ...values: unknown[]): void {
  const db = openSqlite(`${lab.folder}/receiver.db`, { migrations });
  db.pragma('foreign_keys = OFF');
  db.prepare(sql).run(...values);
  db.close();
}

/** Its number stays used: a later row does not take its place. */
const takenOut = 'update envelope set seq = seq + 1000000 where id = ?';

async function faultsAfter(sql: string, pick: (found: LabEnvelope[]) => unknown[]): Promise<string[]> {
  const { agent, envelopes } = await received();
  tamper(sql, ...pick(envelopes));
  return (await checkOf(agent))?.faults.map(({ seq, fault }) => `${seq} ${fault}`) ?? [];
}

describe('verifying the ledgers', () => {
  it('finds nothing wrong with what was received, over several epochs', async () => {
    const { agent } = await received();
    const { prev } = await lab.store.transaction((tx) =>
      openEpoch(tx, agent.id, { feed: 'ed-visits', epoch: 2 }),
    );
    await receive(agent, [await agent.chain('ed-visits', { epoch: 2, seq: 0, prev }).next()]);
    const checks = (await verifyLedgers(lab.store, lab.verifier)).filter((check) => check.agent === agent.id);
    expect(checks).toMatchObject([
      { epoch: 1, envelopes: 4, receipts: 4, contents: 4, faults: [] },
      { epoch: 2, envelopes: 1, receipts: 1, contents: 1, faults: [] },
    ]);
  });

  it('finds an envelope that was taken out', async () => {
    const faults = await faultsAfter(takenOut, (found) => [found[1]?.id]);
    expect(faults).toContain('2 missing');
  });

  it('finds the last one taken out', async () => {
    const faults = await faultsAfter(takenOut, (found) => [found[3]?.id]);
    expect(faults).toContain('4 missing');
  });

  it('finds a digest that was changed', async () => {
    const faults = await faultsAfter('update envelope set digest = ? where id = ?', (found) => [
      'f'.repeat(64),
      found[1]?.id,
    ]);
    expect(faults).toEqual(expect.arrayContaining(['2 content-altered', '3 chain', '2 receipt-invalid']));
  });

  it('finds a content that was changed', async () => {
    const faults = await faultsAfter(
      'update envelope_content set content = ? where envelope = (select arrival from envelope where id = ?)',
      (found) => [found[0]?.bytes, found[2]?.id],
    );
    expect(faults).toEqual(['3 content-altered']);
  });

  it('finds a receipt that was changed', async () => {
    const faults = await faultsAfter(
      `update receipt set text = replace(text, '"seq":2', '"seq":9') where envelope = ?`,
      (found) => [found[1]?.id],
    );
    expect(faults).toContain('2 receipt-invalid');
  });

  it('finds a head that was moved', async () => {
    const faults = await faultsAfter('update ledger_head set digest = ? where digest = ?', (found) => [
      'e'.repeat(64),
      found[3]?.digest,
    ]);
    expect(faults).toEqual(['4 head']);
  });

  it('does not call a gap that may still be filled a fault', async () => {
    const agent = await lab.addAgent();
    const chain = agent.chain();
    const [first, , third] = [await chain.next(), await chain.next(), await chain.next()];
    await receive(agent, [first, third]);
    expect(await checkOf(agent)).toMatchObject({ envelopes: 2, ahead: 1, faults: [] });
  });

  it('finds a head that is gone, and says so of receipts when nothing else is left', async () => {
    const byAgent = 'delete from ledger_head where agent = (select agent from envelope where id = ?)';
    expect(await faultsAfter(byAgent, (found) => [found[0]?.id])).toEqual(['0 head']);
    const { agent } = await received();
    tamper('delete from ledger_head where agent = ?', agent.id);
    tamper('delete from envelope where agent = ?', agent.id);
    expect((await checkOf(agent))?.faults.map(({ fault }) => fault)).toEqual(
      Array.from({ length: 4 }, () => 'receipt-unproven'),
    );
  });
});
