import { createPortalLab, type PortalLab } from '../../support/portal/portal-lab.ts';
import { dayToFrench, dayToIso, parseFrenchDateTime, type Day } from '../../../shared/runtime/paris-time.ts';
import { openRig, type Rig, type Sent } from '../apply/rig.ts';

export const [first, second] = ['990000010', '990000028'] as const;
export const dayMs = 86_400_000;
/** Where the exports' rig starts. */
export const startAt = 20_100 * dayMs;
export const day = (n: number): Day => (20_090 + n) as Day;

export const destinations = [
  {
    ...{
      name: 'national',
      owner: 'Santé publique',
      feed: 'ed-visits',
      format: { name: 'oscour-xml', version: '2013' },
    },
    ...{ transport: { kind: 'directory', folder: 'out' }, acknowledgement: { kind: 'person' } },
  },
  {
    ...{
      name: 'agence',
      owner: 'L’agence',
      feed: 'ed-visits',
      format: { name: 'oscour-xml', version: '2013' },
    },
    ...{
      transport: { kind: 'pull', certificates: [], tokenFile: 'tokens' },
      acknowledgement: { kind: 'answer' },
    },
  },
  {
    ...{ name: 'hebdo', feed: 'ed-visits', format: { name: 'oscour-xml', version: '2013' } },
    ...{ transport: { kind: 'directory', folder: 'week' } },
    schedule: { kind: 'calendar', cron: '0 5 * * 1' },
  },
];

export interface BatchLab extends PortalLab {
  /** What the two facilities send. */
  readonly hospital: Rig;
  readonly other: Rig;
}

export async function openBatchLab(): Promise<BatchLab> {
  const lab = await createPortalLab({ startAt: startAt + 12 * 3_600_000, settings: { destinations } });
  const hospital = await openRig({ store: lab.store });
  const other = await openRig({ store: lab.store, facility: second });
  await lab.store.transaction(async (tx) => {
    await tx.facilities.put({ finess: first, name: 'CH de Montrevel', key: Buffer.alloc(32, 3), addedAt: 1 });
    await tx.facilities.put({
      finess: second,
      name: 'Hôpital privé d’Ancy',
      key: Buffer.alloc(32, 4),
      addedAt: 1,
    });
  });
  return { ...lab, hospital, other };
}

export function visit(
  n: number,
  on: number,
  facility: string = first,
  change: Record<string, unknown> = {},
): string {
  const text = `${dayToFrench(day(on))} 10:${String(n).padStart(2, '0')}`;
  return JSON.stringify({
    facility,
    ...change,
    sex: 'F',
    arrivedAt: { text, at: parseFrenchDateTime(text)?.at },
  });
}

/** A trusted export of days `from` to `to`, extracted the morning after. */
export function whole(from: number, to: number, bodies: readonly string[], extract = to + 1): Sent {
  const window = { from: dayToIso(day(from)), to: dayToIso(day(to)) };
  return { bodies, manifest: { window, extract: { text: 'x', at: day(extract) * dayMs + 6 * 3_600_000 } } };
}

export const visits = (count: number, on: number, facility: string = first): string[] =>
  Array.from({ length: count }, (_, n) => visit(n, on, facility));
