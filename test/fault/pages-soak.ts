import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createRegion } from '../../installers/sandbox/region.ts';
import { pause } from '../../shared/runtime/lifecycle.ts';
import { signInOverHttp } from '../support/portal/sign-in.ts';
import { finess } from '../support/rpu-text.ts';
import { planExport } from './feed-plan.ts';
import { judge, settled } from './invariant.ts';

/**
 * `npm run -s test:soak [-- --minutes N]`: hospitals send as fast as their agent can while people keep the region's pages
 * open and reload them without pause. Afterwards everything must be there once, and no page may have been refused.
 */
const facilities = 24;
const waitingFiles = 60;
const readers = 4;
const drainMs = 600_000;
/** The calendar of the plan starts in 2014: further on, an EXTRACT would lie in the future. */
const mostExports = 4400;

export interface PagesSoakResult {
  readonly lines: readonly string[];
  readonly ok: boolean;
}

export async function pagesSoak(minutes: number, say: (line: string) => void): Promise<PagesSoakResult> {
  const never = new AbortController().signal;
  const base = mkdtempSync(join(tmpdir(), 'vaguemestre-pages-soak-'));
  const [out, drop] = [join(base, 'out'), join(base, 'drop')];
  mkdirSync(drop);
  const region = await createRegion({ outFolder: out, keep: false, portal: true });
  const counts = Array.from({ length: facilities }, () => 0);
  try {
    const all = Array.from({ length: facilities }, (_none, n) => finess(700 + n));
    await region.addFacilities(all.map((one, n) => ({ finess: one, name: `Hôpital ${n}` })));
    const receiver = await region.serve();
    const agent = await region.enroll({
      ...{ name: 'soak', facilities: all, sourceFolder: drop, ready: 'now', after: 'archive' },
    });
    const { url, password } = await region.openPages('veille', 'Veille Régionale');
    const cookie = await signInOverHttp(new URL(url).origin, 'veille', password);
    const sender = agent.start();

    const stopping = new AbortController();
    const paths = ['/', '/etablissements', `/etablissements/${all[0] ?? ''}`, '/lots', '/destinations'];
    paths.push('/alertes', '/analyser', '/journal', '/rattrapage', `/etablissements/${all[1] ?? ''}/qualite`);
    const times: number[] = [];
    const refused: string[] = [];
    const read = async (first: number): Promise<void> => {
      for (let n = first; !stopping.signal.aborted; n += 1) {
        const path = paths[n % paths.length] ?? '/';
        const from = performance.now();
        try {
          const answer = await fetch(new URL(path, url), {
            headers: { cookie },
            redirect: 'manual',
            signal: AbortSignal.timeout(30_000),
          });
          await answer.text();
          times.push(performance.now() - from);
          if (answer.status !== 200) refused.push(`${path}: ${answer.status}`);
        } catch (error) {
          refused.push(`${path}: ${error instanceof Error ? error.name : 'failed'}`);
        }
        await pause(250, stopping.signal);
      }
    };
    const reading = Array.from({ length: readers }, (_none, n) => read(n * 3));

    const until = performance.now() + minutes * 60_000;
    let facility = 0;
    for (let told = performance.now(); performance.now() < until;) {
      const here = readdirSync(drop).filter((name) => name.endsWith('.xml')).length;
      for (let missing = waitingFiles - here; missing > 0; missing -= 1) {
        facility = (facility + 1) % facilities;
        const n = counts[facility] ?? 0;
        if (n >= mostExports) continue;
        counts[facility] = n + 1;
        const planned = planExport(facility, n);
        writeFileSync(join(drop, `${planned.name}.tmp`), planned.content);
        renameSync(join(drop, `${planned.name}.tmp`), join(drop, planned.name));
      }
      await pause(50, never);
      if (performance.now() - told < 60_000) continue;
      told = performance.now();
      say(`${sum(counts)} exports dropped, ${times.length} pages read, ${refused.length} refused`);
    }
    const atFullRate = sum(counts);

    const deadline = performance.now() + drainMs;
    while (
      !settled({ agentState: agent.stateFolder, drop, receiverState: region.receiverState }) &&
      performance.now() < deadline
    )
      await pause(500, never);
    stopping.abort();
    await Promise.all(reading);
    await sender.stop();
    const verified = [await agent.verify(), await region.verify()];
    await receiver.stop();
    const { agentState, receiverState } = {
      agentState: agent.stateFolder,
      receiverState: region.receiverState,
    };
    const verdict = judge({ facilities, counts, out, agentState, receiverState });
    const faults = [
      ...verdict.faults,
      ...verified.flatMap((each) => (each.code === 0 ? [] : [`verify: ${each.stdout}`])),
      ...[...new Set(refused)].slice(0, 20),
    ];
    faults.forEach(say);
    times.sort((one, other) => one - other);
    const at = (share: number): string => `${Math.round(times[Math.floor(times.length * share)] ?? 0)} ms`;
    return {
      lines: [
        `minutes ${minutes}, exports ${atFullRate}, records ${verdict.records}, lost ${verdict.lost}, duplicated ${verdict.duplicated}, half-written ${verdict.halfWritten}`,
        `pages ${times.length}, refused ${refused.length}, median ${at(0.5)}, p95 ${at(0.95)}, p99 ${at(0.99)}, slowest ${at(0.9999)}`,
      ],
      ok:
        faults.length === 0 &&
        verdict.lost + verdict.duplicated + verdict.halfWritten === 0 &&
        times.length > 0,
    };
  } finally {
    await region.close();
    rmSync(base, { recursive: true, force: true });
  }
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, each) => total + each, 0);
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { minutes: { type: 'string', default: '60' } } });
  const { lines, ok } = await pagesSoak(Number(values.minutes), (line) => process.stderr.write(`${line}\n`));
  process.stdout.write(`${lines.join('\n')}\n`);
  process.exitCode = ok ? 0 : 1;
}
