import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { agentFacts, installFile } from '../../../installers/common/products.ts';
import { restartPauseMs } from '../../../installers/launcher/restart-pause.ts';
import { publisherFault, signer } from '../../../installers/windows/authenticode.ts';
import { installFileScript } from '../../../installers/windows/nsis.ts';

const folder = new URL('../../../installers/windows/', import.meta.url);
const read = (name: string): string => readFileSync(new URL(name, folder), 'utf8');
const work = mkdtempSync(join(tmpdir(), 'vaguemestre-authenticode-'));
afterAll(() => rmSync(work, { recursive: true, force: true }));

describe('exit codes of the setup', () => {
  const defined = [...read('exit-codes.nsh').matchAll(/^!define (\w+) (\d+)$/gm)];

  it('are told apart, and each is explained to whoever deploys it', () => {
    const numbers = defined.map(([, , number]) => Number(number));
    expect(numbers.length).toBeGreaterThan(14);
    expect(new Set(numbers).size).toBe(numbers.length);
    const rows = [...read('README.md').matchAll(/^\| (\d+) +\|/gm)].map(([, number]) => Number(number));
    expect(rows.filter((number) => number > 2)).toEqual(numbers);
  });

  it('are each used', () => {
    const scripts = ['setup.nsi', 'uninstall.nsh'].map(read).join('\n');
    for (const [, name = ''] of defined) expect(scripts, name).toContain(`\${${name}}`);
  });
});

describe('install.json', () => {
  it('is written with the machine’s own places and account, the product first', () => {
    const line = /FileWrite \$1 '(.*)'/.exec(installFileScript(agentFacts))?.[1] ?? '';
    expect(line).not.toContain('ProgramData');
    // As the setup compares it to know its own folder again.
    expect(line.startsWith('{"product":"vaguemestre-agent"')).toBe(true);
    expect(read('setup.nsi')).toContain(`'{"product":"\${PRODUCT}"'`);
    const written = line
      .replaceAll('$DataInJson', 'C:\\\\ProgramData\\\\Vaguemestre')
      .replaceAll('$AccountInJson', 'NT SERVICE\\\\vaguemestre-agent');
    expect(JSON.parse(written)).toEqual(installFile(agentFacts, 'windows'));
  });
});

describe('what runs the agent', () => {
  const said = (current: string, calculated: string, subject: string): string =>
    `PE checksum   : 052FB9BB\n\nMessage digest algorithm  : SHA256\nCurrent message digest    : ${current} \n` +
    `Calculated message digest : ${calculated} \n\nSigner's certificate:\n\t------------------\n\tSigner #0:\n\t\tSubject: ${subject}\n` +
    '\t\tIssuer : /C=US/O=Microsoft Corporation/CN=Microsoft ID Verified CS EOC CA 03\n';
  const one = '5D08881FA2D0946D350F1F33E94880507E787A057FD3B53216D58EFBE8582103';
  const other = one.replace('5D', '5E');
  const openJs = '/C=US/ST=California/L=San Francisco/O=OpenJS Foundation/CN=OpenJS Foundation';

  it('is what its publisher signed, or no setup is made of it', () => {
    expect(publisherFault(said(one, one, openJs))).toBeUndefined();
    expect(publisherFault(said(one, other, openJs))).toContain('changed');
    expect(publisherFault(said(one, one, '/CN=OpenJS Foundation/CN=Somebody'))).toContain('Somebody');
    expect(publisherFault('No signature found')).toBe('is not signed');
  });

  it('is not started again at once when it failed, and at once when it was asked to stop', () => {
    expect(restartPauseMs('win32', 1)).toBeGreaterThan(0);
    expect(restartPauseMs('win32', 70)).toBeGreaterThan(0);
    for (const code of [0, 2]) expect(restartPauseMs('win32', code)).toBe(0);
    expect(restartPauseMs('linux', 1)).toBe(0);
  });
});

describe('signing', () => {
  it('is left out without a certificate, and not half done', () => {
    expect(signer({})).toBeUndefined();
    const [cert, key] = [join(work, 'cert.pem'), join(work, 'key.pem')];
    writeFileSync(cert, '');
    expect(() => signer({ VAGUEMESTRE_WINDOWS_CERT: cert })).toThrow('must both');
    expect(() => signer({ VAGUEMESTRE_WINDOWS_CERT: cert, VAGUEMESTRE_WINDOWS_KEY: key })).toThrow(
      'must both',
    );
    writeFileSync(key, '');
    expect(signer({ VAGUEMESTRE_WINDOWS_CERT: cert, VAGUEMESTRE_WINDOWS_KEY: key })).toBeDefined();
  });
});
