import type { EnrolmentGrant, EnrolmentRequest } from '../../shared/protocol/enrolment.ts';
import { grantMac, requestFingerprint, verifyRequestMac } from '../../shared/protocol/enrolment-mac.ts';
import { createEnrolmentCode, tokenBytes } from '../../shared/protocol/enrolment-code.ts';
import { deriveTokenKey } from '../../shared/protocol/enrolment-mac.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import { permanent } from '../../shared/runtime/errors.ts';
import type { Random } from '../../shared/runtime/random.ts';
import type { AgentRow, Store, StoreTx } from '../store/store.ts';
import { grantAgent, type GrantDeps } from './grants.ts';

/**
 * Enrolment: a person carries a code from the region to the hospital; the agent proves it holds the code's token by a MAC
 * over its certificate requests, five tries, once, within a day. Every refusal looks the same from outside.
 */
const invitation = { tries: 5, hours: 24 } as const;

export interface EnrolmentDeps extends GrantDeps {
  readonly store: Store;
  readonly clock: Clock;
}

/**
 * `awaiting`: the code is right, and a second person has not let this machine in yet; it asks again, with the same requests.
 * Throws `enrolment-refused`, whatever the reason, and the requests' own faults.
 */
export async function enrol(
  request: EnrolmentRequest,
  deps: EnrolmentDeps,
): Promise<EnrolmentGrant | 'awaiting'> {
  const { store, clock } = deps;
  // A value, not a throw: the spent try must be committed.
  const answer = await store.transaction(async (tx): Promise<EnrolmentGrant | 'awaiting' | undefined> => {
    const open = await tx.agents.invitation(request.agent);
    const agent = await tx.agents.get(request.agent);
    if (open === undefined || agent === undefined || open.triesLeft <= 0) return undefined;
    if (open.expiresAt <= clock.now()) {
      await tx.agents.deleteInvitation(request.agent);
      return undefined;
    }
    if (!verifyRequestMac(open.tokenKey, request)) {
      await tx.agents.spendTry(request.agent);
      return undefined;
    }
    const { second } = open;
    const fingerprint = requestFingerprint(request);
    if (second !== undefined && second.approved !== fingerprint) {
      if (second.asked !== fingerprint)
        await tx.agents.putInvitation({ ...open, second: { ...second, asked: fingerprint } });
      return 'awaiting';
    }
    await tx.agents.deleteInvitation(agent.id);
    // Enrolling again replaces a lost machine: what it held stops being good at once.
    await tx.agents.revokeCertificates(agent.id, clock.now());
    await openFreshEpochs(tx, agent.id);
    await tx.agents.setStatus(agent.id, 'active', clock.now());
    const grant = await grantAgent(tx, agent, request, deps);
    return { grant, mac: grantMac(open.tokenKey, grant) };
  });
  if (answer === undefined) throw permanent('enrolment-refused');
  return answer;
}

/**
 * A machine enrolled anew starts new epochs, chained to what the region holds: also where the open one is empty, for the
 * lost machine may have sealed something in it.
 */
async function openFreshEpochs(tx: StoreTx, agent: string): Promise<void> {
  for (const head of await tx.inbox.heads(agent))
    await tx.inbox.putHead({ ...head, epoch: head.epoch + 1, seq: 0 });
}

/**
 * A new agent, or one already known, whose machine is replaced: it keeps its name and its facilities. With all three, an agent
 * that a restored region no longer knows comes back under the id that its machine has.
 */
export type InvitationRequest =
  | { readonly name: string; readonly facilities: readonly string[]; readonly agent?: string | undefined }
  | { readonly agent: string; readonly name?: undefined };

/** Answers the agent and the code, which exists nowhere else: the store keeps a key derived from its token. */
export async function inviteAgent(
  request: InvitationRequest,
  deps: {
    readonly store: Store;
    readonly clock: Clock;
    readonly random: Random;
    readonly rootDigest: string;
    /** Id of who invites, where another person must let the machine in. */
    readonly approvedByOther?: string | undefined;
    /** In the same transaction. */
    readonly writeDown?: (tx: StoreTx, agent: AgentRow) => Promise<void>;
  },
): Promise<{
  readonly agent: string;
  readonly name: string;
  readonly code: string;
  readonly expiresAt: number;
}> {
  const { store, clock, random, rootDigest } = deps;
  const now = clock.now();
  const token = random.bytes(tokenBytes);
  const expiresAt = now + invitation.hours * 3_600_000;
  const { id: agent, name } = await store.transaction(async (tx) => {
    const invited =
      request.name === undefined || (await isKnown(tx, request.agent))
        ? await knownAgent(tx, request.agent ?? '')
        : await newAgent(tx, request.agent ?? random.uuid(now), request, now);
    await tx.agents.putInvitation({
      agent: invited.id,
      tokenKey: deriveTokenKey(token),
      expiresAt,
      triesLeft: invitation.tries,
      ...(deps.approvedByOther === undefined
        ? {}
        : { second: { invitedBy: deps.approvedByOther, asked: null, approved: null } }),
    });
    await deps.writeDown?.(tx, invited);
    return invited;
  });
  return { agent, name, code: createEnrolmentCode({ agent, token, rootDigest }), expiresAt };
}

/**
 * A second person lets in the machine whose fingerprint the hospital reads aloud; it has a day to come. Throws
 * `enrolment-not-asked`, `enrolment-approval-own`, `enrolment-fingerprint-other`.
 */
export async function approveAgent(
  { agent, fingerprint }: { readonly agent: string; readonly fingerprint: string },
  {
    store,
    clock,
    actor,
    writeDown,
  }: {
    readonly store: Store;
    readonly clock: Clock;
    /** Id of who approves. */
    readonly actor: string;
    readonly writeDown: (tx: StoreTx, agent: AgentRow) => Promise<void>;
  },
): Promise<AgentRow> {
  return store.transaction(async (tx) => {
    const row = await knownAgent(tx, agent);
    const open = await tx.agents.invitation(agent);
    const now = clock.now();
    if (open?.second?.asked == null || open.expiresAt <= now)
      throw permanent('enrolment-not-asked', { facts: { agent } });
    const { second } = open;
    if (second.invitedBy === actor) throw permanent('enrolment-approval-own');
    if (bare(fingerprint) !== bare(second.asked ?? ''))
      throw permanent('enrolment-fingerprint-other', { facts: { agent } });
    const expiresAt = Math.max(open.expiresAt, now + invitation.hours * 3_600_000);
    await tx.agents.putInvitation({ ...open, expiresAt, second: { ...second, approved: second.asked } });
    await writeDown(tx, row);
    return row;
  });
}

function bare(fingerprint: string): string {
  return fingerprint.replace(/[\s:-]/g, '').toLowerCase();
}

async function isKnown(tx: StoreTx, id: string | undefined): Promise<boolean> {
  return id !== undefined && (await tx.agents.get(id)) !== undefined;
}

async function knownAgent(tx: StoreTx, id: string): Promise<AgentRow> {
  const known = await tx.agents.get(id);
  if (known === undefined) throw permanent('agent-unknown', { facts: { agent: id } });
  return known;
}

async function newAgent(
  tx: StoreTx,
  id: string,
  { name, facilities }: Extract<InvitationRequest, { name: string }>,
  now: number,
): Promise<AgentRow> {
  for (const finess of facilities) {
    if ((await tx.facilities.get(finess)) === undefined)
      throw permanent('facility-not-registered', { facts: { facility: finess } });
  }
  const row: AgentRow = { id, name, facilities, status: 'invited', createdAt: now };
  await tx.agents.put(row);
  return row;
}

/** Effective on the very next request, on connections already open too. */
export async function revokeAgent(
  agent: string,
  {
    store,
    clock,
    writeDown,
  }: {
    readonly store: Store;
    readonly clock: Clock;
    /** In the same transaction. */
    readonly writeDown?: (tx: StoreTx, agent: AgentRow) => Promise<void>;
  },
): Promise<void> {
  await store.transaction(async (tx) => {
    const row = await tx.agents.get(agent);
    if (row === undefined) throw permanent('agent-unknown', { facts: { agent } });
    await tx.agents.setStatus(agent, 'revoked', clock.now());
    await tx.agents.revokeCertificates(agent, clock.now());
    await tx.agents.deleteInvitation(agent);
    await writeDown?.(tx, row);
  });
}
