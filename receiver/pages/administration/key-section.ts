import { portalAdministration } from '../../../shared/i18n/portal-administration.ts';
import type { Language } from '../../../shared/i18n/texts.ts';
import type { Clock } from '../../../shared/runtime/clock.ts';
import { asFault } from '../../../shared/runtime/errors.ts';
import type { DestinationConfig } from '../../config-destinations.ts';
import { isSealed, keyFault, requireNamed } from '../../forward/protection/agency-key.ts';
import { approvalsOf, approversNeeded } from '../../forward/protection/approvals.ts';
import { inspectKey } from '../../forward/protection/inspect-key.ts';
import type { KeyApproval } from '../../store/destination-tables.ts';
import { html, nothing, type Html } from '../html.ts';
import type { PageContext } from '../page.ts';
import { badge, formToken } from '../parts.ts';
import { toldFault } from '../told-fault.ts';
import { nameOfApprover, isOwn } from './key-approver.ts';
import { teller } from '../typeset.ts';

export interface KeySeen {
  readonly destination: string;
  /** null: its file cannot be read. */
  readonly fingerprint: string | null;
  readonly people: readonly KeyApproval[];
  readonly missing: number;
  /** Why nothing can be sealed for it, in words. */
  readonly fault: string | null;
}

/** The keys as their files hold them now. */
export async function keysSeen(
  destinations: readonly DestinationConfig[],
  approvals: ReadonlyMap<string, readonly KeyApproval[]>,
  clock: Clock,
  language: Language,
): Promise<readonly KeySeen[]> {
  const seen: KeySeen[] = [];
  for (const settings of destinations) {
    if (!isSealed(settings)) continue;
    const { name: destination } = settings;
    try {
      const key = await inspectKey(settings, clock);
      if (key === undefined) continue;
      requireNamed(key, settings);
      const people = approvalsOf(approvals.get(destination) ?? [], key.fingerprint);
      const fault = keyFault(key, settings, clock.now());
      seen.push({
        ...{ destination, fingerprint: key.fingerprint, people },
        missing: Math.max(0, approversNeeded - people.length),
        fault: fault === undefined ? null : toldFault(fault, language).message,
      });
    } catch (error) {
      const { message } = toldFault(asFault(error), language);
      seen.push({ destination, fingerprint: null, people: [], missing: 0, fault: message });
    }
  }
  return seen;
}

export function keySection(context: PageContext, keys: readonly KeySeen[]): Html {
  const say = teller(portalAdministration, context.language);
  return html`<section class="sec" id="cles" aria-label="${say('keys')}"><div class="card pad"><h2>${say('keys')}</h2>${
    keys.length === 0
      ? html`<p>${say('keysNone')}</p>`
      : html`<div class="stack">${keys.map((key) => keyCard(context, key))}</div>`
  }</div></section>`;
}

function keyCard(context: PageContext, { destination, fingerprint, people, missing, fault }: KeySeen): Html {
  const { language, viewer, to } = context;
  const say = teller(portalAdministration, language);
  const names =
    people.length === 0 ? say('nobody') : people.map(({ person }) => nameOfApprover(person)).join(', ');
  const state =
    missing === 0
      ? badge('ok', 'k', say('keyComplete', { people: names }))
      : badge('late', 't', say(missing === 1 ? 'keyWaiting' : 'keyWaitingMany', { missing, people: names }));
  const problem = fault === null ? nothing : html`<p class="note">${say('keyFault', { message: fault })}</p>`;
  if (fingerprint === null) return html`<div><h3>${destination}</h3>${problem}</div>`;
  const own = people.some(({ person }) => isOwn(person, viewer));
  const form = html`<form class="ask" method="post" action="${to('/administration/cles')}">${formToken(viewer)}<input type="hidden" name="destination" value="${destination}" /><p>${say('approveText')}</p><div><label for="cle-${destination}">${say('typeFingerprint')}</label><input class="field mono" id="cle-${destination}" name="empreinte" autocomplete="off" maxlength="200" required /></div><div class="acts"><button class="btn main">${say('approve')}</button></div></form>`;
  return html`<div class="stack"><h3>${destination}</h3><p>${state}</p><p class="small">${say('fingerprint')} : <span class="mono">${fingerprint}</span></p>${problem}${
    missing === 0 ? nothing : own ? html`<p class="note info">${say('ownApproval')}</p>` : form
  }</div>`;
}
