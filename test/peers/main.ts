import { parseArgs } from 'node:util';
import { runMatrix, transports, type CaseResult } from './matrix.ts';
import { faultNames } from './agency.ts';
import { protectionKinds } from './sealing.ts';

/**
 * `npm run -s test:peers`: every transport, protection and fault against real servers, real gpg and real openssl.
 * `--only transport[/protection[/fault]]`.
 */
const { values } = parseArgs({ options: { only: { type: 'string' }, rotating: { type: 'boolean' } } });
const [transport, protection, fault] = (values.only ?? '')
  .split('/')
  .map((word) => (word === '' ? undefined : word));
for (const [word, known] of [
  [transport, Object.keys(transports)],
  [protection, protectionKinds],
  [fault, faultNames],
] as const)
  if (word !== undefined && !(known as readonly string[]).includes(word)) {
    process.stderr.write(`unknown: ${word}; one of ${known.join(', ')}\n`);
    process.exit(2);
  }

const results: CaseResult[] = [];
const from = performance.now();
await runMatrix({ transport, protection, fault, rotating: values.rotating === true }, (result) => {
  results.push(result);
  process.stdout.write(`${lineOf(result)}\n`);
});

const tried = results.filter(({ outcome }) => outcome.kind !== 'left-out');
const held = tried.filter(({ outcome }) => outcome.kind === 'holds');
const leftOut = results.filter(({ outcome }) => outcome.kind === 'left-out');
for (const { outcome, ...each } of leftOut)
  process.stdout.write(`LEFT OUT: ${each.transport} ${each.protection} ${each.fault}: ${why(outcome)}\n`);
const seconds = ((performance.now() - from) / 1000).toFixed(0);
process.stdout.write(`${held.length} of ${tried.length} hold, ${leftOut.length} left out, in ${seconds} s\n`);
const complete = process.env['REQUIRE_PEERS'] !== '1' || leftOut.length === 0;
process.exitCode = tried.length > 0 && held.length === tried.length && complete ? 0 : 1;

function lineOf({ transport: by, protection: sealed, fault: what, outcome, ms }: CaseResult): string {
  const head = `${by.padEnd(16)}${sealed.padEnd(9)}${what.padEnd(24)}`;
  const time = `${(ms / 1000).toFixed(1)} s`.padStart(7);
  if (outcome.kind === 'holds') return `${head}holds${time}  ${outcome.seen.join(' > ')}`;
  return `${head}${outcome.kind === 'fails' ? 'FAILS' : 'left out'}${time}  ${why(outcome)}`;
}

function why(outcome: CaseResult['outcome']): string {
  return outcome.kind === 'holds' ? '' : outcome.why;
}
