import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { repository } from '../common/bundle.ts';
import { runTool } from '../common/tools.ts';

const execute = promisify(execFile);
const publisher = 'OpenJS Foundation';

/**
 * Refuses a node.exe that is not, byte for byte, what its publisher signed: it is shipped as it is, and Windows trusts it
 * by that signature. Whether the publisher's certificate leads to a root of Microsoft's is for Windows to say.
 */
export async function checkPublisher(file: string): Promise<void> {
  // It fails where the root is not known here; what it found is said all the same.
  const said = await execute('osslsigncode', ['verify', '-in', file], { maxBuffer: 16_777_216 })
    .catch((error: unknown) => error as { readonly stdout?: string })
    .then(({ stdout }) => stdout ?? '');
  const fault = publisherFault(said);
  if (fault !== undefined) throw new Error(`${file}: ${fault}`);
}

/** What is wrong with a signature, by what osslsigncode says of it. */
export function publisherFault(said: string): string | undefined {
  const digest = (of: string): string | undefined =>
    new RegExp(`^${of} message digest\\s*: ([0-9A-F]{64})`, 'm').exec(said)?.[1];
  const signed = digest('Current');
  if (signed === undefined) return 'is not signed';
  if (signed !== digest('Calculated')) return 'has been changed after it was signed';
  const subject = /^Signer's certificate:\s+-+\s+Signer #0:\s+Subject: (.+)$/m.exec(said)?.[1] ?? '';
  return subject.endsWith(`/CN=${publisher}`) ? undefined : `is signed by "${subject}", not by ${publisher}`;
}

interface Signer {
  /** A command that signs the file named after it, in place. */
  readonly command: string;
  sign(file: string): Promise<void>;
}

/** Where VAGUEMESTRE_WINDOWS_CERT and VAGUEMESTRE_WINDOWS_KEY name PEM files, what we make is signed with them. */
export function signer(env: NodeJS.ProcessEnv = process.env): Signer | undefined {
  const [certificate, key] = [env['VAGUEMESTRE_WINDOWS_CERT'], env['VAGUEMESTRE_WINDOWS_KEY']];
  if (certificate === undefined && key === undefined) return undefined;
  for (const file of [certificate, key])
    if (file === undefined || !existsSync(file))
      throw new Error('VAGUEMESTRE_WINDOWS_CERT and VAGUEMESTRE_WINDOWS_KEY must both name a file');
  const script = join(repository, 'installers/windows/sign.sh');
  return {
    command: `sh ${script}`,
    sign: async (file) => {
      await runTool('sh', [script, file]);
    },
  };
}
