import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { profiles, type Profile, type Right, type Viewer } from '../../../receiver/accounts/profile.ts';
import type { Page } from '../../../receiver/pages/page.ts';
import { createPortalLab, viewerAs, type PortalLab } from '../../support/portal/portal-lab.ts';

/**
 * Who may see and do what, written down a second time: a page that is added without its line here fails, and every line
 * is tried with every profile against the real doors.
 */
const R: readonly Right[] = ['regional-operator'];
const region: readonly Right[] = [...R, 'read-only', 'auditor'];
const hospitals: readonly Right[] = [...region, 'hospital-admin'];
const extracting: readonly Right[] = [...hospitals, 'health-professional'];
const acting: readonly Right[] = [...R, 'hospital-admin'];
const everybody: readonly Right[] = [...profiles];
const none: readonly Right[] = [];

type Line = readonly [path: string, see: readonly Right[], act: readonly Right[]];

const administrator: readonly Right[] = ['administrator'];
const agency: readonly Right[] = ['agency'];

const table: readonly Line[] = [
  ['/', everybody, none],
  ['/etablissements', region, none],
  ['/mon-etablissement', ['hospital-admin'], none],
  ['/etablissements/:finess', hospitals, none],
  ['/etablissements/:finess/jours/:date', hospitals, none],
  ['/etablissements/:finess/qualite', hospitals, none],
  ['/etablissements/:finess/qualite.csv', hospitals, none],
  ['/etablissements/:finess/contacts', hospitals, acting],
  ['/etablissements/:finess/notes', hospitals, acting],
  ['/etablissements/:finess/fermeture', hospitals, acting],
  ['/etablissements/:finess/degrade', hospitals, acting],
  ['/etablissements/:finess/renvoi', acting, acting],
  ['/rattrapage', hospitals, acting],
  ['/etablissements/:finess/transport', acting, acting],
  ['/etablissements/:finess/transport/:answer', acting, none],
  ['/lots', hospitals, none],
  ['/lots/:id', hospitals, none],
  ['/lots/:id/recus', hospitals, none],
  ['/lots/:id/decision', hospitals, acting],
  ['/lots/:id/proposition', none, acting],
  ['/destinations', region, none],
  ['/destinations/:name', region, none],
  ['/destinations/:name/suspension', R, R],
  ['/destinations/:name/reprise', R, R],
  ['/destinations/:name/essai', none, R],
  ['/destinations/:name/fichiers/:id', region, R],
  ['/renvoi', R, R],
  ['/alertes', hospitals, none],
  ['/alertes/essais', administrator, administrator],
  ['/alertes/appel', none, R],
  ['/alertes/:id', hospitals, none],
  ['/alertes/:id/prendre', none, acting],
  ['/alertes/:id/rendre', none, acting],
  ['/alertes/:id/note', none, acting],
  ['/alertes/:id/clore', none, acting],
  ['/analyser', [...hospitals, 'health-professional'], none],
  ['/analyser.csv', hospitals, none],
  ['/extractions', extracting, none],
  ['/extractions/nouvelle', extracting, extracting],
  ['/extractions/:id', extracting, none],
  ['/extractions/:id/annuler', none, extracting],
  ['/extractions/:id/fichier', extracting, none],
  ['/rapports', hospitals, acting],
  ['/rapports/groupes', hospitals, administrator],
  ['/rapports/:id', hospitals, none],
  ['/rapports/:id/fichier/:forme', hospitals, none],
  ['/agence', agency, none],
  ['/agence/couverture', agency, none],
  ['/agence/accuser/:destination', agency, agency],
  ['/agence/telecharger/:destination', none, agency],
  ['/agence/fichiers/:destination/:id', agency, none],
  ['/agence/fichiers/:destination/:id/telecharger', none, agency],
  ['/agence/fichiers/:destination/:id/accuser', none, agency],
  ['/agence/fichiers/:destination/:id/refuser', none, agency],
  ['/journal', ['regional-operator', 'auditor'], none],
  ['/journal/fichier', ['regional-operator', 'auditor'], none],
  ['/administration', administrator, none],
  ['/administration/agents', none, administrator],
  ['/administration/agents/:id/code', none, administrator],
  ['/administration/agents/:id/admettre', administrator, administrator],
  ['/administration/agents/:id/revoquer', administrator, administrator],
  ['/administration/etablissements', none, administrator],
  ['/administration/rattachements', none, administrator],
  ['/administration/cles', none, administrator],
  ['/administration/comptes', administrator, none],
  ['/administration/comptes/nouveau', administrator, administrator],
  ['/administration/comptes/:id', administrator, administrator],
  ['/administration/comptes/:id/desactiver', administrator, administrator],
  ['/administration/comptes/:id/reactiver', administrator, administrator],
  ['/administration/comptes/:id/second-facteur', administrator, administrator],
  ['/administration/comptes/:id/mot-de-passe', administrator, administrator],
  ['/administration/jetons', administrator, administrator],
  ['/administration/jetons/:id/revoquer', administrator, administrator],
  ['/compte', everybody, none],
  ['/compte/mot-de-passe', everybody, everybody],
  ['/compte/application', everybody, everybody],
  ['/compte/langue', none, everybody],
  ['/compte/sessions', none, everybody],
  ['/aide', everybody, none],
  ['/accessibilite', everybody, none],
];

type Rights = Page['see'];
const listed = (rights: Rights | undefined): readonly string[] =>
  rights === undefined ? [] : typeof rights === 'string' ? [...everybody].sort() : [...rights].sort();

const people: readonly {
  readonly name: string;
  readonly viewer: Viewer;
  readonly rights: readonly Right[];
}[] = [
  ...profiles.map((profile: Profile) => ({ name: profile, viewer: viewerAs(profile), rights: [profile] })),
  {
    name: 'administrator',
    viewer: viewerAs('regional-operator', { administrator: true }),
    rights: ['regional-operator', 'administrator'],
  },
];

let lab: PortalLab;
let pages: readonly Page[] = [];
beforeAll(async () => {
  lab = await createPortalLab({
    // What the doors let through is only counted here: what a page shows of what it reads has tests of its own.
    replace: (all) => {
      pages = all;
      return all.map((page) => ({
        ...page,
        ...(page.get === undefined
          ? {}
          : { get: async () => ({ kind: 'redirect', to: '/let-in' }) as const }),
        ...(page.act === undefined
          ? {}
          : { act: { ...page.act, post: async () => ({ kind: 'redirect', to: '/let-do' }) as const } }),
      }));
    },
  });
});
afterAll(() => lab.close());

describe('the rights of the pages', () => {
  it('are what this table says, for every page there is', () => {
    const found = pages.map(({ path, see, get, act }) => [
      path,
      get === undefined ? [] : listed(see),
      act === undefined ? [] : listed(act.may),
    ]);
    const wanted = table.map(([path, see, act]) => [path, [...see].sort(), [...act].sort()]);
    expect(found.sort()).toEqual(wanted.sort());
  });

  it('let in whom they name and nobody else, in both languages', async () => {
    const wrong: string[] = [];
    for (const [path, see, act] of table)
      for (const { name, viewer, rights } of people)
        for (const prefix of ['', '/en']) {
          const url = `${prefix}${path.replaceAll(/:\w+/g, 'x')}`.replace(/^\/en\/$/, '/en');
          const page = pages.find((one) => one.path === path);
          if (page?.get !== undefined) {
            const { status, location } = await lab.get(url, viewer);
            const isIn = location === '/let-in';
            if (isIn !== rights.some((right) => see.includes(right)) || (!isIn && status !== 404))
              wrong.push(`GET ${url} as ${name}: ${status}`);
          }
          if (page?.act !== undefined && page.act.uploadBytes === undefined) {
            const { status, location } = await lab.post(url, viewer);
            const isIn = location === '/let-do';
            if (isIn !== rights.some((right) => act.includes(right)) || (!isIn && status !== 404))
              wrong.push(`POST ${url} as ${name}: ${status}`);
          }
        }
    expect(wrong).toEqual([]);
  });

  it('send whoever is not signed in to sign in, whatever the page', async () => {
    for (const [path, see, act] of table) {
      const url = path.replaceAll(/:\w+/g, 'x');
      if (see.length > 0) expect((await lab.get(url)).location).toMatch(/^\/connexion/);
      if (act.length > 0) expect((await lab.post(url, undefined)).location).toMatch(/^\/connexion/);
    }
  });

  it('refuse a form that does not carry the token of its session', async () => {
    for (const [path, , act] of table) {
      const right = act[0];
      const page = pages.find((one) => one.path === path);
      if (right === undefined || page?.act?.uploadBytes !== undefined) continue;
      const profile = right === 'administrator' ? 'regional-operator' : right;
      const forged = viewerAs(profile, { administrator: right === 'administrator', csrf: 'mine' });
      const url = path.replaceAll(/:\w+/g, 'x');
      const { status, location } = await lab.postForged(url, forged, 'another');
      expect([url, status, location]).toEqual([url, 403, undefined]);
    }
  });
});
