import { portalKeys } from '../../../shared/i18n/portal-keys.ts';
import { html, nothing, type Html } from '../html.ts';
import type { PageContext } from '../page.ts';
import { teller } from '../typeset.ts';
import { count, momentWords } from '../words.ts';

/** Until a person has confirmed who is let in since the region was restored; nothing otherwise. */
export async function restoredNote({ read, language, now }: PageContext): Promise<Html> {
  const row = await read((reads) => reads.administration.restored());
  if (row === undefined) return nothing;
  const { backupAt, restoredAt, knownUntil, withdrawn, erased, lostKeys } = row;
  const facts = {
    ...{ at: momentWords(backupAt, now, language), restored: momentWords(restoredAt, now, language) },
    ...{
      withdrawn: count(withdrawn, language),
      erased: count(erased, language),
      lost: count(lostKeys, language),
      until: momentWords(knownUntil ?? backupAt, now, language),
    },
  };
  return html`<p class="note" id="restauree">${teller(portalKeys, language)('restored', facts)}</p>`;
}
