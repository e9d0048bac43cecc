import type { Language } from '../../../shared/i18n/texts.ts';
import { asFault } from '../../../shared/runtime/errors.ts';
import { html, type Html } from '../html.ts';
import type { Answer } from '../page.ts';
import { toldFault } from '../told-fault.ts';

/**
 * What a form was refused for stands above that form, which keeps its entries. What is no fault of the entries goes on to
 * the page of faults.
 */
export async function orRetold(
  language: Language,
  work: () => Promise<Answer>,
  again: (notice: Html) => Promise<Answer>,
): Promise<Answer> {
  try {
    return await work();
  } catch (error) {
    const fault = asFault(error);
    if (fault.class !== 'permanent' || fault.code === 'unexpected') throw error;
    const { message, hint } = toldFault(fault, language);
    const shown = await again(html`<p class="note" role="alert" id="refus">${message}. ${hint}.</p>`);
    return shown.kind === 'page' ? { ...shown, status: 422 } : shown;
  }
}
