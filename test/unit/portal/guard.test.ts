import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPortalLab, viewerAs, type PortalLab } from '../../support/portal/portal-lab.ts';

let lab: PortalLab;
beforeAll(async () => {
  lab = await createPortalLab();
});
afterAll(() => lab.close());

describe('the door of the pages', () => {
  it('sends whoever has not signed in to sign in, and back afterwards', async () => {
    const { status, location } = await lab.get('/aide?x=1');
    expect(status).toBe(303);
    expect(location).toBe(`/connexion?vers=${encodeURIComponent('/aide?x=1')}`);
    expect((await lab.get('/en/aide')).location).toMatch(/^\/en\/connexion/);
  });

  it('shows a page in the language of its address', async () => {
    const viewer = viewerAs('read-only');
    expect((await lab.get('/aide', viewer)).text).toContain('<html lang="fr"');
    expect((await lab.get('/en/aide', viewer)).text).toContain('<h1>Help and shortcuts</h1>');
  });

  it('keeps to English on the first page, whatever its filters', async () => {
    const viewer = viewerAs('read-only');
    const { text } = await lab.get('/en?jours=7', viewer);
    expect(text).toContain('<html lang="en"');
    expect(text).not.toContain('href="/en/?');
    expect((await lab.get('/?jours=7', viewer)).text).toContain('href="/en?jours=7"');
    expect((await lab.get('/en/', viewer)).status).toBe(200);
    expect((await lab.get('/en?jours=7')).location).toMatch(/^\/en\/connexion/);
  });

  it('says the same of what does not exist as of what is not for this profile', async () => {
    const { status, text } = await lab.get('/rien', viewerAs('agency'));
    expect(status).toBe(404);
    expect(text).toContain('Page introuvable');
  });

  it('lets the browser load nothing from elsewhere and run nothing from the page', async () => {
    const { headers, text } = await lab.get('/aide', viewerAs('read-only'));
    const policy = String(headers['content-security-policy']);
    for (const rule of [
      "default-src 'none'",
      "style-src 'self'",
      "script-src 'self'",
      "frame-ancestors 'none'",
    ])
      expect(policy).toContain(rule);
    expect(text).not.toMatch(/ style=|<script>|src="data:|https?:\/\//);
  });

  it('leads nowhere else, whatever the address', async () => {
    for (const url of ['/en//evil.example/x', '//evil.example/x', '/en/\\evil.example'])
      expect((await lab.get(url, viewerAs('read-only'))).text).not.toMatch(/href="(\/\/|\/\\|https?:)/);
  });

  it('does not start with a route that says nobody may use it', () => {
    expect(() => lab.app.get('/oubli', () => 'x')).toThrow();
  });
});
