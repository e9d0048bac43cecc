import { systemClock } from '../../../shared/runtime/clock.ts';
import { asFault, permanent, type Fault } from '../../../shared/runtime/errors.ts';
import { dayOfInstant, dayToIso } from '../../../shared/runtime/paris-time.ts';
import { systemRandom } from '../../../shared/runtime/random.ts';
import type { DestinationConfig } from '../../config-destinations.ts';
import type { KeyApproval } from '../../store/destination-tables.ts';
import type { ProbeStep } from '../destination.ts';
import { instant, isSealed, keyPlace, requireInForce, requireNamed, type AgencyKey } from './agency-key.ts';
import { approvalsOf, approversNeeded } from './approvals.ts';
import { inspectKey } from './inspect-key.ts';
import { openProtectionOf, type ProtectionDeps } from './open-protection.ts';

const dayMs = 86_400_000;
const soonDays = 30;
const probeBytes = 1024;

/**
 * Tries a destination's keys without data, up to the first step that fails: `key` reads the agency's key and finds its
 * algorithm, fingerprint and last day; `seal` encrypts a kilobyte for it, with the region's signature if there is one, and
 * fails with `agency-key-unapproved` while fewer than two people vouch for it. When everything holds today but the key
 * expires within 30 days, a last step `key` says so: `agency-key-expires-soon`. No step without protection.
 */
export async function probeProtection(
  settings: DestinationConfig,
  approvals: readonly KeyApproval[],
  deps: ProtectionDeps = { clock: systemClock, random: systemRandom },
): Promise<readonly ProbeStep[]> {
  if (!isSealed(settings)) return [];
  const place = keyPlace(settings);
  const now = deps.clock.now();
  let key: AgencyKey | undefined;
  const read = await attempt(async () => {
    key = await inspectKey(settings, deps.clock);
    if (key === undefined) return;
    requireNamed(key, settings);
    requireInForce(key, place, now);
  });
  const steps: ProbeStep[] = [
    { step: 'key', fault: read, ...(key === undefined ? {} : { found: shown(key) }) },
  ];
  if (read !== undefined || key === undefined) return steps;

  const { fingerprint, expiresAt } = key;
  let sealedBytes = 0;
  const sealed = await attempt(async () => {
    const protection = await openProtectionOf(settings, deps);
    sealedBytes = (await protection?.seal('probe', Buffer.alloc(probeBytes)))?.length ?? 0;
    const people = approvalsOf(approvals, fingerprint).length;
    if (people < approversNeeded)
      throw permanent('agency-key-unapproved', {
        facts: { destination: settings.name, fingerprint, approvals: people, needed: approversNeeded },
      });
  });
  steps.push({ step: 'seal', fault: sealed, ...(sealed === undefined ? { found: `${sealedBytes} B` } : {}) });
  if (sealed !== undefined || expiresAt === null || expiresAt > now + soonDays * dayMs) return steps;

  const days = Math.floor((expiresAt - now) / dayMs);
  const fault = permanent('agency-key-expires-soon', { facts: { ...place, at: instant(expiresAt), days } });
  return [...steps, { step: 'key', fault, found: lastDay(expiresAt) }];
}

async function attempt(work: () => Promise<void>): Promise<Fault | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    return asFault(error);
  }
}

function shown({ algorithm, fingerprint, expiresAt }: AgencyKey): string {
  return [algorithm, fingerprint, ...(expiresAt === null ? [] : [lastDay(expiresAt)])].join(' ');
}

function lastDay(expiresAt: number): string {
  return dayToIso(dayOfInstant(expiresAt));
}
