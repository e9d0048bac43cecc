import type { Clock } from '../../shared/runtime/clock.ts';
import { permanent } from '../../shared/runtime/errors.ts';
import type { Random } from '../../shared/runtime/random.ts';
import type { ReceiverConfig } from '../config.ts';
import { appendAudit } from '../audit/audit-log.ts';
import { createWatchRules } from '../monitor/settings.ts';
import type { Actor } from '../accounts/actor.ts';
import type { AlertEventKind, AlertRow } from '../store/alert-tables.ts';
import type { Store, StoreTx } from '../store/store.ts';
import { tellRecovered } from './telling.ts';
import { placesOf } from './told-to.ts';
import { createMessageWriter, type MessageWriter } from './write-message.ts';

/** What people do about an alert; each in one transaction with its line in the audit log. */
export interface ActDeps {
  readonly config: Pick<ReceiverConfig, 'alerts' | 'watching' | 'region' | 'portal'>;
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  /** Something waits to be sent. */
  readonly onChange: () => void;
}

/** Whether the alert is this person's to act on. */
export type MayAct = (alert: AlertRow) => boolean;

export interface AlertActs {
  /** Nobody has it yet, or this person; throws `alert-taken` else. */
  take(id: number, actor: Actor, may: MayAct): Promise<void>;
  release(id: number, actor: Actor, may: MayAct): Promise<void>;
  /** A call is noted, and the alert taken unless somebody else has it. */
  call(id: number, actor: Actor, may: MayAct): Promise<void>;
  note(id: number, actor: Actor, may: MayAct, text: string): Promise<void>;
  close(id: number, actor: Actor, may: MayAct, reason: string): Promise<void>;
  /** One message to each of a recipient's addresses; answers their ids. Throws `alert-recipient-unknown`. */
  test(recipient: string, actor: Actor): Promise<readonly number[]>;
}

const longestText = 500;

export function createAlertActs(deps: ActDeps): AlertActs {
  const { store, clock } = deps;

  /** All throw `alert-gone` for one that is closed, or not this person's. */
  const on = async (
    id: number,
    may: MayAct,
    work: (tx: StoreTx, alert: AlertRow, now: number) => Promise<void>,
  ): Promise<void> => {
    const now = clock.now();
    await store.transaction(async (tx) => {
      const alert = await tx.alerts.get(id);
      if (alert === undefined || alert.closedAt !== null || !may(alert)) throw permanent('alert-gone');
      await work(tx, alert, now);
    });
  };

  const takeIn = async (tx: StoreTx, alert: AlertRow, actor: Actor, now: number): Promise<void> => {
    const taken = { ...alert, takenBy: actor.id, takenName: actor.name, takenAt: now, changedAt: now };
    await tx.alerts.save(taken);
    await write(tx, deps, alert, actor, { event: 'taken', action: 'alert.take' }, now);
  };

  return {
    take: (id, actor, may) =>
      on(id, may, async (tx, alert, now) => {
        if (alert.takenBy === actor.id) return;
        if (alert.takenBy !== null)
          throw permanent('alert-taken', { facts: { name: alert.takenName ?? '' } });
        await takeIn(tx, alert, actor, now);
      }),
    release: (id, actor, may) =>
      on(id, may, async (tx, alert, now) => {
        if (alert.takenBy !== actor.id) return;
        await tx.alerts.save({ ...alert, takenBy: null, takenName: null, takenAt: null, changedAt: now });
        await write(tx, deps, alert, actor, { event: 'released', action: 'alert.release' }, now);
      }),
    call: (id, actor, may) =>
      on(id, may, async (tx, alert, now) => {
        if (alert.takenBy === null) await takeIn(tx, alert, actor, now);
        await write(tx, deps, alert, actor, { event: 'called', action: 'alert.call' }, now);
      }),
    note: (id, actor, may, text) =>
      on(id, may, (tx, alert, now) =>
        write(tx, deps, alert, actor, { event: 'note', action: 'alert.note', text: said(text) }, now),
      ),
    close: async (id, actor, may, reason) => {
      const text = said(reason);
      await on(id, may, async (tx, alert, now) => {
        const closed: AlertRow = {
          ...alert,
          ...{ closedAt: now, ending: 'person', closedName: actor.name, reason: text, changedAt: now },
        };
        await tx.alerts.save(closed);
        await write(tx, deps, alert, actor, { event: 'closed', action: 'alert.close', text }, now);
        const { settings, random } = { settings: deps.config.alerts, random: deps.random };
        await tellRecovered(tx, { settings, random, writer: await writerFor(tx, deps) }, closed, now);
      });
      deps.onChange();
    },
    test: (recipient, actor) => testRecipient(deps, recipient, actor),
  };
}

/** Throws `alert-reason-missing`, `alert-reason-long`. */
function said(text: string): string {
  const trimmed = text.trim();
  if (trimmed === '') throw permanent('alert-reason-missing');
  if (trimmed.length > longestText) throw permanent('alert-reason-long', { facts: { most: longestText } });
  return trimmed;
}

async function write(
  tx: StoreTx,
  { clock }: ActDeps,
  alert: AlertRow,
  actor: Actor,
  what: { readonly event: AlertEventKind; readonly action: string; readonly text?: string },
  now: number,
): Promise<void> {
  const text = what.text ?? '';
  await tx.alerts.addEvent({ alert: alert.id, at: now, kind: what.event, name: actor.name, text });
  await appendAudit(tx, clock, actor, {
    ...{ action: what.action, subject: String(alert.id) },
    ...(alert.facility === null ? {} : { facility: alert.facility }),
    ...(alert.destination === null ? {} : { destination: alert.destination }),
    ...(text === '' ? {} : { reason: text }),
    facts: { cause: alert.cause },
  });
}

async function testRecipient(deps: ActDeps, name: string, actor: Actor): Promise<readonly number[]> {
  const { config, store, clock, random } = deps;
  const recipient = config.alerts.recipients.find((each) => each.name === name);
  if (recipient === undefined) throw permanent('alert-recipient-unknown', { facts: { name } });
  const now = clock.now();
  const ids = await store.transaction(async (tx) => {
    const writer = await writerFor(tx, deps);
    const put: number[] = [];
    for (const place of placesOf(recipient)) {
      const identity = random.uuid(now);
      const { language, role } = recipient;
      const written = writer.writeTest({ ...place, language, identity, now }, actor.name);
      const about = { alert: null, recipient: name, role, ...place, kind: 'test', identity } as const;
      put.push(await tx.alerts.addMessage({ ...about, ...written, createdAt: now, dueAt: now }));
    }
    await appendAudit(tx, clock, actor, {
      action: 'alert.test',
      subject: name,
      facts: { messages: put.length },
    });
    return put;
  });
  deps.onChange();
  return ids;
}

async function writerFor(tx: StoreTx, { config }: ActDeps): Promise<MessageWriter> {
  const names = new Map((await tx.facilities.list()).map(({ finess, name }) => [finess, name]));
  const { region, watching, portal } = config;
  return createMessageWriter({
    ...{ names, region, rules: createWatchRules(watching) },
    url: portal?.url?.replace(/\/+$/, ''),
  });
}
