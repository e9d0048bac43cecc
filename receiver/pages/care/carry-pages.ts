import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describeCode } from '../../../shared/i18n/errors.ts';
import { permanent, systemCode } from '../../../shared/runtime/errors.ts';
import { appendAudit } from '../../audit/audit-log.ts';
import { bringCarry, type Brought } from '../../inbox/bring-carry.ts';
import { loadRegion } from '../../pki/region-keys.ts';
import { stateFolder } from '../../state-folder.ts';
import type { PortalDeps } from '../deps.ts';
import { html, nothing, type Html } from '../html.ts';
import { missing, type ActContext, type Answer, type Page, type PageContext } from '../page.ts';
import { formToken } from '../parts.ts';
import type { FacilitySeen } from '../reads/care-reads.ts';
import { careAct, carePage, ofFacility, pathOf, refusable, speak, type Refusal } from './care-frame.ts';

/**
 * A file carried by hand comes in through the page, by the same door as at the command line; what goes back to the
 * hospital waits a day for whoever brought it.
 */
const mostBytes = 64 * 1024 * 1024;
const waitSeconds = 2;
const keptMs = 86_400_000;
const see = ['regional-operator', 'hospital-admin'] as const;
const answerName = /^[0-9a-f]{32}$/;

export function createCarryPages(deps: PortalDeps): readonly Page[] {
  const folder = join(deps.config.state, 'carried');
  return [
    {
      path: '/etablissements/:finess/transport',
      see,
      get: (context) => ofFacility(context, (_context, facility) => show(context, facility)),
      act: {
        may: careAct,
        uploadBytes: mostBytes,
        post: (context) =>
          ofFacility(context, (_context, facility) =>
            refusable(
              context,
              async () => {
                const { brought, answer } = await bring(deps, folder, context, facility);
                deps.onChange();
                return done(context, facility, brought, answer);
              },
              (refusal) => show(context, facility, refusal),
            ),
          ),
      },
    },
    {
      path: '/etablissements/:finess/transport/:answer',
      see,
      get: (context) =>
        ofFacility(context, async (_context, { finess }) => {
          const answer = context.params['answer'] ?? '';
          if (!answerName.test(answer)) return missing;
          const content = await readFile(join(folder, `${finess}-${answer}.vgm`)).catch(gone);
          if (content === undefined) return missing;
          return {
            ...{ kind: 'file', name: `recus-${finess}.vgm`, type: 'application/octet-stream', content },
          };
        }),
    },
  ];
}

async function bring(
  { store, clock, random, logger, sign, config }: PortalDeps,
  folder: string,
  { upload, actor }: ActContext,
  { finess }: FacilitySeen,
): Promise<{ readonly brought: Brought; readonly answer: string }> {
  if (upload === undefined || upload.content.length === 0) throw permanent('care-carry-missing');
  const { rootDigest } = await loadRegion(stateFolder(config.state).keys);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await tidy(folder, clock.now());
  const answer = random.bytes(16).toString('hex');
  const file = join(folder, `${answer}.in`);
  await writeFile(file, upload.content, { mode: 0o600, flag: 'wx' });
  try {
    const brought = await bringCarry(
      {
        ...{ store, clock, random, logger, sign, rootDigest },
        mayBring: ({ facilities }) => {
          if (!facilities.includes(finess)) throw permanent('care-carry-elsewhere');
        },
        writeDown: (tx, { id }, { stored, repeats }) =>
          appendAudit(tx, clock, actor, {
            ...{ action: 'carry.import', subject: id, facility: finess, facts: { stored, repeats } },
          }),
      },
      { file, answer: join(folder, `${finess}-${answer}.vgm`), waitSeconds },
    );
    return { brought, answer };
  } finally {
    await rm(file, { force: true });
  }
}

/** What nobody fetched within a day is fetched by bringing the file again. */
async function tidy(folder: string, now: number): Promise<void> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    const stats = await stat(path).catch(gone);
    if (stats !== undefined && now - stats.mtimeMs > keptMs) await rm(path, { force: true });
  }
}

function gone(error: unknown): undefined {
  if (systemCode(error) !== 'ENOENT') throw error;
  return undefined;
}

async function show(context: PageContext, facility: FacilitySeen, refusal?: Refusal): Promise<Answer> {
  const { language, viewer, to } = context;
  const say = speak(language);
  const path = to(pathOf(facility, 'transport'));
  const unchanged =
    refusal === undefined ? nothing : html`<p class="muted">${say('carryNothingChanged')}</p>`;
  return carePage(context, facility, {
    ...{ here: say('carry'), refusal },
    sentence: say('carrySentence', { name: facility.name }),
    lede: say('carryLede'),
    body: html`${unchanged}<section class="sec"><form class="ask" method="post" action="${path}" enctype="multipart/form-data">${formToken(viewer)}<p><label for="c-fichier">${say('carryFile')} <span class="hint">${say(
      'carryFileHint',
      { most: mostBytes / 1024 / 1024 },
    )}</span></label><input class="field" id="c-fichier" type="file" name="fichier" required /></p><p class="acts"><button class="btn main">${say('carryBring')}</button><a class="btn" href="${to(pathOf(facility))}">${say('cancel')}</a></p></form></section>`,
  });
}

function done(
  context: PageContext,
  facility: FacilitySeen,
  { agent, stored, repeats, refused }: Brought,
  answer: string,
): Answer {
  const { language, to } = context;
  const say = speak(language);
  const refusals = Object.entries(refused);
  const lost = refusals.reduce((sum, [, n]) => sum + n, 0);
  const repeated = stored === 0 && lost === 0;
  const list: Html =
    refusals.length === 0
      ? nothing
      : html`<section class="sec"><h2>${say('carryRefused')}</h2><ul>${refusals.map(
          ([code, n]) =>
            html`<li>${say('carryRefusedLine', { message: describeCode(code, language).message, n })}</li>`,
        )}</ul></section>`;
  return carePage(context, facility, {
    here: say('carry'),
    sentence: repeated ? say('carryRepeat') : say('carryDone', { stored }),
    lede: say('carryDoneLede', { agent: agent.name, repeats, refused: lost }),
    body: html`${list}<p class="acts"><a class="btn main" href="${to(pathOf(facility, `transport/${answer}`))}">${say('carryAnswer')}</a><a class="btn" href="${to(pathOf(facility))}">${say('back')}</a></p>`,
  });
}
