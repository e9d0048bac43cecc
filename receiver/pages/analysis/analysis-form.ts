import type { Dimension, FeedTally } from '../../../shared/feeds/feed.ts';
import { portalAnalysis } from '../../../shared/i18n/portal-analysis.ts';
import type { Language } from '../../../shared/i18n/texts.ts';
import { dayToIso } from '../../../shared/runtime/paris-time.ts';
import { html, nothing, type Html } from '../html.ts';
import type { PageContext } from '../page.ts';
import type { Analysed } from './analysed.ts';
import { className, dimensionName, hourName } from './analysis-words.ts';
import { byNames, fieldNames, type Asked } from './question.ts';
import { colon, teller } from '../typeset.ts';

/** The filters, as a form that writes them into the address: it works without a script, and a link keeps them. */
export function analysisForm(
  { language, to }: PageContext,
  { dimensions }: FeedTally,
  { asked, facilities }: Analysed,
): Html {
  const say = teller(portalAnalysis, language);
  const chosen = new Set(asked.facilities);
  const places = choices({
    ...{ field: 'etablissement', name: say('place'), language },
    options: facilities.map(({ finess, name }) => ({
      value: finess,
      text: name,
      isChosen: chosen.has(finess),
    })),
  });
  const classes = dimensions
    .filter(({ name }) => name !== 'hour')
    .map((dimension) => classChoices(dimension, asked, language));
  return html`<form class="card pad asks" action="${to('/analyser')}"><div class="filter-row">${dayField('du', say('from'), dayToIso(asked.from))}${dayField('au', say('to'), dayToIso(asked.to))}${hourField('de', say('hourFrom'), asked.hours?.[0], say('anyHour'))}${hourField('a', say('hourTo'), asked.hours?.[1], say('anyHour'))}${byField(asked, language)}${alongField('selon', dimensions, asked.along, language)}</div><div class="filter-row">${facilities.length > 1 ? places : nothing}${classes}</div><div class="acts"><button class="btn main">${say('show')}</button><a class="btn" href="${to('/analyser')}">${say('reset')}</a></div></form>`;
}

export function dayField(field: string, name: string, value: string): Html {
  return html`<div><label for="f-${field}">${name}</label><input class="field" type="date" id="f-${field}" name="${field}" value="${value}" /></div>`;
}

export function alongField(
  field: string,
  dimensions: readonly Dimension[],
  chosen: string,
  language: Language,
): Html {
  const options = dimensions.map(({ name }) => ({
    value: fieldNames[name] ?? name,
    text: dimensionName(name, language),
    isChosen: name === chosen,
  }));
  return select(field, portalAnalysis.along[language], options);
}

function byField(asked: Asked, language: Language): Html {
  const options = (Object.keys(byNames) as (keyof typeof byNames)[]).map((name) => ({
    value: byNames[name],
    text: portalAnalysis[name][language],
    isChosen: name === asked.by,
  }));
  return select('par', portalAnalysis.by[language], options);
}

function hourField(field: string, name: string, chosen: number | undefined, any: string): Html {
  const hours = Array.from({ length: 24 }, (_none, hour) => ({
    value: String(hour),
    text: hourName(hour),
    isChosen: hour === chosen,
  }));
  return select(field, name, [{ value: '', text: any, isChosen: chosen === undefined }, ...hours]);
}

interface Option {
  readonly value: string;
  readonly text: string;
  readonly isChosen: boolean;
}

export function select(field: string, name: string, options: readonly Option[]): Html {
  return html`<div><label for="f-${field}">${name}</label><select class="field" id="f-${field}" name="${field}">${options.map(
    ({ value, text, isChosen }) =>
      html`<option value="${value}"${isChosen ? html` selected` : nothing}>${text}</option>`,
  )}</select></div>`;
}

function classChoices({ name, classes }: Dimension, asked: Asked, language: Language): Html {
  const chosen = asked.filters[name];
  return choices({
    ...{ field: fieldNames[name] ?? name, name: dimensionName(name, language), language },
    options: classes.map((value, index) => ({
      ...{ value, text: className(name, value, language), isChosen: chosen?.has(index) ?? false },
    })),
  });
}

export function choices(of: {
  readonly field: string;
  readonly name: string;
  readonly language: Language;
  readonly options: readonly Option[];
}): Html {
  const say = teller(portalAnalysis, of.language);
  const n = of.options.filter(({ isChosen }) => isChosen).length;
  return html`<details class="choices"><summary>${of.name}${colon(of.language)} ${n === 0 ? say('places') : say(n === 1 ? 'chosenOne' : 'chosen', { n })}</summary><fieldset><legend class="sr">${of.name}</legend>${of.options.map(
    ({ value, text, isChosen }) =>
      html`<label class="choice"><input type="checkbox" name="${of.field}" value="${value}"${isChosen ? html` checked` : nothing} /> ${text}</label>`,
  )}</fieldset></details>`;
}
