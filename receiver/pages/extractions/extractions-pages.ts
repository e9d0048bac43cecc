import { open } from 'node:fs/promises';
import { asFault } from '../../../shared/runtime/errors.ts';
import { fileFault } from '../../extraction/desk.ts';
import { openExtractionDesk } from '../../extraction/open-extractions.ts';
import type { PortalDeps } from '../deps.ts';
import { missing, type Answer, type Page } from '../page.ts';
import { detailPage } from './detail-page.ts';
import { requesterOf } from './extraction-words.ts';
import { listPage } from './list-page.ts';
import { askPost, newPage } from './new-page.ts';

/** Rows and counts taken out of the region, for whoever may have them: asked for, followed, fetched. */
export function createExtractionPages({
  config,
  store,
  clock,
  random,
  onChange,
}: PortalDeps): readonly Page[] {
  const see = ['regional-operator', 'hospital-admin', 'health-professional', 'read-only', 'auditor'] as const;
  const desk = openExtractionDesk({ config, store, clock, random, onChange });
  const asking = { desk, store, clock };
  return [
    { path: '/extractions', see, get: (context) => listPage(context, desk, config.retention.extractionDays) },
    {
      path: '/extractions/nouvelle',
      see,
      get: (context) => newPage(context, asking),
      act: { may: see, post: (context) => askPost(context, asking) },
    },
    {
      path: '/extractions/:id',
      see,
      get: (context) =>
        known(async () =>
          detailPage(context, await desk.get(requesterOf(context.viewer), idOf(context.params))),
        ),
    },
    {
      path: '/extractions/:id/annuler',
      see,
      act: {
        may: see,
        post: (context) =>
          known(async () => {
            const id = idOf(context.params);
            await desk.cancel(requesterOf(context.viewer), id);
            return { kind: 'redirect', to: context.to(`/extractions/${id}`) };
          }),
      },
    },
    {
      path: '/extractions/:id/fichier',
      see,
      isFetch: true,
      get: (context) =>
        known(async () => {
          const { path, name, type, bytes } = await desk.fetch(
            requesterOf(context.viewer),
            idOf(context.params),
          );
          const file = await open(path).catch((error: unknown) => {
            throw fileFault(error);
          });
          return { kind: 'stream', name, type, bytes, content: file.createReadStream() };
        }),
    },
  ];
}

function idOf({ id = '' }: Readonly<Record<string, string>>): string {
  return id.toLowerCase();
}

/** What is not there, and what is somebody else's, is missing alike. */
async function known(work: () => Promise<Answer>): Promise<Answer> {
  try {
    return await work();
  } catch (error) {
    if (asFault(error).code === 'extraction-unknown') return missing;
    throw error;
  }
}
