import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { proxyFor } from '../../../agent/push/proxy.ts';

const region = 'https://recepteur.region.example:8443';
const configured = (more: object = {}) => ({
  url: 'http://proxy.hopital.example:3128',
  noProxy: [],
  ...more,
});
const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;

describe('the way to the region', () => {
  it('is direct when nobody names a proxy', async () => {
    expect(await proxyFor(region, undefined, {})).toBeUndefined();
  });

  it('goes through the proxy of the configuration, whatever the environment says', async () => {
    expect(await proxyFor(region, configured(), { HTTPS_PROXY: 'http://other:1' })).toEqual({
      url: 'http://proxy.hopital.example:3128',
      token: undefined,
    });
  });

  it('goes through HTTPS_PROXY when the configuration names none; the lower-case name comes first', async () => {
    const env = { HTTPS_PROXY: 'http://upper:1', https_proxy: 'lower.example:3128' };
    expect(await proxyFor(region, undefined, env)).toEqual({
      url: 'http://lower.example:3128',
      token: undefined,
    });
    expect(await proxyFor(region, undefined, { HTTPS_PROXY: 'https://upper:1' })).toMatchObject({
      url: 'https://upper:1',
    });
    await expect(proxyFor(region, undefined, { HTTPS_PROXY: 'socks5://x:1' })).rejects.toMatchObject({
      code: 'proxy-invalid',
    });
  });

  it('takes the name and password from the address, from settings and a file, never into what is shown', async () => {
    expect(await proxyFor(region, undefined, { HTTPS_PROXY: 'http://jean:p%40ss@proxy:3128' })).toEqual({
      url: 'http://proxy:3128',
      token: basic('jean:p@ss'),
    });
    const folder = mkdtempSync(join(tmpdir(), 'vgm-proxy-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const passwordFile = join(folder, 'password');
    writeFileSync(passwordFile, 's3cret\n');
    expect(await proxyFor(region, configured({ username: 'agent', passwordFile }), {})).toMatchObject({
      token: basic('agent:s3cret'),
    });
    const lost = configured({ username: 'agent', passwordFile: join(folder, 'none') });
    await expect(proxyFor(region, lost, {})).rejects.toMatchObject({ code: 'proxy-password-unreadable' });
  });

  it.each([
    ['*', true],
    ['recepteur.region.example', true],
    ['RECEPTEUR.region.example', true],
    ['region.example', true],
    ['.region.example', true],
    ['*.region.example', true],
    ['recepteur.region.example:8443', true],
    ['recepteur.region.example:443', false],
    ['region.exam', false],
    ['xregion.example', false],
    ['egion.example', false],
    ['', false],
  ])('leaves the proxy out for %s: %s', async (exception, isDirect) => {
    const byConfig = await proxyFor(region, configured({ noProxy: [exception] }), {});
    const byEnvironment = await proxyFor(region, configured(), { no_proxy: `localhost, ${exception}` });
    expect([byConfig === undefined, byEnvironment === undefined]).toEqual([isDirect, isDirect]);
  });

  it.each([
    ['https://10.1.2.3', '10.0.0.0/8', true],
    ['https://10.1.2.3', '10.1.2.3', true],
    ['https://10.1.2.3:8443', '10.1.2.3:8443', true],
    ['https://10.1.2.3', '10.2.0.0/16', false],
    ['https://10.1.2.3', '10.0.0.0/99', false],
    ['https://[fd00::5]', 'fd00::/8', true],
    ['https://[fd00::5]', '[fd00::5]', true],
    ['https://[fd00::5]', 'fe80::/10', false],
    ['https://110.1.2.3', '10.1.2.3', false],
  ])('%s under the exception %s: %s', async (target, exception, isDirect) => {
    expect((await proxyFor(target, configured({ noProxy: [exception] }), {})) === undefined).toBe(isDirect);
  });
});
