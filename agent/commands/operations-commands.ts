import { operationHelp as help } from '../../shared/i18n/terminal-agent-operations.ts';
import type { CommandSpec, OptionSpec } from './command.ts';

const yes: OptionSpec = { flags: '--yes', help: help.yes };
const source: OptionSpec = { flags: '--source <name>', help: help.source };

/** What a hospital's admin does by hand: look back, send again, settle what could not be read, carry what cannot travel. */
export const operationsCommands: readonly CommandSpec[] = [
  {
    usage: 'history',
    help: help.history,
    needs: 'config',
    options: [
      { flags: '--from <day>', help: help.from },
      { flags: '--to <day>', help: help.to },
      source,
      { flags: '--state <state>', help: help.state },
      { flags: '--limit <n>', help: help.limit, default: '50' },
      { flags: '--before <export>', help: help.before },
      { flags: '--audit', help: help.audit },
    ],
    run: async (context, options) => (await import('./history.ts')).historyCommand(context, options),
  },
  {
    usage: 'resend [what]',
    help: help.resend,
    needs: 'config',
    options: [
      { flags: '--from <day>', help: help.resendFrom },
      { flags: '--to <day>', help: help.to },
      source,
      { flags: '--file <name>', help: help.resendFile },
      { flags: '--envelope <id>', help: help.resendEnvelope },
      yes,
    ],
    run: async (context, options, [what = '']) =>
      (await import('./resend.ts')).resendCommand(context, options, what),
  },
  {
    usage: 'quarantine list',
    help: help.quarantineList,
    needs: 'config',
    run: async (context) => (await import('./quarantine.ts')).listQuarantine(context),
  },
  {
    usage: 'quarantine show <name>',
    help: help.quarantineShow,
    needs: 'config',
    run: async (context, _options, [what = '']) =>
      (await import('./quarantine.ts')).showQuarantined(context, what),
  },
  {
    usage: 'quarantine release <name>',
    help: help.quarantineRelease,
    needs: 'config',
    run: async (context, _options, [what = '']) =>
      (await import('./quarantine.ts')).releaseQuarantined(context, what),
  },
  {
    usage: 'quarantine discard <name>',
    help: help.quarantineDiscard,
    needs: 'config',
    options: [yes],
    run: async (context, options, [what = '']) =>
      (await import('./quarantine.ts')).discardQuarantined(context, options, what),
  },
  {
    usage: 'quarantine messages',
    help: help.quarantineMessages,
    needs: 'config',
    options: [
      source,
      { flags: '--limit <n>', help: help.messagesLimit, default: '50' },
      { flags: '--out <file>', help: help.messagesOut },
    ],
    run: async (context, options) =>
      (await import('./quarantine-messages.ts')).refusedMessages(context, options),
  },
  {
    usage: 'quarantine retry',
    help: help.quarantineRetry,
    needs: 'config',
    options: [{ ...source, required: true }, yes],
    run: async (context, options) => (await import('./quarantine-retry.ts')).retryMessages(context, options),
  },
  {
    usage: 'faults',
    help: help.faults,
    needs: 'config',
    options: [
      { flags: '--day <day>', help: help.faultsDay },
      source,
      { flags: '--csv <file>', help: help.faultsCsv },
      { flags: '--clean', help: help.faultsClean },
    ],
    run: async (context, options) => (await import('./faults.ts')).faultsCommand(context, options),
  },
  {
    usage: 'faults mute <rule>',
    help: help.mute,
    needs: 'config',
    options: [
      { flags: '--field <field>', help: help.muteField },
      source,
      { flags: '--until <day>', help: help.muteUntil, required: true },
      { flags: '--reason <text>', help: help.muteReason, required: true },
    ],
    run: async (context, options, [rule = '']) =>
      (await import('./faults-mutes.ts')).muteCommand(context, options, rule),
  },
  {
    usage: 'faults muted',
    help: help.muted,
    needs: 'config',
    run: async (context) => (await import('./faults-mutes.ts')).mutedCommand(context),
  },
  {
    usage: 'faults unmute <number>',
    help: help.unmute,
    needs: 'config',
    run: async (context, _options, [number = '']) =>
      (await import('./faults-mutes.ts')).unmuteCommand(context, number),
  },
  {
    usage: 'carry export <file>',
    help: help.carryExport,
    needs: 'config',
    options: [source],
    run: async (context, options, [file = '']) =>
      (await import('./carry-export.ts')).carryExport(context, options, file),
  },
  {
    usage: 'carry import <file>',
    help: help.carryImport,
    needs: 'config',
    run: async (context, _options, [file = '']) =>
      (await import('./carry-import.ts')).carryImport(context, file),
  },
];
