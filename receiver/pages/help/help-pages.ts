import { portalHelp } from '../../../shared/i18n/portal-help.ts';
import { html } from '../html.ts';
import type { Page } from '../page.ts';
import { pageHead } from '../parts.ts';
import { teller } from '../typeset.ts';

/** Help with the keyboard, and what is known of accessibility. */
export function createHelpPages(): readonly Page[] {
  return [
    {
      path: '/aide',
      see: 'signed-in',
      get: async ({ language }) => {
        const say = teller(portalHelp, language);
        const rows = shortcuts.map(
          ([keys, name]) =>
            html`<tr><th scope="row">${keys.map((key) => html`<kbd>${key === 'enter' || key === 'escape' ? say(key) : key}</kbd> `)}</th><td>${say(name)}</td></tr>`,
        );
        const body = html`${pageHead({ sentence: say('title'), lede: say('lede') })}<div class="card scroll" tabindex="0" role="region" aria-label="${say('shortcuts')}"><table class="tab"><caption>${say('shortcuts')}</caption><thead><tr><th scope="col">${say('key')}</th><th scope="col">${say('effect')}</th></tr></thead><tbody>${rows}</tbody></table></div><p class="sec"><button class="btn" type="button" data-shortcuts hidden>${say('turnOff')}</button></p>`;
        return { kind: 'page', title: say('title'), body };
      },
    },
    {
      path: '/accessibilite',
      see: 'signed-in',
      get: async ({ language }) => {
        const say = teller(portalHelp, language);
        const body = html`${pageHead({ sentence: say('accessibilityTitle'), lede: say('accessibilityLede') })}<div class="card pad"><p>${say('accessibilityChecked')}</p></div>`;
        return { kind: 'page', title: say('accessibilityTitle'), body };
      },
    },
  ];
}

const shortcuts = [
  [['/'], 'keySearch'],
  [['g', 'a'], 'keyToday'],
  [['g', 'e'], 'keyFacilities'],
  [['g', 'l'], 'keyBatches'],
  [['g', 'd'], 'keyDestinations'],
  [['g', 't'], 'keyAlerts'],
  [['g', 'n'], 'keyAnalysis'],
  [['g', 'r'], 'keyReports'],
  [['j', 'k'], 'keyRows'],
  [['enter'], 'keyOpen'],
  [['←', '→', '↑', '↓'], 'keyGrid'],
  [['Home', 'End'], 'keyEnds'],
  [['escape'], 'keyLeave'],
  [['?'], 'keyHelp'],
] as const;
