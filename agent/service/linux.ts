import { join } from 'node:path';
import { secretFiles } from './secret-files.ts';
import type { Step } from './steps.ts';
import { dropInText, unitFolder, unitText, type ServiceSettings } from './unit.ts';

export function linuxInstall(settings: ServiceSettings): readonly Step[] {
  const { name, user, config, configPath } = settings;
  const unit = join(unitFolder, `${name}.service`);
  return [
    {
      kind: 'run',
      unless: ['getent', 'passwd', user],
      command: [
        ...['useradd', '--system', '--user-group', '--no-create-home', '--home-dir', config.state],
        ...['--shell', '/usr/sbin/nologin', '--comment', 'Vaguemestre agent', user],
      ],
    },
    { kind: 'run', command: ['install', '-d', '-m', '0700', '-o', user, '-g', user, config.state] },
    // Enrolled or tried as root: the account must own what it renews.
    { kind: 'run', command: ['chown', '-R', `${user}:${user}`, config.state] },
    ...[configPath, ...secretFiles(settings)].flatMap((file): readonly Step[] => [
      { kind: 'run', command: ['chgrp', user, file] },
      { kind: 'run', command: ['chmod', '0640', file] },
    ]),
    ...unitSteps(settings, unit),
    { kind: 'write', path: dropIn(unit), content: dropInText(settings), mode: 0o644 },
    { kind: 'run', command: ['systemctl', 'daemon-reload'] },
    { kind: 'run', command: ['systemctl', 'enable', `${name}.service`] },
  ];
}

const dropIn = (unit: string): string => join(`${unit}.d`, '10-folders.conf');

/** The package's unit is never written to; one of a checkout that hides it goes, or the checkout would go on running. */
function unitSteps({ packaged, ...settings }: ServiceSettings, path: string): readonly Step[] {
  if (packaged === undefined) {
    const content = unitText({ ...settings, state: settings.config.state });
    return [{ kind: 'write', path, content, mode: 0o644 }];
  }
  if (!packaged.hidden) return [];
  return [
    { kind: 'run', command: ['systemctl', 'disable', '--now', `${settings.name}.service`], mayFail: true },
    { kind: 'remove', path },
  ];
}

/** The account, the configuration and the state stay: they hold what has not been acknowledged yet. */
export function linuxUninstall({
  name,
  packaged,
}: Pick<ServiceSettings, 'name'> & { readonly packaged: boolean }): readonly Step[] {
  const unit = join(unitFolder, `${name}.service`);
  return [
    { kind: 'run', command: ['systemctl', 'disable', '--now', `${name}.service`], mayFail: true },
    ...(packaged
      ? [{ kind: 'remove', path: dropIn(unit) } as const]
      : [{ kind: 'remove', path: `${unit}.d` } as const, { kind: 'remove', path: unit } as const]),
    { kind: 'run', command: ['systemctl', 'daemon-reload'] },
  ];
}

export function linuxControl(verb: 'start' | 'stop', name: string): readonly Step[] {
  return [{ kind: 'run', command: ['systemctl', verb, `${name}.service`] }];
}

export const linuxQuestion = (name: string): readonly string[] => [
  ...['systemctl', 'show', `${name}.service`, '--no-pager'],
  '--property=LoadState,ActiveState,SubState,UnitFileState,MainPID,NRestarts,ExecMainStartTimestamp,User',
];

/** The properties of a unit, as `systemctl show` prints them. */
export function linuxAnswer(text: string): Readonly<Record<string, string>> {
  const pairs = text.split('\n').flatMap((line) => {
    const at = line.indexOf('=');
    return at < 1 ? [] : [[line.slice(0, at), line.slice(at + 1)]];
  });
  return Object.fromEntries(pairs) as Record<string, string>;
}
