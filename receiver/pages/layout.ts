import { portalFrame } from '../../shared/i18n/portal-frame.ts';
import type { Language } from '../../shared/i18n/texts.ts';
import type { Profile, Right, Viewer } from '../accounts/profile.ts';
import { hasRight } from '../accounts/profile.ts';
import { idleMsOf } from '../accounts/sessions.ts';
import { glyph, sprite } from './glyphs.ts';
import { html, nothing, trusted, type Html } from './html.ts';
import type { NavName } from './page.ts';
import { pathIn } from './path-in.ts';
import { teller } from './typeset.ts';

export interface Frame {
  readonly title: string;
  readonly body: Html;
  readonly language: Language;
  /** Undefined before signing in. */
  readonly viewer: Viewer | undefined;
  readonly nav: NavName | undefined;
  /** Path and query without `/en`. */
  readonly here: string;
  readonly region: string;
  readonly version: string;
  readonly legalNotice: string | undefined;
  /** Alerts open within the viewer's reach. */
  readonly openAlerts: number;
  readonly bare: boolean;
  readonly theme: 'light' | 'dark' | undefined;
  /** Address of a file of assets/, with its version. */
  readonly asset: (name: string) => string;
  readonly live: boolean;
}

interface NavEntry {
  readonly name: NavName;
  readonly path: string;
  readonly see: readonly Right[];
}

const regional: readonly Profile[] = ['regional-operator', 'read-only', 'auditor'];

/** Who has something to be found. */
const searching: readonly Profile[] = [...regional, 'hospital-admin'];

const entries: readonly NavEntry[] = [
  { name: 'today', path: '/', see: regional },
  { name: 'facilities', path: '/etablissements', see: regional },
  { name: 'facilities', path: '/mon-etablissement', see: ['hospital-admin'] },
  { name: 'deliveries', path: '/agence', see: ['agency'] },
  { name: 'coverage', path: '/agence/couverture', see: ['agency'] },
  { name: 'batches', path: '/lots', see: [...regional, 'hospital-admin'] },
  { name: 'destinations', path: '/destinations', see: regional },
  { name: 'alerts', path: '/alertes', see: [...regional, 'hospital-admin'] },
  { name: 'analysis', path: '/analyser', see: [...regional, 'hospital-admin', 'health-professional'] },
  { name: 'reports', path: '/rapports', see: [...regional, 'hospital-admin'] },
  { name: 'journal', path: '/journal', see: ['auditor', 'regional-operator'] },
  { name: 'administration', path: '/administration', see: ['administrator'] },
];

export function layout(frame: Frame): string {
  const { title, language, bare, theme, asset, body, viewer, live } = frame;
  return html`<!doctype html>
<html lang="${language}"${theme === undefined ? nothing : html` data-theme="${theme}"`}>
<head>
<meta charset="utf-8" />
<meta name="viewport" content="width=device-width,initial-scale=1" />
<title>${title} — Vaguemestre</title>
<link rel="icon" type="image/svg+xml" href="${asset('mark.svg')}" />
<link rel="stylesheet" href="${asset('portal.css')}" />
<script src="${asset('portal.js')}" defer></script>
</head>
<body${live ? html` data-live-page` : nothing}>
<a class="skip" href="#contenu">${portalFrame.skip[language]}</a>
${live ? frozenBand(language) : nothing}${sprite}${bare || viewer === undefined ? body : html`${topBar(frame, viewer)}<main id="contenu" tabindex="-1"><div class="wrap">${body}</div></main>${foot(frame)}${stayNotice(language, viewer)}`}
</body>
</html>`.toString();
}

/** Shown by the script when the page has not been refreshed for 90 seconds; first in order, so that it is read first. */
function frozenBand(language: Language): Html {
  return html`<div class="frozen" role="alert" data-frozen hidden><div class="wrap">${glyph('t')}<span>${portalFrame.frozen[language]} <time data-frozen-since></time></span></div></div>`;
}

/** Two minutes before nobody is taken to be there any more; the minute besides is how late being seen may be noted. */
function stayNotice(language: Language, viewer: Viewer): Html {
  const idleMs = idleMsOf(viewer);
  if (idleMs === undefined) return nothing;
  return html`<div class="stay" role="status" data-idle="${idleMs / 1000 - 180}"><p hidden>${portalFrame.closing[language]} <button type="button" class="btn sm">${portalFrame.stay[language]}</button></p></div>`;
}

function topBar({ language, nav, here, openAlerts }: Frame, viewer: Viewer): Html {
  const say = teller(portalFrame, language);
  const other: Language = language === 'fr' ? 'en' : 'fr';
  const links = entries
    .filter(({ see }) => hasRight(viewer, see))
    .map(({ name, path }) => {
      const count =
        name === 'alerts' && openAlerts > 0
          ? html` <span class="count">${openAlerts}<span class="sr">${say('open')}</span></span>`
          : nothing;
      return html`<a href="${pathIn(path, language)}"${nav === name ? html` aria-current="page"` : nothing}>${say(name)}${count}</a>`;
    });
  return html`<header class="top"><div class="wrap"><a class="brand" href="${pathIn('/', language)}">${brandMark}Vaguemestre</a><nav class="nav" aria-label="${say('mainNav')}">${links}</nav><div class="tools">${hasRight(viewer, searching) ? searchForm(language) : nothing}<a class="lang" href="${pathIn(here, other)}" lang="${other}" hreflang="${other}" title="${say('otherLanguageTitle')}">${say('otherLanguage')}</a><a class="who" href="${pathIn('/compte', language)}"><span class="ava" aria-hidden="true">${initials(viewer.name)}</span><span class="small nm">${viewer.name}</span></a><details class="menu"><summary class="btn sm menu">${say('menu')}</summary><div class="menu-list">${links}<a href="${pathIn(here, other)}" lang="${other}" hreflang="${other}">${say('otherLanguage')}</a></div></details></div></div></header>`;
}

function searchForm(language: Language): Html {
  const say = teller(portalFrame, language);
  return html`<form class="search" role="search" action="${pathIn('/lots', language)}"><label class="sr" for="chercher">${say('searchLabel')}</label><input id="chercher" name="q" placeholder="${say('search')}" autocomplete="off" /><kbd>/</kbd></form>`;
}

function foot({ language, region, version, legalNotice, live }: Frame): Html {
  const say = teller(portalFrame, language);
  return html`<footer class="foot"><div class="wrap"><ul><li>${region}</li><li><a href="${pathIn('/accessibilite', language)}">${say('accessibility')}</a></li><li><a href="${pathIn('/aide', language)}">${say('help')}</a></li>${
    live
      ? html`<li><button type="button" class="plain" data-live-toggle hidden>${say('pauseRefresh')}</button></li>`
      : nothing
  }${
    legalNotice === undefined ? nothing : html`<li><a href="${legalNotice}">${say('legal')}</a></li>`
  }<li class="right">${say('version', { version })}</li></ul></div></footer>`;
}

function initials(name: string): string {
  const words = name.split(/[\s-]+/).filter((word) => word !== '');
  return [words[0], words.length > 1 ? words.at(-1) : undefined]
    .map((word) => word?.charAt(0).toUpperCase() ?? '')
    .join('');
}

export const brandMark: Html = trusted(
  '<svg viewBox="0 0 28 28" fill="none" stroke="currentColor" stroke-width="1.8" aria-hidden="true"><circle cx="11" cy="14" r="9.6"/><circle cx="11" cy="14" r="6.4" stroke-width="1" stroke-dasharray="2 1.8"/><path d="M15 9.5c2-1.6 4-1.6 6 0s4 1.6 6 0M15 14c2-1.6 4-1.6 6 0s4 1.6 6 0M15 18.5c2-1.6 4-1.6 6 0s4 1.6 6 0" stroke-width="1.6" stroke-linecap="round"/></svg>',
);
