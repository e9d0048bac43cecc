import type { SyndromicGroup } from '../../../shared/feeds/syndromic-groups.ts';
import { diagnosesNames } from '../../../shared/i18n/terminal-reports.ts';
import type { Language } from '../../../shared/i18n/texts.ts';
import { settingsText } from '../../../shared/runtime/settings.ts';
import { hasRight } from '../../accounts/profile.ts';
import type { Groups } from '../../reports/groups.ts';
import type { SyndromeVersion } from '../../store/report-tables.ts';
import { html, nothing, type Html } from '../html.ts';
import type { Answer, PageContext } from '../page.ts';
import { formToken, pageHead } from '../parts.ts';
import { momentWords } from '../words.ts';
import type { Refused } from './report-list-page.ts';
import { speak } from './report-words.ts';

/** The groups in force, every version of them, and for administrators the text to make another of. */
export async function groupsPage(context: PageContext, refused?: Refused): Promise<Answer> {
  const { language, to, viewer } = context;
  const say = speak(language);
  const { found, versions } = await context.read(async ({ reports }) => ({
    found: await reports.groups(),
    versions: await reports.versions(),
  }));
  const { groups, version } = found;
  const head = pageHead({
    kicker: html`<a href="${to('/rapports')}">${say('title')}</a> <span aria-hidden="true">›</span> ${say('groups')}`,
    sentence: say('groupsSentence', { n: groups.length, version }),
    lede: say('groupsLede'),
  });
  const form = hasRight(viewer, ['administrator']) ? editForm(context, found, refused) : nothing;
  const body = html`${head}${refused === undefined ? nothing : html`<div class="note" role="alert" id="refus"><strong class="msg">${refused.message}</strong><p>${refused.hint}.</p></div>`}<section class="sec">${groupTable(groups, language)}</section>${form}<section class="sec">${versionTable(context, versions)}</section>`;
  return {
    ...{ kind: 'page', title: say('groups'), nav: 'reports', body },
    ...(refused === undefined ? {} : { status: 422 }),
  };
}

function groupTable(groups: readonly SyndromicGroup[], language: Language): Html {
  const say = speak(language);
  const heads = (['group', 'codes', 'diagnoses', 'age', 'expected', 'source'] as const).map(
    (name) => html`<th scope="col">${say(name)}</th>`,
  );
  const rows = groups.map(
    (group) =>
      html`<tr><th scope="row">${group.name[language]}<small>${group.id}</small></th><td>${group.codes.join(' ')}</td><td>${diagnosesNames[group.diagnoses][language]}</td><td>${ageWords(group, language)}</td><td>${expectedWords(group, language)}</td><td>${group.source}</td></tr>`,
  );
  return html`<div class="card scroll" tabindex="0" role="region" aria-label="${say('groups')}"><table class="tab flow"><caption>${say('groups')}</caption><thead><tr>${heads}</tr></thead><tbody>${rows}</tbody></table></div>`;
}

function ageWords({ age }: SyndromicGroup, language: Language): string {
  const say = speak(language);
  if (age?.below !== undefined) return say('ageBounds', { from: age.from ?? 0, below: age.below });
  return age?.from === undefined ? say('anyAge') : say('ageFrom', { from: age.from });
}

function expectedWords({ expected }: SyndromicGroup, language: Language): string {
  const weeks = Object.keys(expected?.weeks ?? {}).length;
  const words = [
    ...(expected?.every === undefined ? [] : [`${expected.every.low} – ${expected.every.high}`]),
    ...(weeks === 0 ? [] : [speak(language)('expectedWeeks', { n: weeks })]),
  ];
  return words.length === 0 ? '—' : words.join(', ');
}

function editForm({ language, to, viewer }: PageContext, { groups }: Groups, refused?: Refused): Html {
  const say = speak(language);
  const text = refused?.form('groupes') ?? settingsText({ groups });
  const wrong = refused === undefined ? nothing : html` aria-invalid="true" aria-describedby="refus"`;
  return html`<section class="sec"><form class="ask" method="post" action="${to('/rapports/groupes')}"><h2>${say('edit')}</h2>${formToken(viewer)}<p><label for="g-texte">${say('text')} <span class="hint">${say('textHint')}</span></label><textarea class="field code" id="g-texte" name="groupes" rows="24" spellcheck="false" required${wrong}>
${text}</textarea></p><p><label for="g-motif">${say('reason')}</label><input class="field" id="g-motif" name="motif" maxlength="500" required value="${refused?.form('motif') ?? ''}" /></p><p class="acts"><button class="btn main">${say('set')}</button><a class="btn" href="${to('/rapports')}">${say('cancel')}</a></p></form></section>`;
}

function versionTable({ language, now }: PageContext, versions: readonly SyndromeVersion[]): Html {
  const say = speak(language);
  const heads = (['version', 'when', 'person', 'reason'] as const).map(
    (name) => html`<th scope="col">${say(name)}</th>`,
  );
  const rows = versions.map(
    ({ version, at, person, reason }) =>
      html`<tr><th scope="row">${version}</th><td>${momentWords(at, now, language)}</td><td>${person}</td><td>${reason}</td></tr>`,
  );
  return html`<div class="card scroll" tabindex="0" role="region" aria-label="${say('versions')}"><table class="tab flow"><caption>${say('versions')}</caption><thead><tr>${heads}</tr></thead><tbody>${rows}<tr><th scope="row">0</th><td colspan="3">${say('own')}</td></tr></tbody></table></div>`;
}
