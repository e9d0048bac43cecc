import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describeFault } from '../../shared/i18n/errors.ts';
import { sandboxTerminal, type SandboxTerminalText } from '../../shared/i18n/terminal-sandbox.ts';
import { fill, languageOf } from '../../shared/i18n/texts.ts';
import { systemClock } from '../../shared/runtime/clock.ts';
import { asFault } from '../../shared/runtime/errors.ts';
import { pause } from '../../shared/runtime/lifecycle.ts';
import { dayOfInstant, dayToFrench, dayToIso, type Day } from '../../shared/runtime/paris-time.ts';
import { followDestination, type Told } from './agency-story.ts';
import { refusalCode, type AgencyFault } from './agency.ts';
import { startAgency, type AgencyOptions } from './choose-agency.ts';
import { createFolderWatch } from './folder-watch.ts';
import { createRegion, type Agent, type Region } from './region.ts';
import type { Stopper } from './stopper.ts';
import { countUp, createView, type ShownExport, type View } from './view.ts';
import { days, drop, exportsOf, historyBefore, hospitals, lostDay } from './week.ts';

export interface ShowOptions {
  readonly out?: string;
  readonly keep: boolean;
  readonly stopper: Stopper;
  /** An agency that takes what would go into a folder. */
  readonly agency?: AgencyOptions;
}

/** A week of three hospitals, then a region that stays until Ctrl-C. Answers the exit code. */
export async function runShow({ out, keep, stopper, agency }: ShowOptions): Promise<number> {
  const language = languageOf(process.env);
  const view = createView({ language, write: (line) => process.stdout.write(`${line}\n`) });
  try {
    const from = systemClock.monotonic();
    view.say('preparing');
    const region = await createRegion({
      ...{ keep, portal: true },
      ...(out === undefined ? {} : { outFolder: out }),
      ...(agency === undefined ? {} : { agency: (folder) => startAgency(agency, folder, troubleTold(view)) }),
    });
    stopper.onStop(() => region.close());
    const last = (dayOfInstant(systemClock.now()) - 1) as Day;
    const agents = await populate(region, last);
    view.say('ready', { seconds: ((systemClock.monotonic() - from) / 1000).toFixed(1) });
    view.say('route');
    if (agency !== undefined) narrate(region, agency, view, stopper.signal);

    const shown = await liveAWeek(region, agents, last, view);
    for (const agent of agents) agent.start();
    summarise(view, shown);
    await openPages(view, region);
    suggest(view, region, agents, last);
    if (agency?.fault === 'refuse') await suggestRefused(view, region, agents);
    view.say(keep ? 'stayKept' : 'stay', { folder: region.folder });
    await followFolders(view, region, stopper.signal);
    return 0;
  } catch (error) {
    if (stopper.signal.aborted) return 130;
    const fault = asFault(error);
    const { message, hint } = describeFault(fault, language);
    process.stderr.write(`${message}\n${hint}\n`);
    if (fault.code === 'unexpected') process.stderr.write(`${String(fault.cause)}\n`);
    await stopper.stop();
    return 1;
  }
}

const beginnings = {
  ...{ cut: 'agencyCuts', slow: 'agencySlow', down: 'agencyDown', refuse: 'agencyRefuses' },
} as const satisfies Readonly<Record<AgencyFault, SandboxTerminalText>>;

function troubleTold(view: View): Parameters<typeof startAgency>[2] {
  return {
    onBegin: (fault) => view.say(beginnings[fault], { code: refusalCode }),
    onEnd: () => view.say('agencyRecovered'),
  };
}

/** What the region does while its agency fails, told as it happens, between the lines of the week. */
function narrate(region: Region, { fault, seconds }: AgencyOptions, view: View, signal: AbortSignal): void {
  view.say('agencyStands', { address: region.agency?.address ?? '' });
  if (fault !== undefined) view.say('agencyWillFail', { seconds });
  const tell = ({ line, facts }: Told): void => view.say(line, facts);
  // It ends with the program; a look that fails costs a line, never the week.
  followDestination(region.receiverConfig, 'oscour', tell, signal).catch(() => undefined);
}

/**
 * The first account of the region's pages: its password is shown here and nowhere else. Meanwhile the last whole week
 * becomes its reports, by a process of its own: reception has started already.
 */
async function openPages(view: View, region: Region): Promise<void> {
  const login = view.language === 'fr' ? 'operateur' : 'operator';
  const [{ url, password }] = await Promise.all([
    region.openPages(login, view.text('operatorName')),
    region.keepReports(),
  ]);
  view.title(view.text('pages'));
  view.say('pagesAt', { url: view.language === 'fr' ? url : `${url}en` });
  view.say('pagesAccount', { login, password });
  view.say('reportsAt', { fr: `${url}rapports`, en: `${url}en/rapports` });
}

function dropFolder(region: Region, index: number): string {
  return join(region.folder, 'drop', hospitals[index]?.name ?? String(index));
}

async function populate(region: Region, last: Day): Promise<readonly Agent[]> {
  await region.addFacilities(hospitals);
  await region.importHistory(historyBefore((last - days + 1) as Day));
  await region.serve();
  return Promise.all(
    hospitals.map(async ({ name, finess }, index) => {
      const sourceFolder = dropFolder(region, index);
      await mkdir(sourceFolder, { recursive: true });
      return region.enroll({ name, facilities: [finess], sourceFolder, ready: 'stable', after: 'archive' });
    }),
  );
}

async function liveAWeek(
  region: Region,
  agents: readonly Agent[],
  last: Day,
  view: View,
): Promise<readonly (readonly ShownExport[])[]> {
  const shown = hospitals.map((): ShownExport[] => []);
  for (let night = 0; night < days; night += 1) {
    const day = (last - days + 1 + night) as Day;
    view.title(view.text('day', { day: dayToFrench(day) }));
    await Promise.all(
      agents.map(async (agent, index) => {
        await drop(dropFolder(region, index), exportsOf(index, night, day));
        const { document } = await agent.once();
        const { exports } = JSON.parse(document) as { exports: readonly ShownExport[] };
        for (const each of exports) {
          view.exported(agent.name, each);
          shown[index]?.push(each);
        }
      }),
    );
  }
  return shown;
}

function summarise(view: View, shown: readonly (readonly ShownExport[])[]): void {
  view.title(view.text('summary'));
  shown.forEach((exports, index) => {
    const states = [...countUp(exports.map(({ state }) => state))]
      .map(([state, count]) => `${count} ${view.state(state)}`)
      .join(', ');
    view.say('summaryLine', {
      records: exports.reduce((sum, { records }) => sum + records, 0),
      findings: exports.reduce((sum, { findingsTotal }) => sum + findingsTotal, 0),
      exports: exports.length,
      states,
      name: hospitals[index]?.name ?? '',
    });
  });
  view.title(view.text('findings'));
  view.rules(shown.flat());
}

function suggest(view: View, region: Region, agents: readonly Agent[], last: Day): void {
  const [first] = agents;
  const troubled = hospitals[2];
  if (first === undefined || troubled === undefined) return;
  const agent = (command: string): string =>
    `npm run -s agent -- ${command} --config ${quoted(first.configFile)}`;
  const receiver = (command: string): string =>
    `npm run -s receiver -- ${command} --config ${quoted(region.receiverConfig)}`;
  const suggestion = (name: SandboxTerminalText, ...lines: readonly string[]): void =>
    view.suggestion(fill(sandboxTerminal[name][view.language], { name: troubled.name }), lines);

  const [sample] = exportsOf(0, days - 1, last);
  view.title(view.text('try'));
  suggestion('drop', dropFolder(region, 0));
  suggestion('delivery', region.outFolder);
  suggestion('traceIt', agent(`trace ${sample?.name ?? ''}:12`));
  suggestion('statusIt', agent('status'), receiver('status'));
  suggestion('decideIt', receiver(`decide ${troubled.finess}:0:${dayToIso(lostDay(last))} keep`));
  suggestion('verifyIt', agent('verify'), receiver('verify'));
}

/** The way of a file that the agency refused: the hospital sees it, the region mends it. */
async function suggestRefused(view: View, region: Region, agents: readonly Agent[]): Promise<void> {
  for (const agent of agents) {
    const [file] = await agent.refused();
    if (file === undefined) continue;
    const receiver = `--config ${quoted(region.receiverConfig)}`;
    view.suggestion(view.text('refusedIt', { code: refusalCode }), [
      `npm run -s agent -- trace ${file}:12 --config ${quoted(agent.configFile)}`,
      `npm run -s receiver -- destination dispatches oscour --state refused ${receiver}`,
    ]);
    return;
  }
}

function quoted(path: string): string {
  return /^[\w./:\\-]+$/.test(path) ? path : `"${path}"`;
}

/** What happens after the week shows in the folders: a delivery, a quarantined file. */
async function followFolders(view: View, region: Region, signal: AbortSignal): Promise<void> {
  const deliveries = createFolderWatch(region.outFolder, (name) => !name.endsWith('.tmp'));
  const rejects = createFolderWatch(join(region.folder, 'drop'), (name) => name.endsWith('.error.json'));
  await Promise.all([deliveries.fresh(), rejects.fresh()]);
  while (!signal.aborted) {
    await pause(1000, signal);
    for (const file of await deliveries.fresh()) view.say('delivered', { file });
    for (const file of await rejects.fresh()) view.say('quarantined', { file });
  }
  // The stopper ends the program once everything is closed.
  await new Promise(() => undefined);
}
