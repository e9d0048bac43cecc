import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { lockedPackages } from './fetched.ts';
import type { Platform } from './platforms.ts';
import type { ProductFacts } from './products.ts';
import type { Release } from './release.ts';

/**
 * CycloneDX 1.5: the packages that are inside, as the lockfile pins them, and the Node beside them. `npm sbom` would name
 * what is installed here, which is another platform's when a package for Windows is made on Linux; and the same sources must
 * give the same bytes, so date and serial number come from the release.
 */
export async function sbomOf(
  { product, description }: ProductFacts,
  {
    platform,
    release,
    packages,
    node,
  }: {
    readonly platform: Platform;
    readonly release: Release;
    readonly packages: readonly string[];
    /** File of the runtime. */
    readonly node: string;
  },
): Promise<string> {
  const locked = await lockedPackages();
  const runtime = locked[`node_modules/${platform.node}`];
  const document = {
    $schema: 'http://cyclonedx.org/schema/bom-1.5.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.5',
    serialNumber: `urn:uuid:${uuidOf(`${product} ${release.version} ${platform.name} ${release.epoch}`)}`,
    version: 1,
    metadata: {
      timestamp: new Date(release.epoch * 1000).toISOString(),
      component: {
        ...{ 'bom-ref': product, type: 'application', name: product, version: release.version },
        description: description.short,
        licenses: [{ license: { id: 'Apache-2.0' } }],
      },
    },
    components: [
      ...packages.map((place) => {
        const found = locked[place];
        if (found === undefined) throw new Error(`the lockfile does not name ${place}`);
        const name = place.split('node_modules/').at(-1) ?? '';
        const purl = `pkg:npm/${name.replace('@', '%40')}@${found.version}`;
        return {
          ...{ 'bom-ref': purl, type: 'library', name, version: found.version, purl },
          hashes: [{ alg: 'SHA-512', content: hexOf(found.integrity) }],
          licenses: found.license === undefined ? [] : [{ expression: found.license }],
        };
      }),
      {
        ...{ 'bom-ref': 'node', type: 'platform', name: 'node', version: runtime?.version ?? '?' },
        hashes: [{ alg: 'SHA-256', content: sha256(await readFile(node)) }],
        licenses: [{ license: { id: 'MIT' } }],
      },
    ],
  };
  return `${JSON.stringify(document, null, 1)}\n`;
}

function hexOf(integrity: string): string {
  return Buffer.from(integrity.replace(/^sha512-/, ''), 'base64').toString('hex');
}

function sha256(content: Uint8Array | string): string {
  return createHash('sha256').update(content).digest('hex');
}

/** The same words, the same number: version 8 leaves its bits to whoever makes it (RFC 9562). */
function uuidOf(words: string): string {
  const hex = sha256(words);
  const variant = ((Number.parseInt(hex.slice(16, 17), 16) & 3) | 8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
