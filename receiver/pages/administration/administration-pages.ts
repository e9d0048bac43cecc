import { portalAdministration } from '../../../shared/i18n/portal-administration.ts';
import { asFault } from '../../../shared/runtime/errors.ts';
import { readPublicRing } from '../../pki/public-ring.ts';
import { stateFolder } from '../../state-folder.ts';
import { portalTokens } from '../../../shared/i18n/portal-tokens.ts';
import type { PortalDeps } from '../deps.ts';
import { html } from '../html.ts';
import type { Answer, Page, PageContext } from '../page.ts';
import { pageHead } from '../parts.ts';
import { count } from '../words.ts';
import { admissionPages } from './admission-acts.ts';
import { agentPages } from './agent-acts.ts';
import { agentSection } from './agent-section.ts';
import { facilityPages } from './facility-acts.ts';
import { facilitySection } from './facility-section.ts';
import { keyPages } from './key-acts.ts';
import { keysSeen, keySection } from './key-section.ts';
import { regionKeySection } from './region-key-section.ts';
import { restoredNote } from './restored-note.ts';
import { ruleSection } from './rule-section.ts';
import { teller } from '../typeset.ts';

type Deps = Pick<PortalDeps, 'config' | 'store' | 'clock' | 'random' | 'sign' | 'targets' | 'onChange'>;

/** Rules, agents, facilities, keys; accounts have pages of their own. */
export function createAdministrationPages(deps: Deps): readonly Page[] {
  return [
    { path: '/administration', see: ['administrator'], get: (context) => overview(context, deps) },
    ...agentPages(deps),
    ...admissionPages(deps),
    ...facilityPages(deps),
    ...keyPages(deps),
  ];
}

async function overview(context: PageContext, { config, clock }: Deps): Promise<Answer> {
  const { language, read, to } = context;
  const say = teller(portalAdministration, language);
  const { agents, facilities, approvals } = await read(async ({ administration: reads }) => {
    const found = new Map<string, Awaited<ReturnType<typeof reads.approvals>>>();
    for (const { name } of config.destinations) found.set(name, await reads.approvals(name));
    return { agents: await reads.agents(), facilities: await reads.facilities(), approvals: found };
  });
  const keys = await keysSeen(config.destinations, approvals, clock, language);
  const ring = await readPublicRing(stateFolder(config.state).keys, clock.now()).catch(asFault);
  const waiting = keys.filter(({ missing }) => missing > 0).length;
  const working = agents.filter(({ row }) => row.status !== 'revoked').length;
  const lede =
    waiting === 0
      ? say('nothingWaits')
      : say(waiting === 1 ? 'sentenceKeys' : 'sentenceKeysMany', { count: waiting });
  const facts = { agents: count(working, language), facilities: count(facilities.length, language) };
  const aside = html`<div class="acts"><a class="btn" href="${to('/administration/comptes')}">${say('accounts')}</a><a class="btn" href="${to('/administration/jetons')}">${portalTokens.title[language]}</a></div>`;
  const body = html`${await restoredNote(context)}${pageHead({ sentence: say('sentence', facts), lede, aside })}${agentSection(context, agents)}${facilitySection(context, facilities)}${keySection(context, keys)}${regionKeySection(context, ring)}${ruleSection(context, config.watching, facilities)}`;
  return { kind: 'page', title: say('title'), body, nav: 'administration' };
}
