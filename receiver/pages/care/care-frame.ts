import { describeCode } from '../../../shared/i18n/errors.ts';
import { careFields, portalCare } from '../../../shared/i18n/portal-care.ts';
import { asFault, type Fault } from '../../../shared/runtime/errors.ts';
import { hasRight, type Right } from '../../accounts/profile.ts';
import { html, nothing, type Html, type HtmlPart } from '../html.ts';
import { missing, type ActContext, type Answer, type Page, type PageContext } from '../page.ts';
import { pageHead } from '../parts.ts';
import type { FacilitySeen } from '../reads/care-reads.ts';
import { teller } from '../typeset.ts';

/** What the pages about one facility's care have in common. */
export const careSee = ['regional-operator', 'hospital-admin', 'read-only', 'auditor'] as const;
export const careAct: readonly Right[] = ['regional-operator', 'hospital-admin'];

export const speak = (language: PageContext['language']) => teller(portalCare, language);

export function mayAct({ viewer }: PageContext): boolean {
  return hasRight(viewer, careAct);
}

export function pathOf({ finess }: Pick<FacilitySeen, 'finess'>, page = ''): string {
  return `/etablissements/${finess}${page === '' ? '' : `/${page}`}`;
}

/** A page of a facility within reach, or nothing at all. */
export async function ofFacility<Context extends PageContext>(
  context: Context,
  show: (context: Context, facility: FacilitySeen) => Promise<Answer>,
): Promise<Answer> {
  const facility = await context.read(({ care }) => care.facility(context.params['finess'] ?? ''));
  return facility === undefined ? missing : show(context, facility);
}

export interface CarePage {
  readonly here: HtmlPart;
  readonly sentence: string;
  readonly lede?: HtmlPart;
  readonly aside?: HtmlPart;
  readonly body: Html;
  readonly refusal?: Refusal | undefined;
}

export function carePage(
  context: PageContext,
  facility: FacilitySeen,
  { here, sentence, lede, aside, body, refusal }: CarePage,
): Answer {
  const kicker = html`<a href="${context.to(pathOf(facility))}">${facility.name}</a> <span aria-hidden="true">›</span> ${here} <span class="chip">FINESS ${facility.finess}</span>`;
  const head = pageHead({ kicker, sentence, ...(lede === undefined ? {} : { lede }), aside });
  return {
    ...{ kind: 'page', title: sentence, nav: 'facilities' },
    body: html`${head}${refusal === undefined ? nothing : refusalNote(refusal)}${body}`,
    ...(refusal === undefined ? {} : { status: 422 }),
  };
}

/** What was typed cannot be kept: said beside the form, with everything that was typed still there. */
export interface Refusal {
  readonly field: string;
  readonly message: string;
  readonly hint: string;
  /** What was typed. */
  readonly typed: (name: string) => string;
}

/** A form about a facility within reach: done, or shown again with what is wrong with it. */
export function careForm(
  work: (context: ActContext, facility: FacilitySeen) => Promise<Answer>,
  show: (context: ActContext, facility: FacilitySeen, refusal: Refusal) => Promise<Answer>,
): NonNullable<Page['act']> {
  return {
    may: careAct,
    post: (context) =>
      ofFacility(context, (_context, facility) =>
        refusable(
          context,
          () => work(context, facility),
          (refusal) => show(context, facility, refusal),
        ),
      ),
  };
}

export async function refusable(
  context: ActContext,
  work: () => Promise<Answer>,
  show: (refusal: Refusal) => Promise<Answer>,
): Promise<Answer> {
  try {
    return await work();
  } catch (error) {
    const fault = asFault(error);
    if (fault.class !== 'permanent' || !/^(care|carry|envelope|message)-/.test(fault.code)) throw error;
    return show(refusalOf(fault, context));
  }
}

function refusalOf({ code, facts }: Fault, { language, form }: ActContext): Refusal {
  const field = String(facts['field'] ?? '');
  const name = Object.entries(careFields).find(([each]) => each === field)?.[1][language] ?? field;
  // Where the file lies on this machine is nobody's business; the reader knows which file was chosen.
  const { message, hint } = describeCode(code, language, {
    ...facts,
    ...{ field: name, file: form('fichier') },
  });
  return { field, message, hint, typed: form };
}

function refusalNote({ message, hint }: Refusal): Html {
  return html`<p class="note" role="alert" id="refus"><strong>${message}.</strong> ${hint}.</p>`;
}

export interface Field {
  readonly name: string;
  /** The field's name in faults. */
  readonly fault?: string;
  readonly label: HtmlPart;
  readonly hint?: HtmlPart;
  readonly type?: 'text' | 'date' | 'tel' | 'email' | 'area' | 'number';
  readonly value?: string;
  readonly most?: number;
  readonly required?: boolean;
}

export function field(
  { name, fault, label, hint, type = 'text', value = '', most, required }: Field,
  refusal?: Refusal,
  scope = '',
): Html {
  const id = `c-${scope}${name}`;
  const wrong = refusal !== undefined && refusal.field === (fault ?? name);
  const shown = refusal?.typed(name) ?? '';
  const attributes = html`id="${id}" class="field" name="${name}"${required === true ? html` required` : nothing}${
    most === undefined ? nothing : html` maxlength="${most}"`
  }${wrong ? html` aria-invalid="true" aria-describedby="refus"` : nothing}`;
  const kept = shown === '' ? value : shown;
  const control =
    type === 'area'
      ? html`<textarea ${attributes}>${kept}</textarea>`
      : html`<input ${attributes} type="${type === 'number' ? 'text' : type}"${
          type === 'number' ? html` inputmode="numeric"` : nothing
        } value="${kept}" />`;
  return html`<p><label for="${id}">${label}${hint === undefined ? nothing : html` <span class="hint">${hint}</span>`}</label>${control}</p>`;
}
