import { permanent } from '../../shared/runtime/errors.ts';
import { dayFromIso, dayOfInstant, dayToIso, type Day } from '../../shared/runtime/paris-time.ts';
import { readiness, type Readiness } from '../forward/formats/readiness.ts';
import { withStore, type CommandAnswer, type CommandContext } from './command.ts';
import { countOption, settingsOf, shownDay, tell } from './destination-words.ts';

const mostDays = 400;

/** Which hospitals' records would lose something in a destination's next version. Exit code 1 when one would. */
export async function showReadiness(
  { config, language, clock }: CommandContext,
  options: { readonly name: string; readonly days: string },
): Promise<CommandAnswer> {
  const settings = settingsOf(config, options.name);
  const { name } = settings;
  const { next } = settings.format;
  if (next === undefined) throw permanent('destination-without-next', { facts: { destination: name } });
  const days = countOption(options.days, '--days', mostDays);
  const yesterday = (dayOfInstant(clock.now()) - 1) as Day;
  const span = { from: (yesterday - days + 1) as Day, to: yesterday };
  const { found, names } = await withStore(config, async (store) => {
    const facilities = await store.read((tx) => tx.facilities.list());
    const all: Readiness[] = [];
    // A facility at a time: nobody waits for the reading of all of them.
    for (const { finess } of facilities)
      all.push(...((await store.read((tx) => readiness(tx, settings, [finess], span))) ?? []));
    return {
      found: all.filter(({ records }) => records > 0),
      names: new Map(facilities.map((each) => [each.finess, each.name])),
    };
  });
  const notReady = found.filter(({ losing }) => losing > 0);
  const from = dayFromIso(next.from);
  const head = {
    name,
    version: next.version,
    days,
    from: from === undefined ? next.from : shownDay(from, language),
  };
  return {
    document: {
      ...{ destination: name, version: next.version, versionFrom: next.from },
      ...{ from: dayToIso(span.from), to: dayToIso(span.to), ready: found.length - notReady.length },
      facilities: found.map((each) => ({ ...each, name: names.get(each.facility) ?? '' })),
    },
    lines: [
      tell(language, 'readinessHead', head),
      ...notReady.map(({ facility, records, losing, tags }) =>
        tell(language, 'readinessLine', {
          ...{ facility, name: names.get(facility) ?? '', records, losing },
          tags: tags.map(({ tag, records: count }) => `${tag} (${count})`).join(', '),
        }),
      ),
      notReady.length === 0
        ? tell(language, 'readinessWell', { count: found.length })
        : tell(language, 'readinessSummary', { notReady: notReady.length, count: found.length }),
    ],
    exitCode: notReady.length === 0 ? 0 : 1,
  };
}
