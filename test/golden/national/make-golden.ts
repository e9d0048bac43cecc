import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bedExport } from '../../../installers/sandbox/bed-exports.ts';
import { fictitiousFiness, hospital } from '../../../installers/sandbox/exports.ts';
import { dayOf, instantOf } from '../../../shared/runtime/paris-time.ts';
import { runSandbox } from '../../support/sandbox-run.ts';
import { withoutExtract } from './without-extract.ts';

/**
 * Remakes the golden files by hand (`node test/golden/national/make-golden.ts`), after a change of the national form that
 * was meant. `in/` is only written when it is missing: old inputs must go on giving the same files.
 */
const here = import.meta.dirname;
const inputs = join(here, 'in');
const outputs = join(here, 'out');

if (!readdirSync(here).includes('in')) {
  mkdirSync(inputs);
  const night = dayOf(2025, 10, 26);
  if (night === undefined) throw new Error('no such day');
  for (const [index, shape] of (['A', 'B', 'C', 'D', 'csv'] as const).entries()) {
    const finess = fictitiousFiness(300 + index);
    const site = hospital(40 + index, { finess, name: `Golden ${shape}`, visitsPerDay: 4, shape });
    const { content } = site.exportFor(night, { windowDays: 3 });
    writeFileSync(join(inputs, `${shape}.${shape === 'csv' ? 'csv' : 'xml'}`), content);
  }
  const at = instantOf(night, 9 * 3_600_000).at;
  writeFileSync(join(inputs, 'beds.csv'), bedExport(47, fictitiousFiness(306), at).content);
}

const names = readdirSync(inputs).sort();
const run = await runSandbox(Object.fromEntries(names.map((name) => [name, readFileSync(join(inputs, name))])));
rmSync(outputs, { recursive: true, force: true });
mkdirSync(outputs);
for (const { file, dispatches } of run.answer.exports)
  for (const [index, name] of dispatches.entries()) {
    const path = run.answer.forwarded.find((each) => each.endsWith(`/${name}`));
    if (path === undefined) throw new Error(`${name} was not delivered`);
    writeFileSync(join(outputs, `${file}.${index}`), withoutExtract(run.read(path)));
  }
run.dispose();
