import { classNames, dimensionNames } from '../../../shared/i18n/portal-analysis.ts';
import { fieldsFor, splitsFor, type Column } from '../../extraction/plan.ts';
import { extractionForms } from '../../extraction/request.ts';
import { choices, dayField, select } from '../analysis/analysis-form.ts';
import { html, nothing, type Html } from '../html.ts';
import type { PageContext } from '../page.ts';
import { kindNames, usualPeriod, type AskedFields, type AskedKind } from './asked-form.ts';
import { requesterOf, speak } from './extraction-words.ts';

/** What the form offers besides words. */
export interface Offered {
  readonly facilities: readonly { readonly finess: string; readonly name: string }[];
  readonly groups: readonly { readonly id: string; readonly name: string }[];
}

/** What to take out, written into the address: it works without a script, and a link keeps it. */
export function newForm(context: PageContext, kind: AskedKind, fields: AskedFields, offered: Offered): Html {
  const { language, to, now } = context;
  const say = speak(language);
  const usual = usualPeriod(now);
  const { one } = fields;
  const period = html`${dayField('du', say('from'), one('du') || usual.from)}${dayField('au', say('to'), one('au') || usual.to)}${formField(context, fields)}`;
  const rest = kind === 'rows' ? rowFields(context, fields, offered) : countFields(context, fields, offered);
  return html`<form class="card pad asks" action="${to('/extractions/nouvelle')}"><input type="hidden" name="contenu" value="${kindNames[kind]}" /><div class="filter-row">${period}</div>${rest}<div class="acts"><button class="btn main">${say('preview')}</button><a class="btn" href="${to('/extractions')}">${say('back')}</a></div></form>`;
}

function formField({ language }: PageContext, { one }: AskedFields): Html {
  const say = speak(language);
  const options = extractionForms.map((form) => ({
    value: form,
    text: form === 'parquet' ? say('parquetHint') : form,
    isChosen: (one('forme') || 'csv') === form,
  }));
  return select('forme', say('form'), options);
}

function countFields(context: PageContext, fields: AskedFields, offered: Offered): Html {
  const { language, viewer } = context;
  const say = speak(language);
  const { one } = fields;
  const splits = splitsFor(requesterOf(viewer), language).map(({ name, title }) => ({
    ...{ value: name, text: dimensionNames[name]?.[language] ?? title },
    isChosen: one('selon') === name,
  }));
  const by = (['week', 'month'] as const).map((name) => ({
    ...{ value: name === 'month' ? 'mois' : 'semaine', text: say(name) },
    isChosen: (one('par') === 'mois') === (name === 'month'),
  }));
  const ofPlaces = one('pour') === '' ? viewer.facilities !== 'all' : one('pour') === 'etablissements';
  const of = [
    { value: 'region', text: say('wholeRegion'), isChosen: !ofPlaces },
    { value: 'etablissements', text: say('eachPlace'), isChosen: ofPlaces },
  ];
  return html`<div class="filter-row">${select('selon', say('split'), splits)}${select('par', say('by'), by)}${select('pour', say('of'), of)}</div>${placeChoices(context, fields, offered)}`;
}

function rowFields(context: PageContext, fields: AskedFields, offered: Offered): Html {
  const { language, viewer } = context;
  const say = speak(language);
  const { one, all } = fields;
  const number = (field: string, label: string): Html =>
    html`<div><label for="f-${field}">${label}</label><input class="field" id="f-${field}" name="${field}" inputmode="numeric" maxlength="3" value="${one(field)}" /></div>`;
  const several = (field: string, name: string, options: readonly (readonly [string, string])[]): Html => {
    const chosen = new Set(all(field));
    return choices({
      ...{ field, name, language },
      options: options.map(([value, text]) => ({ value, text, isChosen: chosen.has(value) })),
    });
  };
  const severities = Object.entries(classNames['severity'] ?? {}).filter(([value]) => value.length === 1);
  const groups = [
    { value: '', text: say('anyGroup'), isChosen: one('groupe') === '' },
    ...offered.groups.map(({ id, name }) => ({ value: id, text: name, isChosen: one('groupe') === id })),
  ];
  return html`${columnChoices(fieldsFor(requesterOf(viewer), language), fields, say('columns'))}<div class="filter-row">${number('age_de', say('ageFrom'))}${number('age_a', say('ageBelow'))}<div><label for="f-codes">${say('codes')} <span class="hint">${say('codesHint')}</span></label><input class="field" id="f-codes" name="codes" maxlength="2000" value="${one('codes')}" /></div>${select('groupe', say('group'), groups)}</div><div class="filter-row">${several(
    'sexe',
    say('sex'),
    (['M', 'F', 'I'] as const).map((each) => [each, say(`sex${each}`)]),
  )}${several(
    'gravite',
    say('severity'),
    severities.map(([value, name]) => [value, name[language]]),
  )}${several(
    'sortie',
    say('departure'),
    (['6', '7', '8', '9'] as const).map((each) => [each, say(`departure${each}`)]),
  )}</div>${placeChoices(context, fields, offered)}`;
}

/** In the open: they are what leaves. */
function columnChoices(columns: readonly Column[], { all }: AskedFields, name: string): Html {
  const chosen = new Set(all('champ'));
  return html`<fieldset class="columns"><legend>${name}</legend>${columns.map(
    (column) =>
      html`<label class="choice"><input type="checkbox" name="champ" value="${column.name}"${chosen.has(column.name) ? html` checked` : nothing} /> ${column.title}</label>`,
  )}</fieldset>`;
}

function placeChoices({ language }: PageContext, { all }: AskedFields, { facilities }: Offered): Html {
  if (facilities.length < 2) return nothing;
  const chosen = new Set(all('etablissement'));
  return html`<div class="filter-row">${choices({
    ...{ field: 'etablissement', name: speak(language)('places'), language },
    options: facilities.map(({ finess, name }) => ({
      ...{ value: finess, text: name, isChosen: chosen.has(finess) },
    })),
  })}</div>`;
}
