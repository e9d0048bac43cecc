import { alertCauses, alertStateWords } from '../../shared/i18n/alert-messages.ts';
import { alertsTerminal } from '../../shared/i18n/terminal-alerts.ts';
import { speaker } from '../../shared/i18n/texts.ts';
import { dayToIso } from '../../shared/runtime/paris-time.ts';
import { siteOf } from '../alerts/write-message.ts';
import { withStore, type CommandAnswer, type CommandContext } from './command.ts';
import { isoOf, shownAt } from './destination-words.ts';

const most = 1000;

export async function listAlerts({ config, language }: CommandContext): Promise<CommandAnswer> {
  const { open, names } = await withStore(config, (store) =>
    store.read(async (tx) => ({
      open: await tx.alerts.open(most),
      names: new Map((await tx.facilities.list()).map(({ finess, name }) => [finess, name])),
    })),
  );
  const say = speaker(alertsTerminal, language);
  const lines = open.map((alert) =>
    say('line', {
      id: alert.id,
      state: alertStateWords[alert.state][language],
      site: siteOf(alert, names, language),
      cause: alertCauses[alert.cause].short[language],
      since: shownAt(alert.since, language),
      who: alert.takenName === null ? say('nobody') : say('takenBy', { name: alert.takenName }),
    }),
  );
  const unset = config.alerts.recipients.length === 0 ? [say('nobodyTold')] : [];
  return {
    document: {
      open: open.map(
        ({ id, kind, facility, feed, destination, state, cause, days, missing, since, takenName }) => ({
          ...{ id, kind, facility, feed, destination, state, cause, missing, takenBy: takenName },
          days: days.map(dayToIso),
          since: isoOf(since),
        }),
      ),
    },
    lines: [open.length === 0 ? say('none') : say('open', { count: open.length }), ...lines, ...unset],
    exitCode: open.length === 0 ? 0 : 1,
  };
}
