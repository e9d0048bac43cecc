import { mapHelp as help } from '../../shared/i18n/terminal-agent-map.ts';
import type { CommandSpec, Options, OptionSpec } from './command.ts';
import { textOption } from './command.ts';

const facility: OptionSpec = { flags: '--facility <finess>', help: help.facility };
const freeText: OptionSpec = { flags: '--free-text <fields>', help: help.freeText };
const showValues: OptionSpec = { flags: '--show-values', help: help.showValues };

/** A mapping by a person who is not a programmer: proposed, corrected, tried, compared. Nothing is sent. */
export const mapCommands: readonly CommandSpec[] = [
  {
    usage: 'map init <sample...>',
    help: help.init,
    needs: 'nothing',
    options: [
      { flags: '--feed <feed>', help: help.feed, default: 'ed-visits' },
      { flags: '--out <file>', help: help.out },
      facility,
    ],
    run: async (around, options, samples) => {
      const { mapInit } = await import('./map/init.ts');
      return mapInit(around, {
        samples,
        feed: String(options['feed']),
        out: textOption(options, 'out'),
        facility: textOption(options, 'facility'),
      });
    },
  },
  {
    usage: 'map check <file...>',
    help: help.check,
    needs: 'nothing',
    run: async (around, _options, files) => (await import('./map/check.ts')).mapCheck(around, files),
  },
  {
    usage: 'map test <file...>',
    help: help.test,
    needs: 'nothing',
    run: async (around, _options, files) => (await import('./map/test.ts')).mapTest(around, files),
  },
  {
    usage: 'map run <file> <sample...>',
    help: help.run,
    needs: 'nothing',
    options: [
      { flags: '--sample <count>', help: help.sample, default: '20' },
      facility,
      freeText,
      showValues,
    ],
    run: async (around, options, [file = '', ...samples]) =>
      (await import('./map/run.ts')).mapRun(around, { file, samples, ...tried(options) }),
  },
  {
    usage: 'map coverage <file> <sample...>',
    help: help.coverage,
    needs: 'nothing',
    options: [facility, freeText],
    run: async (around, options, [file = '', ...samples]) =>
      (await import('./map/coverage.ts')).mapCoverage(around, { file, samples, ...tried(options) }),
  },
  {
    usage: 'map diff <old> <new> <sample...>',
    help: help.diff,
    needs: 'nothing',
    options: [
      { flags: '--sample <count>', help: help.sample, default: '20' },
      facility,
      freeText,
      showValues,
    ],
    run: async (around, options, [old = '', renewed = '', ...samples]) =>
      (await import('./map/diff.ts')).mapDiff(around, { old, renewed, samples, ...tried(options) }),
  },
];

function tried(options: Options): {
  readonly facility: string | undefined;
  readonly freeText: readonly string[];
  readonly sample: string;
  readonly showValues: boolean;
} {
  return {
    facility: textOption(options, 'facility'),
    freeText: (textOption(options, 'freeText') ?? '').split(',').filter((name) => name !== ''),
    sample: textOption(options, 'sample') ?? '20',
    showValues: options['showValues'] === true,
  };
}
