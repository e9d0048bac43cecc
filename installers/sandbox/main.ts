import { resolve } from 'node:path';
/**
 * `npm start`: a region to look at, for as long as one looks. `--once --json`: the contract over a folder of files.
 * The runtime is checked before anything that needs a newer one is loaded.
 */
const [major = 0] = process.versions.node.split('.').map(Number);
if (major < 22) {
  process.stderr.write(
    `Vaguemestre demande Node 22.14 ou plus récent (trouvé ${process.versions.node}) : lancez-le par « npm start ».\n` +
      `Vaguemestre needs Node 22.14 or newer (found ${process.versions.node}): start it with "npm start".\n`,
  );
  process.exit(1);
}
const { Command } = await import('commander');
const { runOnce } = await import('./once.ts');
const { runShow } = await import('./show.ts');
const { createStopper } = await import('./stopper.ts');

interface Options {
  readonly source?: string;
  readonly out?: string;
  readonly once?: boolean;
  readonly json?: boolean;
  readonly keep?: boolean;
  readonly agencyFault?: string;
  readonly agencySeconds: string;
  readonly agencySftp?: boolean;
}

const options = new Command('sandbox')
  .description('A throw-away region: three invented hospitals, an agent each, a receiver.')
  .option('--source <folder>', 'with --once: the exports to send; the folder is never modified')
  .option('--out <folder>', 'where dispatches are delivered: oscour/ and beds/ under it')
  .option('--once', 'send what is in --source, export after export, then stop')
  .option('--json', 'with --once: one JSON document on stdout')
  .option('--keep', 'keep the temporary folder of the region')
  .option('--agency-fault <fault>', 'an HTTPS agency that fails for a while: cut, slow, down or refuse')
  .option('--agency-seconds <seconds>', 'with --agency-fault: for how long', '40')
  .option('--agency-sftp', 'an agency with a real SFTP server and its own OpenPGP key (needs sshd and gpg)')
  .allowExcessArguments(false)
  .parse()
  .opts<Options>();

const say = (line: string): void => {
  process.stderr.write(`${line}\n`);
};
const stopper = createStopper(options.once === true ? 130 : 0);
const keep = options.keep === true;

const contract = options.once === true || options.source !== undefined || options.json === true;
const { agencyFault, agencySeconds, agencySftp = false } = options;
const invented = agencyFault !== undefined || agencySftp;

if (contract) {
  const { document, code } = await runOnce({
    source: options.once === true && !invented ? fromWhereTyped(options.source) : undefined,
    out: fromWhereTyped(options.out),
    keep,
    say,
    onRegion: (region) => stopper.onStop(() => region.close()),
  });
  process.stdout.write(`${JSON.stringify(document, null, options.json === true ? undefined : 2)}\n`);
  process.exitCode = code;
} else {
  const out = fromWhereTyped(options.out);
  const agency = { fault: agencyFault, seconds: Number(agencySeconds), sftp: agencySftp };
  process.exitCode = await runShow({
    ...(out === undefined ? {} : { out }),
    ...{ keep, stopper },
    ...(invented ? { agency } : {}),
  });
}
stopper.done();

/** npm runs scripts from the package's folder and remembers where the command was typed. */
function fromWhereTyped(folder: string | undefined): string | undefined {
  const script = process.env['npm_lifecycle_event'];
  const typedIn = script === 'sandbox' || script === 'start' ? process.env['INIT_CWD'] : undefined;
  return folder === undefined ? undefined : resolve(typedIn ?? process.cwd(), folder);
}
