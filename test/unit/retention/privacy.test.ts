import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { privacy } from '../../../receiver/commands/privacy.ts';
import { parseConfig } from '../../../receiver/config.ts';
import { retentionClasses, termOf } from '../../../receiver/config-retention.ts';
import { privacyTexts } from '../../../shared/i18n/privacy-sheet.ts';
import { systemRandom } from '../../../shared/runtime/random.ts';
import { quiet } from '../receiver/lab.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vgm-privacy-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const settings = (more = ''): string => `state: s
region: Région <Essai> | Nord
destinations:
  - { name: oscour, owner: Santé publique, feed: ed-visits, format: oscour-xml, transport: { kind: directory, folder: /srv/oscour } }
  - name: study
    feed: ed-visits
    facilities: ['990000010']
    profile: { kind: allow, items: [ENTREE, DP] }
    format: json-lines
    packaging: { name: 'v_{facility}_{extract}.jsonl' }
    protection: { kind: openpgp, keyFile: a.asc, fingerprint: 0123456789abcdef0123456789abcdef01234567 }
    transport: { kind: sftp, host: sftp.example.org, user: u, hostKeys: ['SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'], keyFile: k, folder: in }
${more}`;

async function written(
  text: string,
  language: 'fr' | 'en' = 'fr',
): Promise<Readonly<Record<string, string>>> {
  const config = parseConfig(text, join(folder, 'receiver.yaml'));
  const clock = { now: () => 1_790_000_000_000, monotonic: () => 0 };
  await privacy(
    { config, language: 'fr', clock, random: systemRandom, logger: quiet },
    { to: folder, language },
  );
  return Object.fromEntries(
    readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]),
  );
}

describe.each(['fr', 'en'] as const)('the papers in %s', (language) => {
  it('name every destination, every class of data with its term, and every measure', async () => {
    const files = await written(settings('retention: { recordMonths: 36 }'), language);
    const names = [privacyTexts.recordFile[language], privacyTexts.sheetFile[language]];
    expect(Object.keys(files).sort()).toEqual(names.flatMap((name) => [`${name}.html`, `${name}.md`]).sort());
    const { retention } = parseConfig(settings('retention: { recordMonths: 36 }'), 'r.yaml');
    for (const text of Object.values(files)) {
      for (const part of ['oscour', 'Santé publique', 'study', 'sftp.example.org', '/srv/oscour', 'OpenPGP'])
        expect(text).toContain(part);
      for (const name of retentionClasses) {
        const { count, unit, setting } = termOf(retention, name);
        expect(text).toContain(privacyTexts[`keep-${name}`][language]);
        expect(text).toContain(privacyTexts[unit][language].replace('{count}', String(count)));
        expect(text).toContain(`retention.${setting}`);
      }
    }
    expect(files[`${names[0]}.md`]).toContain(privacyTexts.fill[language]);
  });

  it('hold what the settings say as text, whatever it is', async () => {
    const files = await written(settings(), language);
    const [html, markdown] = [
      files[`${privacyTexts.recordFile[language]}.html`],
      files[`${privacyTexts.recordFile[language]}.md`],
    ];
    expect(html).toContain('Région &lt;Essai&gt; | Nord');
    expect(html).not.toContain('<Essai>');
    expect(markdown).toContain('Région \\<Essai\\> \\| Nord');
  });
});

describe('the papers say what is so', () => {
  const record = async (more = ''): Promise<string> =>
    (await written(settings(more)))['registre-traitement.md'] ?? '';

  it('that retention is not in force where nobody wrote it', async () => {
    const [without, with_] = [await record(), await record('retention: { at: "02:45" }')];
    expect(without).toContain('ATTENTION');
    expect(with_).not.toContain('ATTENTION');
    expect(with_).toContain('02:45');
  });

  it('which measures are on, and which are not', async () => {
    const pages = (more: string) => record(`portal: { url: 'https://v.example.org'${more} }`);
    expect(await record()).toContain('non ouvertes');
    expect(await pages('')).toMatch(/administrateurs et auditeurs \| en service/);
    expect(await pages(', secondFactor: nobody')).toMatch(/personne \| HORS SERVICE/);
    expect(await pages(', secondFactor: everybody')).toMatch(/tout le monde \| en service/);
    expect(await record()).toMatch(/sans chiffrement propre vers : oscour \| HORS SERVICE/);
    expect(await record('retention: { backupFolder: /srv/backups }')).toMatch(/\/srv\/backups \| en service/);
  });

  it('which third parties there are, and that contracts are for people to say', async () => {
    const text = await record(
      'alerts: { smtp: { host: relay.example.org, from: a@example.org } }\nwatching: { beat: { url: "https://watch.example.org/ping/s3cret" } }',
    );
    expect(text).toMatch(/relay\.example\.org \| À compléter/);
    expect(text).toMatch(/watch\.example\.org \| À compléter/);
    expect(text).not.toContain('s3cret');
  });
});
