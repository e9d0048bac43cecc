import { existsSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { resolve } from 'node:path';

/** The agent's command line. The runtime is checked before anything loads the database's native addon. */
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 14)) {
  process.stderr.write(
    `Vaguemestre demande Node 22.14 ou plus récent (trouvé ${process.versions.node}) : lancez-le par « npm run agent ».\n` +
      `Vaguemestre needs Node 22.14 or newer (found ${process.versions.node}): start it with "npm run agent".\n`,
  );
  process.exit(1);
}
// Types are stripped and code compiled once, not at every start: 25 MB less and a quicker start (measured).
const packages = resolve(import.meta.dirname, '../node_modules');
if (process.env['NODE_COMPILE_CACHE'] === undefined && existsSync(packages))
  enableCompileCache(resolve(packages, '.cache/compile'));
// A reader that has seen enough (`| head`) is no fault.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});
const { runCommandLine } = await import('./commands/command-line.ts');
process.exitCode = await runCommandLine(process.argv);
