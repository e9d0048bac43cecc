import { inviteAgent, revokeAgent } from '../auth/enrolment.ts';
import { loadRegion } from '../pki/region-keys.ts';
import { stateFolder } from '../state-folder.ts';
import { say, withStore, type CommandAnswer, type CommandContext } from './command.ts';
import { checkedFiness } from './facility.ts';

export async function invite(
  { config, language, clock, random }: CommandContext,
  options: {
    readonly name: string;
    readonly facilities: readonly string[];
    readonly agent?: string | undefined;
  },
): Promise<CommandAnswer> {
  const facilities = options.facilities.map(checkedFiness);
  const { rootDigest } = await loadRegion(stateFolder(config.state).keys);
  const invited = await withStore(config, (store) =>
    inviteAgent({ ...options, facilities }, { store, clock, random, rootDigest }),
  );
  return {
    document: invited,
    lines: [
      say(language, 'agentInvited', { agent: invited.agent, name: options.name }),
      say(language, 'codeOnce', { expires: new Date(invited.expiresAt).toISOString() }),
      invited.code,
    ],
  };
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
      ...{ id, status, name, facilities: facilities.join(' ') },
      seen: seenAt === null ? say(language, 'never') : new Date(seenAt).toISOString(),
    }),
  );
  return { document: { agents }, lines: lines.length === 0 ? [say(language, 'nothing')] : lines };
}

export async function revoke(
  { config, language, clock }: CommandContext,
  { agent }: { readonly agent: string },
): Promise<CommandAnswer> {
  await withStore(config, (store) => revokeAgent(agent, { store, clock }));
  return { document: { agent, status: 'revoked' }, lines: [say(language, 'agentRevoked', { agent })] };
}
