import { keyRoleWords, keyStateWords } from '../../../shared/i18n/terminal-keys.ts';
import { portalKeys } from '../../../shared/i18n/portal-keys.ts';
import { dayOfInstant } from '../../../shared/runtime/paris-time.ts';
import { Fault } from '../../../shared/runtime/errors.ts';
import type { KeyRole } from '../../pki/key-ring.ts';
import type { PublicKey } from '../../pki/public-ring.ts';
import { html, type Html } from '../html.ts';
import type { PageContext } from '../page.ts';
import { badge } from '../parts.ts';
import { toldFault } from '../told-fault.ts';
import { teller } from '../typeset.ts';
import { count, dayWords } from '../words.ts';

const dayMs = 86_400_000;
/** As `key list` and its mails. */
const soonDays = 30;

/** As commands name them. */
const commandRoles = {
  encryption: 'encryption',
  receipts: 'receipts',
  issuing: 'ca',
  server: 'server',
} as const satisfies Readonly<Record<KeyRole, string>>;

/** The region's own keys: what is in use, until when, and what is to be typed on the receiver next. */
export function regionKeySection(context: PageContext, keys: readonly PublicKey[] | Fault): Html {
  const say = teller(portalKeys, context.language);
  if (keys instanceof Fault)
    return html`<section class="sec" id="cles-region" aria-label="${say('title')}"><div class="card pad"><h2>${say('title')}</h2><p class="note">${toldFault(keys, context.language).message}</p></div></section>`;
  return html`<section class="sec" id="cles-region" aria-label="${say('title')}"><div class="card scroll" tabindex="0" role="region" aria-label="${say('label')}"><table class="tab"><caption>${say('title')}</caption><thead><tr><th scope="col">${say('role')}</th><th scope="col">${say('state')}</th><th scope="col">${say('since')}</th><th scope="col">${say('until')}</th><th scope="col">${say('next')}</th></tr></thead><tbody>${keys.map((key) => keyRow(context, key))}</tbody></table></div><p class="small muted">${say('text')}</p></section>`;
}

function keyRow({ language, now }: PageContext, key: PublicKey): Html {
  const say = teller(portalKeys, language);
  const { id, role, state, from, endsAt } = key;
  const name = html`${keyRoleWords[role][language]}${id === null ? '' : html` <small class="mono">${id}</small>`}`;
  const until = endsAt === null ? say('noEnd') : untilWords(endsAt, now, language);
  return html`<tr><th scope="row">${name}</th><td>${keyStateWords[state][language]}</td><td>${dayWords(dayOfInstant(from), 'year', language)}</td><td>${until}</td><td>${nextStep(key, now, language)}</td></tr>`;
}

function untilWords(endsAt: number, now: number, language: PageContext['language']): Html | string {
  const say = teller(portalKeys, language);
  const days = Math.floor((endsAt - now) / dayMs);
  if (days < 0) return badge('silent', 's', say('ended'));
  const text = say('left', {
    day: dayWords(dayOfInstant(endsAt), 'year', language),
    days: count(days, language),
  });
  return days <= soonDays ? badge('late', 't', text) : text;
}

function nextStep(
  { id, role, state, endsAt }: PublicKey,
  now: number,
  language: PageContext['language'],
): Html | string {
  const say = teller(portalKeys, language);
  const isSoon = endsAt !== null && endsAt - now <= soonDays * dayMs;
  const command =
    state === 'retiring' && id !== null
      ? `vaguemestre-receiver key destroy ${id}`
      : state === 'current' && isSoon
        ? `vaguemestre-receiver key rotate ${commandRoles[role]}`
        : undefined;
  return command === undefined ? say('nothing') : html`<code class="mono">${command}</code>`;
}
