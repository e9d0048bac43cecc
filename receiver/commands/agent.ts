import { shownInstant } from '../../shared/i18n/shown.ts';
import { agentWords, wordFor } from '../../shared/i18n/terminal-receiver-words.ts';
import { permanent } from '../../shared/runtime/errors.ts';
import { inviteAgent, revokeAgent, type InvitationRequest } from '../auth/enrolment.ts';
import { invitationEntry, revocationEntry } from '../auth/agent-entries.ts';
import { loadRegion } from '../pki/region-keys.ts';
import { stateFolder } from '../state-folder.ts';
import { say, withStore, type CommandAnswer, type CommandContext } from './command.ts';
import { writeDown } from './command-actor.ts';
import { checkedFiness } from '../apply/register-facility.ts';

export async function invite(
  { config, language, clock, random }: CommandContext,
  options: {
    readonly name?: string | undefined;
    readonly facilities: readonly string[];
    readonly agent?: string | undefined;
  },
): Promise<CommandAnswer> {
  const request = invitationOf(options);
  const { rootDigest } = await loadRegion(stateFolder(config.state).keys);
  const invited = await withStore(config, (store) =>
    inviteAgent(request, {
      ...{ store, clock, random, rootDigest },
      writeDown: (tx, agent) => writeDown(tx, clock, invitationEntry(agent)),
    }),
  );
  return {
    document: invited,
    lines: [
      say(language, 'agentInvited', { agent: invited.agent, name: invited.name }),
      say(language, 'codeOnce', { expires: shownInstant(invited.expiresAt, language) }),
      invited.code,
    ],
  };
}

function invitationOf({ name, facilities, agent }: Parameters<typeof invite>[1]): InvitationRequest {
  if (agent !== undefined) return { agent };
  if (name === undefined || facilities.length === 0) throw permanent('invitation-incomplete');
  return { name, facilities: facilities.map(checkedFiness) };
}

export async function listAgents({ config, language }: CommandContext): Promise<CommandAnswer> {
  const agents = await withStore(config, (store) =>
    store.read(async (tx) => {
      const rows = await tx.agents.list();
      return Promise.all(
        rows.map(async (row) => ({ ...row, seenAt: (await tx.agents.heartbeat(row.id))?.at ?? null })),
      );
    }),
  );
  const lines = agents.map(({ id, status, name, facilities, seenAt }) =>
    say(language, 'agentLine', {
      ...{ id, name, facilities: facilities.join(' '), status: wordFor(agentWords, status, language) },
      seen: seenAt === null ? say(language, 'never') : shownInstant(seenAt, language),
    }),
  );
  return { document: { agents }, lines: lines.length === 0 ? [say(language, 'nothing')] : lines };
}

export async function revoke(
  { config, language, clock }: CommandContext,
  { agent, reason }: { readonly agent: string; readonly reason?: string },
): Promise<CommandAnswer> {
  await withStore(config, (store) =>
    revokeAgent(agent, {
      ...{ store, clock },
      writeDown: (tx, row) => writeDown(tx, clock, revocationEntry(row, reason)),
    }),
  );
  return { document: { agent, status: 'revoked' }, lines: [say(language, 'agentRevoked', { agent })] };
}
