import { endingWords, terminalKeys } from '../../shared/i18n/terminal-keys.ts';
import { shownInstant } from '../../shared/i18n/shown.ts';
import { fill, type Language } from '../../shared/i18n/texts.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import type { ReceiverConfig } from '../config.ts';
import { inspectKey } from '../forward/protection/inspect-key.ts';
import type { StoreTx } from '../store/store.ts';
import { currentOf, keysOf } from './key-ring.ts';
import type { Region } from './region-keys.ts';

const dayMs = 86_400_000;

/** Days before the end at which people are told, each once; 0: it has come. */
export const thresholds = [0, 7, 14, 30] as const;
export type Threshold = (typeof thresholds)[number];

/** Something that is good until a date, and that nothing follows yet. */
export interface Ending {
  readonly kind: keyof typeof endingWords;
  /** Of a key, an agent, a destination. */
  readonly id: string;
  readonly name: string;
  /** Epoch ms. */
  readonly endsAt: number;
  readonly threshold: Threshold;
}

/** The narrowest one that is reached. */
export function thresholdOf(endsAt: number, now: number): Threshold | undefined {
  return thresholds.find((days) => endsAt - now <= days * dayMs);
}

/** What ends within 30 days, the first end first. An agent renews a month before: one that is in here does not. */
export async function endingsOf(
  tx: StoreTx,
  region: Region,
  config: Pick<ReceiverConfig, 'destinations'>,
  clock: Clock,
): Promise<readonly Ending[]> {
  const now = clock.now();
  return (await allEndings(tx, region, config, clock))
    .flatMap((one) => {
      const threshold = thresholdOf(one.endsAt, now);
      return threshold === undefined ? [] : [{ ...one, threshold }];
    })
    .sort((a, b) => a.endsAt - b.endsAt);
}

/** What ends at all, however far away. */
export async function allEndings(
  tx: StoreTx,
  region: Region,
  config: Pick<ReceiverConfig, 'destinations'>,
  clock: Clock,
): Promise<readonly Dated[]> {
  return [
    ...ofRegion(region, clock.now()),
    ...(await ofAgents(tx)),
    ...(await ofDestinations(config, clock)),
  ];
}

type Dated = Omit<Ending, 'threshold'>;

function ofRegion({ keys, root, recovery }: Region, now: number): readonly Dated[] {
  const found: Dated[] = [
    { kind: 'root', id: 'root', name: '', endsAt: Date.parse(root.certificate.validTo) },
    { kind: 'recovery', id: 'recovery', name: '', endsAt: Date.parse(recovery.validTo) },
  ];
  for (const kind of ['encryption', 'issuing', 'server'] as const) {
    const latest = keysOf(keys, kind).at(-1) ?? currentOf(keys, kind, now);
    const certificate = keys.find(({ id }) => id === latest?.id)?.certificate;
    if (latest === undefined || certificate === undefined) continue;
    found.push({ kind, id: latest.id, name: '', endsAt: Date.parse(certificate.validTo) });
  }
  return found;
}

async function ofAgents(tx: StoreTx): Promise<readonly Dated[]> {
  const found: Dated[] = [];
  for (const { id, name, status } of await tx.agents.list()) {
    if (status !== 'active') continue;
    const good = (await tx.agents.certificatesOf(id)).filter(
      ({ use, revokedAt }) => use === 'tls' && revokedAt === null,
    );
    const endsAt = Math.max(...good.map(({ notAfter }) => notAfter));
    if (good.length > 0) found.push({ kind: 'agent', id, name, endsAt });
  }
  return found;
}

async function ofDestinations(
  { destinations }: Pick<ReceiverConfig, 'destinations'>,
  clock: Clock,
): Promise<readonly Dated[]> {
  const found: Dated[] = [];
  for (const settings of destinations) {
    // A file that holds no key is told of by the destination itself.
    const key = await inspectKey(settings, clock).catch(() => undefined);
    const { name } = settings;
    if (key?.expiresAt != null) found.push({ kind: 'destination', id: name, name, endsAt: key.expiresAt });
  }
  return found;
}

/** One line for a person: what, when, and what to do. */
export function endingLine({ kind, id, name, endsAt }: Ending, language: Language, now: number): string {
  const words = endingWords[kind];
  const days = Math.ceil((endsAt - now) / dayMs);
  return fill(terminalKeys[endsAt <= now ? 'ended' : 'endsSoon'][language], {
    what: fill(words.what[language], { name }),
    todo: fill(words.todo[language], { id, name }),
    at: shownInstant(endsAt, language),
    days,
  });
}
