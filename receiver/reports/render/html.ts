import { reportTexts } from '../../../shared/i18n/report-texts.ts';
import { shownInstant } from '../../../shared/i18n/shown.ts';
import type { Language } from '../../../shared/i18n/texts.ts';
import type { QualityConfig } from '../../config-quality.ts';
import { html, nothing, type Html } from '../../pages/html.ts';
import { teller } from '../../pages/typeset.ts';
import { count } from '../../pages/words.ts';
import { fewest } from '../../quality/discreet.ts';
import type { Figures } from '../figures/compute.ts';
import { coverageOf, type Coverage } from '../figures/coverage.ts';
import {
  classSections,
  coverageSection,
  dayChart,
  groupSection,
  hourChart,
  keySection,
  qualitySection,
} from './html-sections.ts';
import { facilitySection } from './facility-lines.ts';
import { reportStyle, styleDigest } from './style.ts';
import { titleOf } from './words.ts';

export interface Printed {
  readonly language: Language;
  readonly author: string;
  readonly quality: Pick<QualityConfig, 'target' | 'targets'>;
}

/** One file that needs no other: to be read, printed, sent. It loads nothing and runs nothing. */
export function reportHtml(figures: Figures, { language, author, quality }: Printed): string {
  const say = teller(reportTexts, language);
  const title = titleOf(figures, language);
  const coverage = coverageOf(figures);
  const scope = figures.facility === null ? figures.name : `${figures.name} — FINESS ${figures.facility}`;
  const foot = [
    ...[say('footer'), scope, title],
    say('madeBy', { at: shownInstant(figures.at, language), author }),
  ].join(' · ');
  const style = reportStyle(foot);
  return html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8" />
<meta http-equiv="content-security-policy" content="default-src 'none'; style-src 'sha256-${styleDigest(style.toString())}'" />
<meta name="viewport" content="width=device-width,initial-scale=1" />
<title>${title} — ${figures.name}</title>
<style>${style}</style>
</head>
<body>
<p>${scope}</p>
<h1>${title}</h1>
${ledeOf(figures, coverage, language)}
${coverageSection(coverage, language)}
<p class="small">${say(figures.facility === null ? 'spreadRegion' : 'spreadFacility', { fewest })}</p>
${keySection(figures, language)}
${figures.kind !== 'daily' ? dayChart(figures, language) : nothing}
${hourChart(figures, language)}
${classSections(figures, language)}
${groupSection(figures, coverage, language)}
${qualitySection(figures, quality, language)}
${facilitySection(figures, language)}
<footer>${foot}</footer>
</body>
</html>
`.toString();
}

function ledeOf({ total }: Figures, { whole, incomplete, states }: Coverage, language: Language): Html {
  const say = teller(reportTexts, language);
  const words =
    total.visits === 0 && whole === 0
      ? say('ledeNone')
      : say('ledeVisits', { visits: count(total.visits, language), whole, of: whole + incomplete });
  const isRunning = states.has('running') || states.has('future') || states.has('awaited');
  return html`<p class="${incomplete > 0 ? 'warn' : ''}">${words}${isRunning ? ` ${say('ledeRunning')}` : ''}</p>`;
}
