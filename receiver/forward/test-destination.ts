import { asFault } from '../../shared/runtime/errors.ts';
import { createTokenFile } from '../auth/agency-tokens.ts';
import type { DestinationConfig } from '../config-destinations.ts';
import type { KeyApproval } from '../store/destination-tables.ts';
import type { ProbeName, ProbeStep } from './destination.ts';
import { answerSourceOf } from './answers/open-answers.ts';
import { openDestination } from './open-destination.ts';
import { probeProtection } from './protection/probe-protection.ts';

export interface DestinationTest {
  /** Who vouches for the agency's key. */
  readonly approvals: readonly KeyApproval[];
  readonly signal: AbortSignal;
}

/**
 * Walks a destination's whole chain without data: the endpoint, what dispatches are sealed with, and where answers come
 * back. Each of the three stops at its first failure; answers are not read where the endpoint cannot be reached.
 */
export async function testDestination(
  settings: DestinationConfig,
  test: DestinationTest,
): Promise<readonly ProbeStep[]> {
  const endpoint = await probeEndpoint(settings, test.signal);
  const sealing = await guarded('key', () => probeProtection(settings, test.approvals));
  const reached = endpoint.every(({ fault }) => fault === undefined);
  const answers = reached ? await probeAnswers(settings, test.signal) : [];
  return [...endpoint, ...sealing, ...answers];
}

async function probeEndpoint(
  settings: DestinationConfig,
  signal: AbortSignal,
): Promise<readonly ProbeStep[]> {
  return guarded('connect', async () => {
    const destination = openDestination(settings);
    if (destination === undefined) return probeDoor(settings);
    try {
      return await destination.probe(signal);
    } finally {
      await destination.close();
    }
  });
}

/** An agency that fetches: nothing can be reached, but who may come in is read from a file. */
async function probeDoor({ name, transport }: DestinationConfig): Promise<readonly ProbeStep[]> {
  if (transport.kind !== 'pull' || transport.tokenFile === undefined) return [];
  const { tokenFile } = transport;
  return guarded('login', async () => {
    await createTokenFile(name, tokenFile).digests();
    return [{ step: 'login', fault: undefined, found: tokenFile }];
  });
}

/** Reads the folder where answers come back, asking after none. A service that is polled has nothing to be asked then. */
async function probeAnswers(settings: DestinationConfig, signal: AbortSignal): Promise<readonly ProbeStep[]> {
  return guarded('answer', async () => {
    const source = answerSourceOf(settings);
    if (source === undefined || settings.acknowledgement.kind !== 'folder') return [];
    await source.collect([], signal);
    return [{ step: 'answer', fault: undefined }];
  });
}

async function guarded(
  step: ProbeName,
  work: () => Promise<readonly ProbeStep[]>,
): Promise<readonly ProbeStep[]> {
  try {
    return await work();
  } catch (error) {
    return [{ step, fault: asFault(error) }];
  }
}
