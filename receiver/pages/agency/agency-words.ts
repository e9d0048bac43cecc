import { portalAgency, refusalReasons } from '../../../shared/i18n/portal-agency.ts';
import type { DeliveryWord } from '../../../shared/i18n/portal-deliveries.ts';
import type { Language } from '../../../shared/i18n/texts.ts';
import type { Viewer } from '../../accounts/profile.ts';
import { reaches } from '../../accounts/profile.ts';
import type { ReceiverConfig } from '../../config.ts';
import type { DestinationConfig } from '../../config-destinations.ts';
import type { DispatchRow } from '../../store/dispatch-table.ts';
import { teller } from '../typeset.ts';
import { momentWords } from '../words.ts';
import { reasonWords } from '../batches/batch-words.ts';

export function ownDestinations(
  { destinations }: ReceiverConfig,
  viewer: Viewer,
): readonly DestinationConfig[] {
  return destinations.filter(({ name }) => reaches(viewer.destinations, name));
}

export function deliveryWord({ state }: DispatchRow, { transport }: DestinationConfig): DeliveryWord {
  return state === 'waiting' && transport.kind === 'pull' ? 'toFetch' : state;
}

export function isRefusal(code: string): code is keyof typeof refusalReasons {
  return Object.hasOwn(refusalReasons, code);
}

export function refusalWords(code: string | null, language: Language): string {
  return reasonWords(code, '—', language);
}

export function answerWords(row: DispatchRow, now: number, language: Language): string {
  const say = teller(portalAgency, language);
  const at = momentWords(row.changedAt, now, language);
  if (row.state === 'acknowledged')
    return row.reference === null
      ? say('byPerson', { at })
      : say('withReference', { at, reference: row.reference });
  return row.state === 'refused' ? say('refusedAt', { at, reason: refusalWords(row.code, language) }) : '—';
}
