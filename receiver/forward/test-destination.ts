import { asFault } from '../../shared/runtime/errors.ts';
import type { DestinationConfig } from '../config-destinations.ts';
import type { KeyApproval } from '../store/destination-tables.ts';
import type { ProbeName, ProbeStep } from './destination.ts';
import { openDestination, openParcels } from './open-destination.ts';

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
  const sealing = await probeSealing(settings);
  return [...endpoint, ...sealing];
}

async function probeEndpoint(
  settings: DestinationConfig,
  signal: AbortSignal,
): Promise<readonly ProbeStep[]> {
  return guarded('connect', async () => {
    const destination = openDestination(settings);
    if (destination === undefined) return [];
    try {
      return await destination.probe(signal);
    } finally {
      await destination.close();
    }
  });
}

const sampleBytes = 1024;

async function probeSealing(settings: DestinationConfig): Promise<readonly ProbeStep[]> {
  return guarded('key', async () => {
    const parcels = await openParcels(settings);
    if (parcels?.key === undefined) return [];
    const key: ProbeStep = { step: 'key', fault: undefined, found: parcels.key };
    const seal = await guarded('seal', async () => {
      await parcels.make('probe', Buffer.alloc(sampleBytes));
      return [{ step: 'seal', fault: undefined }];
    });
    return [key, ...seal];
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
