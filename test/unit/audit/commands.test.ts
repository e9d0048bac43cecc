import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { invite, revoke } from '../../../receiver/commands/agent.ts';
import { listAudit, verifyAuditLog } from '../../../receiver/commands/audit.ts';
import type { CommandContext } from '../../../receiver/commands/command.ts';
import { commandActor } from '../../../receiver/commands/command-actor.ts';
import { decide } from '../../../receiver/commands/decide.ts';
import { addFacility } from '../../../receiver/commands/facility.ts';
import { init } from '../../../receiver/commands/init.ts';
import { confirmProposal, listProposals, takeProposalBack } from '../../../receiver/commands/proposal.ts';
import { trace } from '../../../receiver/commands/trace.ts';
import { verify } from '../../../receiver/commands/verify.ts';
import { parseConfig } from '../../../receiver/config.ts';
import type { ProposalRow } from '../../../receiver/store/proposal-tables.ts';
import { openSqliteStore } from '../../../receiver/store/sqlite-store.ts';
import { edVisits } from '../../../shared/feeds/ed-visits.ts';
import { createLogger } from '../../../shared/runtime/logger.ts';
import { systemRandom } from '../../../shared/runtime/random.ts';
import { openRig } from '../apply/rig.ts';
import { visitsOf, windowOf } from '../portal-decisions/visits.ts';

let folder: string;
let context: CommandContext;
const before = process.env['SUDO_USER'];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vgm-audit-'));
  let now = Date.UTC(2026, 10, 20, 6);
  context = {
    config: parseConfig(JSON.stringify({ state: folder, region: 'Essai' }), join(folder, 'receiver.yaml')),
    clock: { now: () => (now += 1000), monotonic: () => now },
    ...{ language: 'fr', random: systemRandom, logger: createLogger({ name: 'test', level: 'silent' }) },
  };
  await init(context);
});
afterEach(async () => {
  if (before === undefined) delete process.env['SUDO_USER'];
  else process.env['SUDO_USER'] = before;
  await rm(folder, { recursive: true, force: true });
});

const as = (person: string): void => {
  process.env['SUDO_USER'] = person;
};
const stored = () => openSqliteStore(join(folder, 'receiver.db'));
async function actions(): Promise<readonly string[]> {
  const { document } = await listAudit(context, {});
  return (document as { lines: readonly { action: string }[] }).lines.map(({ action }) => action);
}

/** Two days of 40 visits, of which an export loses all; answers its id and the start of a record's key. */
async function held(): Promise<{ readonly id: string; readonly key: string }> {
  const store = stored();
  const rig = await openRig({ store, facility: '990000010', feed: edVisits });
  await rig.send(windowOf(0, 1, [...visitsOf(40, 0), ...visitsOf(40, 1)], 0));
  const { id } = await rig.send(windowOf(0, 1, [], 2));
  const key = (await rig.held())[0]?.key.toString('hex') ?? '';
  await store.close();
  return { id, key };
}

describe('commands and the audit log', () => {
  it('writes down what they change, under the account of the system', async () => {
    as('camille');
    await addFacility(context, { finess: '990000010', name: 'Hôpital A' });
    const { document } = await invite(context, { name: 'Agent A', facilities: ['990000010'] });
    const { agent } = document as { agent: string };
    await revoke(context, { agent, reason: 'machine volée' });
    const { document: told, lines } = await listAudit(context, { facility: '990000010' });
    expect((told as { lines: object[] }).lines).toMatchObject([
      { action: 'agent.revoke', subject: agent, reason: 'machine volée', actorKind: 'command-line' },
      { action: 'agent.invite', subject: agent },
      { action: 'facility.add', actorId: 'camille', facts: { name: 'Hôpital A' } },
    ]);
    expect(lines[0]).toContain('« machine volée »');
    expect(await actions()).toContain('region.create');
  });

  it('tells who took another account’s rights', () => {
    expect(commandActor({ SUDO_USER: 'camille' })).toMatchObject({ kind: 'command-line', id: 'camille' });
    expect(commandActor({ SUDO_USER: 'camille' }).name).toMatch(/^camille \(.+\)$/);
    expect(commandActor({}).id).toBe(commandActor({}).name);
  });

  it('makes many removals a proposal, which another account of the system confirms', async () => {
    const { id } = await held();
    as('camille');
    await expect(decide(context, { target: id, decision: 'confirm' })).rejects.toMatchObject({
      code: 'decision-second-person',
    });
    const proposed = await decide(context, { target: id, decision: 'confirm', reason: 'service fermé' });
    expect(proposed.exitCode).toBe(1);
    expect(proposed.lines.join('\n')).toContain('proposal confirm');
    const { proposals } = (await listProposals(context)).document as { proposals: readonly ProposalRow[] };
    expect(proposals).toMatchObject([{ count: 80, proposerId: 'camille', reason: 'service fermé' }]);
    const proposal = proposals[0]?.id ?? '';
    await expect(confirmProposal(context, { id: proposal })).rejects.toMatchObject({
      code: 'proposal-same-person',
    });
    as('dominique');
    expect((await confirmProposal(context, { id: proposal })).document).toMatchObject({ removed: 80 });
    expect((await actions()).slice(0, 2)).toEqual(['removals.confirm', 'removals.propose-confirm']);
  });

  it('does not let a day after the other go past the limit', async () => {
    await held();
    const [one, other] = ['990000010:0:2025-01-02', '990000010:0:2025-01-03'];
    expect((await decide(context, { target: one, decision: 'confirm' })).exitCode).toBe(0);
    await expect(decide(context, { target: other, decision: 'confirm' })).rejects.toMatchObject({
      code: 'decision-second-person',
    });
    const { document } = await decide(context, { target: other, decision: 'confirm', reason: 'x' });
    const [row] = (document as { proposals: readonly ProposalRow[] }).proposals;
    await takeProposalBack(context, { id: row?.id ?? '', reason: 'erreur' });
    expect((await listProposals(context)).lines).toEqual(['Aucune proposition n’attend']);
  });

  it('writes down that somebody looked for one visit', async () => {
    const { key } = await held();
    await trace(context, { id: key.slice(0, 12) });
    expect((await actions())[0]).toBe('record.read');
  });

  it('verifies the log alone and with everything else', async () => {
    await addFacility(context, { finess: '990000010', name: 'Hôpital A' });
    const good = await verifyAuditLog(context, {});
    expect(good).toMatchObject({ exitCode: 0, document: { good: true, lines: 2 } });
    const { head } = good.document as { head: string };
    expect(await verifyAuditLog(context, { head })).toMatchObject({ exitCode: 0 });
    const later = `9:${'0'.repeat(64)}`;
    expect(await verifyAuditLog(context, { head: later })).toMatchObject({ exitCode: 1 });
    expect(await verify(context)).toMatchObject({ exitCode: 0, document: { audit: { lines: 2 } } });
    await expect(verifyAuditLog(context, { head: 'x' })).rejects.toMatchObject({ code: 'command-invalid' });
  });
});
