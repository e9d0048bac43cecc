import { parseArgs } from 'node:util';
import { groups } from './groups.ts';
import { catalogue, isFigureId } from './figures.ts';
import { runBench } from './run.ts';
import { printTable } from './table.ts';

/**
 * `npm run bench`: the figures of the design, as ratios that one noisy machine can tell. `--json` prints one document on
 * stdout; `--full` adds the slow ones; `--only id,id` takes those. Progress goes to stderr.
 */
const usage = `npm run bench -- [--json] [--full] [--only id,id]\n\n${catalogue.map(({ id }) => `  ${id}`).join('\n')}\n`;

const stopping = new AbortController();
process.once('SIGINT', () => stopping.abort());
process.once('SIGTERM', () => stopping.abort());

process.exitCode = await main();

async function main(): Promise<number> {
  const options = readOptions();
  if (options === undefined) {
    process.stderr.write(usage);
    return 2;
  }
  const say = (line: string): void => {
    process.stderr.write(`${line}\n`);
  };
  const { document, failures } = await runBench(groups, { ...options, say, signal: stopping.signal });
  process.stdout.write(`${options.json ? JSON.stringify(document) : printTable(document)}\n`);
  return failures > 0 || stopping.signal.aborted ? 1 : 0;
}

function readOptions() {
  try {
    const { values } = parseArgs({
      options: { json: { type: 'boolean' }, full: { type: 'boolean' }, only: { type: 'string' } },
    });
    const names = values.only?.split(',');
    const only = names?.filter(isFigureId);
    if (only?.length !== names?.length) return undefined;
    return { json: values.json === true, full: values.full === true, only };
  } catch {
    return undefined;
  }
}
