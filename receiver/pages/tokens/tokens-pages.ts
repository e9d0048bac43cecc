import { portalTokens } from '../../../shared/i18n/portal-tokens.ts';
import { profileWords } from '../../../shared/i18n/terminal-accounts.ts';
import { namesIn } from '../../accounts/access.ts';
import { profiles } from '../../accounts/profile.ts';
import { createApiToken, mostDays, revokeApiToken, usualDays, type NewToken } from '../../api/tokens.ts';
import { apiScopes } from '../../store/token-tables.ts';
import { reasonField } from '../accounts/access-fields.ts';
import { orRetold } from '../accounts/retold.ts';
import type { PortalDeps } from '../deps.ts';
import { html, nothing, type Html } from '../html.ts';
import { missing, type ActContext, type Answer, type Page, type PageContext } from '../page.ts';
import { formToken, pageHead } from '../parts.ts';
import { teller } from '../typeset.ts';
import { tokenTable } from './token-table.ts';

type Deps = Pick<PortalDeps, 'store' | 'clock' | 'random' | 'onChange'>;

const path = '/administration/jetons';

/** Programs that may ask the API: made and revoked by administrators. */
export function createTokenPages(deps: Deps): readonly Page[] {
  return [
    {
      ...{ path, see: ['administrator'], get: (context) => listPage(context) },
      act: {
        may: ['administrator'],
        post: (context) =>
          orRetold(
            context.language,
            async () =>
              createdPage(context, await createApiToken(askedOf(context), { ...deps, actor: context.actor })),
            (notice) => listPage(context, { notice, asked: askedOf(context) }),
          ),
      },
    },
    {
      path: `${path}/:id/revoquer`,
      see: ['administrator'],
      get: (context) => revokePage(context),
      act: {
        may: ['administrator'],
        post: (context) =>
          orRetold(
            context.language,
            async () => {
              const { params, form, actor, to } = context;
              if ((await named(context)) === undefined) return missing;
              await revokeApiToken({ id: params['id'] ?? '', reason: form('reason') }, { ...deps, actor });
              // What is withdrawn is published beside the backups.
              deps.onChange();
              return { kind: 'redirect', to: to(path) };
            },
            (notice) => revokePage(context, { notice, reason: context.form('reason') }),
          ),
      },
    },
  ];
}

interface Asked {
  readonly name: string;
  readonly profile: string;
  readonly scopes: readonly string[];
  readonly facilities: readonly string[];
  readonly days: number;
}

const nothingAsked: Asked = { name: '', profile: 'read-only', scopes: [], facilities: [], days: usualDays };

function askedOf({ form, all }: ActContext): Asked {
  return {
    ...{ name: form('name'), profile: form('profile'), scopes: all('scope') },
    facilities: namesIn(form('facilities')),
    days: /^\d{1,6}$/.test(form('days')) ? Number(form('days')) : Number.NaN,
  };
}

async function listPage(
  context: PageContext,
  { notice, asked }: { readonly notice: Html; readonly asked: Asked } = {
    notice: nothing,
    asked: nothingAsked,
  },
): Promise<Answer> {
  const { language, to, now } = context;
  const say = teller(portalTokens, language);
  const tokens = await context.read((reads) => reads.tokens.all());
  const good = tokens.filter((token) => token.revokedAt === null && token.expiresAt > now).length;
  const sentence = good === 0 ? 'sentenceNone' : good === 1 ? 'sentenceOne' : 'sentenceMany';
  const body = html`${pageHead({
    kicker: html`<a href="${to('/administration')}">${say('administration')}</a>`,
    sentence: say(sentence, { count: good }),
    lede: say('lede'),
    aside: html`<a class="btn" href="/api/v1/openapi.json">${say('document')}</a>`,
  })}${tokens.length === 0 ? nothing : tokenTable(context, tokens)}<section class="sec"><div class="sech"><h2>${say('create')}</h2></div>${createForm(context, asked, notice)}</section>`;
  return { kind: 'page', title: say('title'), nav: 'administration', body };
}

function createForm({ language, viewer, to }: PageContext, asked: Asked, notice: Html): Html {
  const say = teller(portalTokens, language);
  const options = profiles
    .filter((profile) => profile !== 'agency')
    .map(
      (profile) =>
        html`<option value="${profile}"${asked.profile === profile ? html` selected` : nothing}>${profileWords[profile][language]}</option>`,
    );
  const scopes = apiScopes.map(
    (scope) =>
      html`<div class="check"><input type="checkbox" id="scope-${scope}" name="scope" value="${scope}"${asked.scopes.includes(scope) ? html` checked` : nothing} /><label for="scope-${scope}" class="mono">${scope}</label></div>`,
  );
  const days = Number.isNaN(asked.days) ? '' : asked.days;
  return html`<form class="card pad stack slim" method="post" action="${to(path)}">${formToken(viewer)}${notice}<div><label for="name">${say('name')} <span class="hint">${say('nameHint')}</span></label><input class="field" id="name" name="name" autocomplete="off" required maxlength="100" value="${asked.name}" /></div><div><label for="profile">${say('profile')}</label><select class="field" id="profile" name="profile">${options}</select></div><fieldset><legend>${say('scopes')}</legend>${scopes}</fieldset><div><label for="facilities">${say('facilities')} <span class="hint">${say('facilitiesHint')}</span></label><textarea class="field" id="facilities" name="facilities" spellcheck="false">${asked.facilities.join(' ')}</textarea></div><div><label for="days">${say('days')} <span class="hint">${say('daysHint', { most: mostDays })}</span></label><input class="field" id="days" name="days" inputmode="numeric" required maxlength="4" value="${days}" /></div><p class="acts"><button class="btn main" type="submit">${say('create')}</button></p></form>`;
}

/** The answer to the form itself, and to nothing else: asked for again, it is not there. */
function createdPage({ language, to }: PageContext, { row, said }: NewToken): Answer {
  const say = teller(portalTokens, language);
  const sentence = say('createdSentence', { name: row.name });
  const body = html`${pageHead({ sentence, lede: say('createdLede') })}<div class="card pad stack slim"><p class="code once mono">${said}</p><p><a class="btn main" href="${to(path)}">${say('back')}</a></p></div>`;
  return { kind: 'page', title: sentence, nav: 'administration', body };
}

async function named(
  context: PageContext,
): Promise<{ readonly id: string; readonly name: string } | undefined> {
  const tokens = await context.read((reads) => reads.tokens.all());
  return tokens.find(({ id, revokedAt }) => id === context.params['id'] && revokedAt === null);
}

async function revokePage(
  context: PageContext,
  again: { readonly notice: Html; readonly reason: string } = { notice: nothing, reason: '' },
): Promise<Answer> {
  const token = await named(context);
  if (token === undefined) return missing;
  const { language, viewer, to } = context;
  const say = teller(portalTokens, language);
  const body = html`${pageHead({
    kicker: html`<a href="${to(path)}">${say('title')}</a>`,
    sentence: say('revokeSentence', { name: token.name }),
    lede: say('revokeLede'),
  })}<form class="card pad stack slim" method="post" action="${to(`${path}/${token.id}/revoquer`)}">${formToken(viewer)}${again.notice}${reasonField(language, again.reason)}<p class="acts"><button class="btn warn" type="submit">${say('revoke')}</button><a class="btn" href="${to(path)}">${say('cancel')}</a></p></form>`;
  return { kind: 'page', title: say('revoke'), nav: 'administration', body };
}
