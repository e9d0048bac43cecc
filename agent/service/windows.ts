import { win32 } from 'node:path';
import { permanent } from '../../shared/runtime/errors.ts';
import { secretFiles } from './secret-files.ts';
import type { Step } from './steps.ts';
import { commandLine, type ServiceSettings } from './unit.ts';

export interface WindowsSettings extends Omit<ServiceSettings, 'user'> {
  readonly shawl: string;
  /** "NT SERVICE\NAME", "DOMAIN\NAME", "DOMAIN\NAME$" (group-managed). A password is never ours to pass on. */
  readonly account: string;
}

/**
 * Windows runs the agent through shawl, which the installer brings: it turns the service manager's "stop" into Ctrl-C.
 * The command line never changes on an upgrade (the launcher finds the version), and never holds a secret. A service that
 * is there is left as it is.
 */
export function windowsInstall(settings: WindowsSettings): readonly Step[] {
  const { name, shawl, config, configPath, account } = settings;
  const logs = logFolder(configPath);
  const watched = [
    ...[shawl, 'run', '--name', name, '--restart-if-not', '0,2', '--stop-timeout', '60000'],
    ...['--log-dir', logs, '--', ...commandLine(settings)],
  ];
  const unless = ['sc.exe', 'query', name];
  return [
    {
      kind: 'run',
      unless,
      command: [
        ...['sc.exe', 'create', name, 'binPath=', watched.map(word).join(' ')],
        ...['start=', 'delayed-auto', 'obj=', account, 'DisplayName=', 'Vaguemestre Agent'],
      ],
    },
    {
      kind: 'run',
      command: ['sc.exe', 'description', name, "Vaguemestre: carries the hospital's exports to its region"],
      // A sentence in a list is no reason to leave a hospital without its service.
      mayFail: true,
    },
    {
      kind: 'run',
      command: [
        ...['sc.exe', 'failure', name, 'reset=', '86400'],
        ...['actions=', 'restart/10000/restart/60000/restart/60000'],
      ],
    },
    ...[config.state, logs].flatMap((folder): readonly Step[] => [
      { kind: 'folder', path: folder },
      // By number: their names are translated. S-1-5-18 the system, S-1-5-32-544 the administrators.
      {
        kind: 'run',
        command: [
          ...['icacls.exe', folder, '/inheritance:r', '/grant', '*S-1-5-18:(OI)(CI)F'],
          ...['/grant', '*S-1-5-32-544:(OI)(CI)F', '/grant', `${account}:(OI)(CI)M`],
        ],
      },
    ]),
    ...[configPath, ...secretFiles(settings)].map((file): Step => ({
      kind: 'run',
      command: ['icacls.exe', file, '/grant', `${account}:R`],
    })),
    ...config.sources
      .filter(({ folder }) => !isShare(folder))
      .map(({ folder, after }): Step => ({
        kind: 'run',
        command: [
          ...['icacls.exe', folder, '/grant'],
          `${account}:(OI)(CI)${after === 'archive' ? 'M' : 'RX'}`,
        ],
        // A folder that does not exist yet must not keep the service from being installed.
        mayFail: true,
      })),
  ];
}

/** Where shawl keeps what the agent says. */
const logFolder = (configPath: string): string => win32.join(win32.dirname(configPath), 'logs');

/** Only who owns a share can open it, and a virtual account is, over there, the machine's. */
export function isShare(folder: string): boolean {
  return /^[\\/]{2}(?![?.][\\/])/.test(folder);
}

/** Who must be let in: over the network, a virtual account shows the machine's. */
export function accountFor(folder: string, account: string): string {
  return isShare(folder) && /^NT SERVICE\\/i.test(account) ? 'DOMAIN\\COMPUTER$' : account;
}

/** "DOMAIN\NAME" or "NAME@DOMAIN": it becomes a word of a command. Faults: `service-account`. */
export function windowsAccount(text: string): string {
  const part = String.raw`[^"/\\[\]:;|=,+*?<>@%\x00-\x1f]{1,64}`;
  if (!new RegExp(String.raw`^(?:${part}\\${part}|${part}@${part})$`).test(text))
    throw permanent('service-account', { facts: { account: text } });
  return text;
}

/** CommandLineToArgvW: a path may hold spaces and end in a backslash, never a quote. */
function word(text: string): string {
  return /^[^\s"]+$/.test(text) ? text : `"${text.replace(/(\\+)$/, '$1$1')}"`;
}

/** "net" waits until it has stopped; "sc" answers at once. */
export function windowsUninstall({ name }: { readonly name: string }): readonly Step[] {
  return [
    { kind: 'run', command: ['net.exe', 'stop', name], mayFail: true },
    { kind: 'run', command: ['sc.exe', 'delete', name] },
  ];
}

export function windowsControl(verb: 'start' | 'stop', name: string): readonly Step[] {
  return [{ kind: 'run', command: ['net.exe', verb, name] }];
}

export const windowsQuestion = (name: string): readonly string[] => ['sc.exe', 'query', name];

const states = [
  ...['stopped', 'start-pending', 'stop-pending', 'active'],
  ...['continue-pending', 'pause-pending', 'paused'],
];

/** "        STATE              : 4  RUNNING": by number and by place, as the words are translated. */
export function windowsAnswer(text: string): Readonly<Record<string, string>> {
  const numbers = [...text.matchAll(/^\s+[^\s:][^:]*:\s*([0-9a-f]+)\s+\S/gim)].map(([, number]) => number);
  const state = states[Number(numbers[1]) - 1];
  return state === undefined ? {} : { ActiveState: state };
}
