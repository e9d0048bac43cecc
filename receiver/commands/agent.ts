import { rm, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { shownInstant } from '../../shared/i18n/shown.ts';
import { agentWords, wordFor } from '../../shared/i18n/terminal-receiver-words.ts';
import { terminalKeys } from '../../shared/i18n/terminal-keys.ts';
import { fill } from '../../shared/i18n/texts.ts';
import { heartbeatRequest } from '../../shared/protocol/push.ts';
import { permanent, systemCode } from '../../shared/runtime/errors.ts';
import type { ReceiverConfig } from '../config.ts';
import { approveAgent, inviteAgent, revokeAgent, type InvitationRequest } from '../auth/enrolment.ts';
import { approvalEntry, invitationEntry, revocationEntry } from '../auth/agent-entries.ts';
import { loadRegion } from '../pki/region-keys.ts';
import { stateFolder } from '../state-folder.ts';
import { say, withRestoredStore, withStore, type CommandAnswer, type CommandContext } from './command.ts';
import { commandActor, writeDown } from './command-actor.ts';
import { invitationSheet } from './invitation-sheet.ts';
import { tellWithdrawals } from './tell-withdrawals.ts';
import { checkedFiness } from '../apply/register-facility.ts';

export async function invite(
  { config, language, clock, random }: CommandContext,
  options: {
    readonly name?: string | undefined;
    readonly facilities: readonly string[];
    readonly agent?: string | undefined;
    /** A second person must let the machine in. */
    readonly approval?: boolean | undefined;
    /** Where a sheet to print is written; the code is then shown nowhere else. */
    readonly sheet?: string | undefined;
  },
): Promise<CommandAnswer> {
  const request = invitationOf(options);
  const { approval = false, sheet } = options;
  const region = await loadRegion(stateFolder(config.state).keys);
  const { rootDigest } = region;
  if (sheet !== undefined) await claimSheet(sheet);
  const invited = await withStore(config, (store) =>
    inviteAgent(request, {
      ...{ store, clock, random, rootDigest },
      approvedByOther: approval ? commandActor().id : undefined,
      writeDown: (tx, agent) => writeDown(tx, clock, invitationEntry(agent)),
    }),
  ).catch(async (error: unknown) => {
    if (sheet !== undefined) await rm(sheet, { force: true });
    throw error;
  });
  const { agent, name, code, expiresAt } = invited;
  const expires = shownInstant(expiresAt, language);
  const lines = [
    say(language, 'agentInvited', { agent, name }),
    ...(approval ? [fill(terminalKeys.approvalAsked[language], { agent })] : []),
  ];
  if (sheet === undefined)
    return { document: invited, lines: [...lines, say(language, 'codeOnce', { expires }), code] };
  const facilities = await withStore(config, (store) =>
    store.read(async (tx) => (await tx.agents.get(agent))?.facilities ?? []),
  );
  const about = {
    region: region.name,
    name,
    facilities,
    code,
    expiresAt,
    approval,
    url: enrolmentUrl(config),
  };
  await writeFile(sheet, invitationSheet(about, language), { mode: 0o600 });
  return {
    document: { agent, name, expiresAt, sheet },
    lines: [...lines, fill(terminalKeys.sheetWritten[language], { path: sheet, expires })],
  };
}

/** Before a code is made that could be written nowhere. Throws `invitation-sheet-unwritable`. */
async function claimSheet(path: string): Promise<void> {
  try {
    await writeFile(path, '', { mode: 0o600, flag: 'wx' });
  } catch (error) {
    const facts = { path, reason: systemCode(error) ?? '' };
    throw permanent('invitation-sheet-unwritable', { facts, cause: error });
  }
}

function enrolmentUrl({ hosts, listeners }: ReceiverConfig): string {
  return `https://${hosts[0] ?? 'localhost'}:${listeners.enrolment.port}`;
}

/** A second person lets in the machine that waits. */
export async function approve(
  { config, language, clock }: CommandContext,
  { agent, fingerprint }: { readonly agent: string; readonly fingerprint: string },
): Promise<CommandAnswer> {
  const { name } = await withStore(config, (store) =>
    approveAgent(
      { agent, fingerprint },
      {
        ...{ store, clock, actor: commandActor().id },
        writeDown: (tx, row) => writeDown(tx, clock, approvalEntry(row)),
      },
    ),
  );
  return { document: { agent, name }, lines: [fill(terminalKeys.approved[language], { name })] };
}

function invitationOf({ name, facilities, agent }: Parameters<typeof invite>[1]): InvitationRequest {
  if (agent !== undefined && name === undefined) return { agent };
  if (agent !== undefined && !z.uuid().safeParse(agent).success)
    throw permanent('agent-unknown', { facts: { agent } });
  if (name === undefined || facilities.length === 0) throw permanent('invitation-incomplete');
  return { agent, name, facilities: facilities.map(checkedFiness) };
}

export async function listAgents({ config, language }: CommandContext): Promise<CommandAnswer> {
  const agents = await withStore(config, (store) =>
    store.read(async (tx) => {
      const rows = await tx.agents.list();
      return Promise.all(
        rows.map(async (row) => {
          const second = (await tx.agents.invitation(row.id))?.second;
          const awaiting = second?.asked != null && second.approved === null;
          const beat = await tx.agents.heartbeat(row.id);
          return { ...row, awaiting, seenAt: beat?.at ?? null, rolledBack: rolledBackOf(beat?.body) };
        }),
      );
    }),
  );
  const lines = agents.map(({ id, status, name, facilities, seenAt, awaiting, rolledBack }) => {
    const line = say(language, 'agentLine', {
      ...{ id, name, facilities: facilities.join(' '), status: wordFor(agentWords, status, language) },
      seen: seenAt === null ? say(language, 'never') : shownInstant(seenAt, language),
    });
    const back =
      rolledBack === null
        ? ''
        : fill(terminalKeys.rolledBack[language], {
            ...{ version: rolledBack.version, at: shownInstant(rolledBack.at, language) },
          });
    return `${line}${awaiting ? terminalKeys.awaiting[language] : ''}${back}`;
  });
  return { document: { agents }, lines: lines.length === 0 ? [say(language, 'nothing')] : lines };
}

const spoken = heartbeatRequest.pick({ rolledBack: true });

/** An update that the agent gave up, as it said at its last heartbeat. */
function rolledBackOf(body: string | undefined): { readonly version: string; readonly at: number } | null {
  return spoken.safeParse(body === undefined ? undefined : JSON.parse(body)).data?.rolledBack ?? null;
}

export async function revoke(
  context: CommandContext,
  { agent, reason }: { readonly agent: string; readonly reason?: string },
): Promise<CommandAnswer> {
  const { config, language, clock } = context;
  await withRestoredStore(config, (store) =>
    revokeAgent(agent, {
      ...{ store, clock },
      writeDown: (tx, row) => writeDown(tx, clock, revocationEntry(row, reason)),
    }),
  );
  return {
    document: { agent, status: 'revoked' },
    lines: [say(language, 'agentRevoked', { agent }), ...(await tellWithdrawals(context))],
  };
}
