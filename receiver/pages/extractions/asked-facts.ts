import type { Language } from '../../../shared/i18n/texts.ts';
import type { ExtractionRequest } from '../../extraction/request.ts';
import { className, dimensionName } from '../analysis/analysis-words.ts';
import type { HtmlPart } from '../html.ts';
import { colon } from '../typeset.ts';
import { periodWords, speak } from './extraction-words.ts';

type Fact = readonly [HtmlPart, HtmlPart];

/** What a request asks for, one fact a line. */
export function askedFacts(request: ExtractionRequest, language: Language): readonly Fact[] {
  const say = speak(language);
  const { content, facilities, form } = request;
  const places = facilities === undefined ? say('allPlaces') : facilities.join(' ');
  const common: readonly Fact[] = [
    [say('what'), periodWords(request, language)],
    [say('form'), form],
  ];
  if (content.kind === 'aggregates') {
    const { split, by, places: of } = content;
    return [
      ...common,
      [say('split'), dimensionName(split, language)],
      [say('by'), say(by)],
      [say('of'), say(of === 'region' ? 'wholeRegion' : 'eachPlace')],
      ...(of === 'region' ? [] : [[say('places'), places] as const]),
    ];
  }
  const filters = filterWords(content, language);
  return [
    ...common,
    [say('places'), places],
    [say('filters'), filters.length === 0 ? say('noFilter') : filters.join(' ; ')],
  ];
}

function filterWords(
  content: Extract<ExtractionRequest['content'], { readonly kind: 'rows' }>,
  language: Language,
): readonly string[] {
  const say = speak(language);
  const { age, sex, severity, departure, codes, group } = content;
  const words: readonly (readonly [string, string | number | undefined])[] = [
    [say('ageFrom'), age?.from],
    [say('ageBelow'), age?.below],
    [say('sex'), sex?.map((each) => say(`sex${each}`)).join(', ')],
    [say('severity'), severity?.map((each) => className('severity', each, language)).join(', ')],
    [say('departure'), departure?.join(', ')],
    [say('codes'), codes?.join(' ')],
    [say('group'), group],
  ];
  return words.flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}${colon(language)} ${value}`],
  );
}
