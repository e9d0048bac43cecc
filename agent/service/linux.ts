import { join } from 'node:path';
import type { Step } from './steps.ts';
import { dropInText, unitText, type ServiceSettings } from './unit.ts';

const unitFolder = '/etc/systemd/system';

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
    { kind: 'write', path: unit, content: unitText(settings), mode: 0o644 },
    {
      kind: 'write',
      path: join(`${unit}.d`, '10-folders.conf'),
      content: dropInText(settings),
      mode: 0o644,
    },
    { kind: 'run', command: ['systemctl', 'daemon-reload'] },
    { kind: 'run', command: ['systemctl', 'enable', `${name}.service`] },
  ];
}

function secretFiles({ config }: ServiceSettings): readonly string[] {
  const files = [
    config.proxy?.passwordFile,
    config.notify.email?.passwordFile,
    ...config.sources.flatMap(({ decrypt }) => [decrypt?.privateKeyFile, decrypt?.passphraseFile]),
  ];
  return [...new Set(files.filter((file) => file !== undefined))];
}

/** The account, the configuration and the state stay: they hold what has not been acknowledged yet. */
export function linuxUninstall({ name }: Pick<ServiceSettings, 'name'>): readonly Step[] {
  const unit = join(unitFolder, `${name}.service`);
  return [
    { kind: 'run', command: ['systemctl', 'disable', '--now', `${name}.service`], mayFail: true },
    { kind: 'remove', path: `${unit}.d` },
    { kind: 'remove', path: unit },
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
