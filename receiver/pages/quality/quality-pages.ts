import { findingText } from '../../../shared/i18n/findings.ts';
import { portalQuality } from '../../../shared/i18n/portal-quality.ts';
import type { Language } from '../../../shared/i18n/texts.ts';
import type { BrokenRule, Scorecard } from '../../quality/scorecard.ts';
import type { PortalDeps } from '../deps.ts';
import { html, nothing, type Html } from '../html.ts';
import { missing, type Answer, type Page, type PageContext } from '../page.ts';
import { badge, facts, pageHead } from '../parts.ts';
import { count, dayWords, percent } from '../words.ts';
import { scorecardFile } from './quality-file.ts';
import { improvePanel, itemTable, remainingWords, scoredFeed, spanOf } from './quality-panels.ts';
import { targetWords } from './quality-words.ts';
import { teller } from '../typeset.ts';

const periods = [30, 90, 365] as const;

/** One facility's scorecard, to be read, printed and downloaded. */
export function createQualityPages({ config }: PortalDeps): readonly Page[] {
  const { quality: settings } = config;
  const read = async (context: PageContext): Promise<{ card: Scorecard | undefined; days: number }> => {
    const asked = Number(context.query.get('jours'));
    const days = periods.find((each) => each === asked) ?? periods[0];
    const facility = context.params['finess'] ?? '';
    const card = await context.read(({ quality }) =>
      quality.scorecard(scoredFeed, facility, spanOf(context.now, days), settings),
    );
    return { card, days };
  };
  const see = ['regional-operator', 'hospital-admin', 'read-only', 'auditor'] as const;
  return [
    {
      path: '/etablissements/:finess/qualite',
      see,
      get: async (context) => {
        const { card, days } = await read(context);
        return card === undefined ? missing : scorecardPage(context, card, days);
      },
    },
    {
      path: '/etablissements/:finess/qualite.csv',
      see,
      get: async (context) => {
        const { card } = await read(context);
        return card === undefined ? missing : scorecardFile(card, context.language);
      },
    },
  ];
}

function scorecardPage(context: PageContext, card: Scorecard, days: number): Answer {
  const { language, to } = context;
  const say = teller(portalQuality, language);
  const path = `/etablissements/${card.facility}/qualite`;
  const sentence = say(sentenceOf(card), { name: card.name, n: card.improve.length });
  const kicker = html`<a href="${to(`/etablissements/${card.facility}`)}">${card.name}</a> <span aria-hidden="true">›</span> ${say('quality')} <span class="chip">FINESS ${card.facility}</span>`;
  const lede = html`${say('lede', {
    count: count(card.records, language),
    from: dayWords(card.from, 'month', language),
    to: dayWords(card.to, 'month', language),
    days: card.days,
  })} ${remainingWords(card.uncounted, language)}`;
  const body = html`${pageHead({ kicker, sentence, lede, aside: periodLinks(context, path, days) })}<section class="cols three" aria-label="${say('quality')}"><div class="card pad">${improvePanel(card, context)}</div><div class="card pad"><h2>${say('allowance')}</h2>${allowance(card, language)}</div><div class="card pad"><h2>${say('otherFacts')}</h2>${otherFacts(card, language)}</div></section><section class="sec">${itemTable(card, language, days, 'whole')}</section><section class="sec" id="constats">${ruleTable(context, card.rules)}</section>`;
  return { kind: 'page', title: sentence, body, nav: 'facilities' };
}

function sentenceOf({ records, improve }: Scorecard) {
  if (records === 0) return 'sentenceNone';
  if (improve.length === 0) return 'sentenceGood';
  return improve.length === 1 ? 'sentenceOne' : 'sentenceMany';
}

function periodLinks({ language, to }: PageContext, path: string, days: number): Html {
  const say = teller(portalQuality, language);
  const links = periods.map(
    (each) =>
      html`<a href="${to(`${path}?jours=${each}`)}"${each === days ? html` aria-current="true"` : nothing}>${
        each === 365 ? say('year') : say('days', { n: each })
      }</a>`,
  );
  return html`<div class="acts"><span class="seg" role="group" aria-label="${say('period')}">${links}</span><a class="btn" href="${to(`${path}.csv?jours=${days}`)}">${say('download')}</a></div>`;
}

function allowance({ allowance: given, items }: Scorecard, language: Language): Html {
  const say = teller(portalQuality, language);
  const target = items.find(({ tag }) => tag === 'DP')?.target ?? 0.95;
  const answer = (is: boolean | null): Html =>
    is === null
      ? html`<span class="faint">${say('unknown')}</span>`
      : is
        ? badge('ok', 'k', say('yes'))
        : badge('late', 's', say('no'));
  return facts([
    [say('allowanceDiagnosis', { target: targetWords(target, language) }), answer(given.diagnosis)],
    [say('allowanceLow'), answer(given.noLowDay)],
  ]);
}

function otherFacts({ consistent, repeated, delayHours, lowDays }: Scorecard, language: Language): Html {
  const say = teller(portalQuality, language);
  const shown = lowDays.slice(-5).map((day) => dayWords(day, 'month', language));
  return facts([
    [say('consistent'), consistent === null ? '—' : percent(consistent, language)],
    [say('repeated'), count(repeated, language)],
    [
      say('delay'),
      delayHours === null ? say('noDelay') : say('hours', { n: oneDecimal(delayHours, language) }),
    ],
    [
      say('lowDays'),
      lowDays.length === 0 ? say('none') : say('lowDaysAre', { n: lowDays.length, days: shown.join(', ') }),
    ],
  ]);
}

function ruleTable({ language, to }: PageContext, rules: readonly BrokenRule[]): Html {
  const say = teller(portalQuality, language);
  if (rules.length === 0)
    return html`<div class="card pad"><h2>${say('rules')}</h2><p>${say('noRules')}</p></div>`;
  const rows = rules.map(
    ({ rule, severity, field, count: broken, examples }) =>
      html`<tr><th scope="row" class="wrap-cell">${findingText(rule, language, field)}</th><td class="nowrap">${say(severity)}</td><td class="mono nowrap">${field ?? '—'}</td><td class="num">${count(broken, language)}</td><td class="small wide-cell">${
        examples.length === 0
          ? '—'
          : examples.map(
              (each, index) =>
                html`${index === 0 ? '' : ', '}<a class="mono" href="${to(`/lots/${encodeURIComponent(each.export)}`)}">${each.export.slice(0, 8)}</a> ${each.line}`,
            )
      }</td></tr>`,
  );
  return html`<div class="card scroll" tabindex="0" role="region" aria-label="${say('rules')}"><table class="tab"><caption>${say('rules')}</caption><thead><tr><th scope="col">${say('rule')}</th><th scope="col">${say('severity')}</th><th scope="col">${say('item')}</th><th scope="col" class="num">${say('visits')}</th><th scope="col">${say('examples')}</th></tr></thead><tbody>${rows}</tbody></table><p class="small muted pad">${say('rulesNote')}</p></div>`;
}

function oneDecimal(value: number, language: Language): string {
  const text = value.toFixed(1);
  return language === 'fr' ? text.replace('.', ',') : text;
}
