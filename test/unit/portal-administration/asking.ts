import { inviteAgent } from '../../../receiver/auth/enrolment.ts';
import { systemRandom } from '../../../shared/runtime/random.ts';
import type { PortalLab } from '../../support/portal/portal-lab.ts';

/** A machine that has given its code and waits for a second person. */
export interface Asking {
  readonly agent: string;
  readonly fingerprint: string;
  /** The digest that was let in, if any. */
  approved(): Promise<string | null | undefined>;
}

export async function enrolAgain(
  { store, clock }: PortalLab,
  {
    name,
    facilities,
    invitedBy,
  }: { readonly name: string; readonly facilities: readonly string[]; readonly invitedBy: string },
): Promise<Asking> {
  const { agent } = await inviteAgent(
    { name, facilities },
    { ...{ store, clock, random: systemRandom, rootDigest: '0'.repeat(64) }, approvedByOther: invitedBy },
  );
  const fingerprint = 'c0ffee'.padEnd(64, '1');
  const open = () => store.read((tx) => tx.agents.invitation(agent));
  await store.transaction(async (tx) => {
    const invitation = await tx.agents.invitation(agent);
    if (invitation?.second === undefined) throw new Error('no invitation');
    await tx.agents.putInvitation({ ...invitation, second: { ...invitation.second, asked: fingerprint } });
  });
  return { agent, fingerprint, approved: async () => (await open())?.second?.approved };
}
