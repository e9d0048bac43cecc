import { win32 } from 'node:path';
import type { Step } from './steps.ts';
import { commandLine, type ServiceSettings } from './unit.ts';

/**
 * Windows runs the agent through shawl, which the installer brings: it turns the service manager's "stop" into Ctrl-C.
 * The command line never changes on an upgrade (the launcher finds the version), and never holds a secret.
 */
export function windowsInstall(settings: ServiceSettings & { readonly shawl: string }): readonly Step[] {
  const { name, shawl, script, config } = settings;
  const account = `NT SERVICE\\${name}`;
  const logs = win32.join(config.state, 'logs');
  const grant = (path: string, rights: string): Step => ({
    kind: 'run',
    command: ['icacls', path, '/grant', `${account}:(OI)(CI)${rights}`],
  });
  return [
    {
      kind: 'run',
      command: [
        ...[shawl, 'add', '--name', name, '--cwd', win32.dirname(script), '--restart-if-not', '0,2'],
        ...['--stop-timeout', '60000', '--log-dir', logs, '--', ...commandLine(settings)],
      ],
    },
    { kind: 'run', command: ['sc', 'config', name, 'start=', 'delayed-auto', 'obj=', account] },
    {
      kind: 'run',
      command: ['sc', 'description', name, "Vaguemestre: carries the hospital's exports to its region"],
    },
    {
      kind: 'run',
      command: ['sc', 'failure', name, 'reset=', '86400', 'actions=', 'restart/10000/restart/60000'],
    },
    { kind: 'run', command: ['sc', 'sidtype', name, 'unrestricted'] },
    // By number: their names are translated. S-1-5-18 the system, S-1-5-32-544 the administrators.
    {
      kind: 'run',
      command: [
        ...['icacls', config.state, '/inheritance:r', '/grant', '*S-1-5-18:(OI)(CI)F'],
        ...['/grant', '*S-1-5-32-544:(OI)(CI)F'],
      ],
    },
    grant(config.state, 'M'),
    ...config.sources.map(({ folder, after }) => grant(folder, after === 'archive' ? 'M' : 'RX')),
  ];
}

export function windowsUninstall({ name }: Pick<ServiceSettings, 'name'>): readonly Step[] {
  return [
    { kind: 'run', command: ['sc', 'stop', name], mayFail: true },
    { kind: 'run', command: ['sc', 'delete', name] },
  ];
}

export function windowsControl(verb: 'start' | 'stop', name: string): readonly Step[] {
  return [{ kind: 'run', command: ['sc', verb, name] }];
}

export const windowsQuestion = (name: string): readonly string[] => ['sc', 'query', name];

/** "        STATE              : 4  RUNNING" */
export function windowsAnswer(text: string): Readonly<Record<string, string>> {
  const state = /STATE\s*:\s*\d+\s+(\w+)/.exec(text)?.[1];
  return state === undefined ? {} : { ActiveState: state === 'RUNNING' ? 'active' : state.toLowerCase() };
}
