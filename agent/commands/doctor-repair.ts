import { readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { repairTexts as texts } from '../../shared/i18n/terminal-agent-doctor.ts';
import { fill, type Language } from '../../shared/i18n/texts.ts';
import { createReceiptVerifier } from '../../shared/protocol/receipt-proof.ts';
import { systemClock } from '../../shared/runtime/clock.ts';
import { asFault, permanent, systemCode } from '../../shared/runtime/errors.ts';
import { systemRandom } from '../../shared/runtime/random.ts';
import { databaseOf } from '../agent.ts';
import { loadConfig, type AgentConfig } from '../config.ts';
import { proxyFor } from '../push/proxy.ts';
import { loadIdentity, type Identity } from '../enrolment/identity.ts';
import { takeStateLock } from '../health/state-lock.ts';
import { repairDatabase, type RepairDeps, type RepairReport } from '../outbox/repair.ts';
import { createReceiverClient } from '../push/receiver-client.ts';
import type { Surroundings } from './command.ts';
import { tableLines } from './terminal.ts';

/** Exit 0: sound, or whole again. 1: something could not be brought back. Faults: `state-locked`, `database-newer`. */
export async function doctorRepairCommand(context: Surroundings, configPath: string): Promise<number> {
  const config = await loadConfig(configPath);
  const language = config.language ?? context.language;
  const { terminal } = context;
  const unlock = takeStateLock(config.state, systemClock);
  try {
    const identity = await loadIdentity(config.state).catch((error: unknown) => {
      terminal.note(fill(texts.noIdentity[language], { code: asFault(error).code }));
      return undefined;
    });
    const verifier = identity && createReceiptVerifier(identity.bundle().receiptKeys);
    const report = await repairDatabase({
      path: databaseOf(config.state),
      sources: config.sources,
      identity,
      verifyReceipt: verifier && ((text, jws) => verifier.verify(text, jws)),
      regionReceipts: (take) => receiptsOfRegion(config, identity, take),
      isVaultLost: await putLostKeyAside(config.state),
      clock: systemClock,
      random: systemRandom,
      onStep: (step) => terminal.progress(fill(texts.step[language], { step })),
    });
    terminal.progress('');
    if (context.json) context.print(JSON.stringify(report));
    else for (const line of lines(report, language, terminal.columns)) context.print(line);
    return report.missing === 0 ? 0 : 1;
  } finally {
    unlock();
  }
}

/** A local key that is gone, or is no key, opens nothing any more: the agent makes a new one. Faults: `vault-key-unreadable`. */
async function putLostKeyAside(state: string): Promise<boolean> {
  const path = join(state, 'identity', 'local.key');
  try {
    const text = await readFile(path, 'utf8');
    if (/^[0-9a-f]{64}\s*$/i.test(text)) return false;
    await rename(path, `${path}.damaged-${systemClock.now()}`);
    return true;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return true;
    throw permanent('vault-key-unreadable', { facts: { file: path }, cause: error });
  }
}

const askSeconds = 20;

/** All that the region ever said, when it can be reached. */
export async function receiptsOfRegion(
  config: AgentConfig,
  identity: Identity | undefined,
  take: Parameters<RepairDeps['regionReceipts']>[0],
): Promise<boolean> {
  if (identity === undefined) return false;
  const verifier = createReceiptVerifier(identity.bundle().receiptKeys);
  const client = createReceiverClient({
    url: identity.ingestUrl,
    tls: identity.tls,
    authorities: identity.bundle().authorities,
    connections: 1,
    proxy: await proxyFor(identity.ingestUrl, config.proxy),
  });
  try {
    for (let after = 0; ;) {
      const reply = await client.receipts(after, 0, AbortSignal.timeout(askSeconds * 1000));
      if (reply.kind === 'failed') return false;
      const proofs = new Map(reply.body.proofs.map(({ id, jws }) => [id, jws]));
      for (const { text, proof } of reply.body.receipts) {
        const jws = proofs.get(proof) ?? '';
        take({ receipt: await verifier.verify(text, jws), text, jws });
      }
      after = reply.body.cursor;
      if (!reply.body.more) return true;
    }
  } catch (error) {
    if (asFault(error).code === 'receipt-invalid') return false;
    throw error;
  } finally {
    await client.close();
  }
}

function lines(report: RepairReport, language: Language, columns: number): readonly string[] {
  const say = (key: keyof typeof texts, facts: Record<string, string | number> = {}): string =>
    fill(texts[key][language], facts);
  const { aside, rereads, missing, places, unsound } = report;
  const exports = [
    ...(rereads === 0 ? [] : [say('rereads', { n: rereads })]),
    ...(missing === 0 ? [] : [say('missing', { n: missing })]),
  ];
  if (report.sealedLost > 0) exports.push(say('sealedLost', { n: report.sealedLost }));
  if (report.state === 'sound') return [say('sound'), ...exports];
  const rows = report.tables
    .filter(({ saved, unfit, broken }) => saved > 0 || unfit > 0 || broken)
    .map(({ table, saved, unfit, broken }) => [
      table,
      String(saved),
      String(unfit),
      say(broken ? 'tableBroken' : 'tableWhole'),
    ]);
  const heads = [say('headTable'), say('headSaved'), say('headUnfit'), say('headState')];
  return [
    say('repaired'),
    ...tableLines(heads, rows, { columns }),
    ...(aside === null ? [] : [say('aside', { file: aside })]),
    say(report.region ? 'regionAsked' : 'regionSilent'),
    say('places', { unsound, proven: places.proven, lost: places.lost }),
    ...exports,
    say('next'),
  ];
}
