import { posix } from 'node:path';
import type { AgentConfig } from '../config.ts';

/** What the service runs, and as whom. */
export interface ServiceSettings {
  /** Name of the unit, of its folders under /etc and /var, without ".service". */
  readonly name: string;
  readonly user: string;
  readonly node: string;
  /** The script that node runs: main.ts, or an installer's launcher. */
  readonly script: string;
  readonly configPath: string;
  readonly config: AgentConfig;
}

/**
 * The unit. Everything in it was tried with the agent running, so the list is not to be shortened for comfort; V8 writes
 * code at run time, hence no MemoryDenyWriteExecute. What depends on the hospital's folders is in the drop-in.
 */
export function unitText(settings: ServiceSettings): string {
  const { name, user, config } = settings;
  return `[Unit]
Description=Vaguemestre agent: carries the hospital's exports to its region
After=network-online.target
Wants=network-online.target
StartLimitIntervalSec=600
StartLimitBurst=20

[Service]
Type=exec
User=${user}
Group=${user}
EnvironmentFile=-/etc/default/${name}
EnvironmentFile=-/etc/sysconfig/${name}
ExecStart=${commandLine(settings).map(unitWord).join(' ')}
ExecReload=/bin/kill -HUP $MAINPID
# A wrong command line stays wrong: everything else is tried again.
Restart=on-failure
RestartPreventExitStatus=2
RestartSec=10
TimeoutStopSec=60
UMask=0077
MemoryMax=1G
TasksMax=64
LimitNOFILE=4096
${stateLines(name, config.state)}
NoNewPrivileges=true
CapabilityBoundingSet=
AmbientCapabilities=
ProtectSystem=strict
ProtectHome=true
PrivateTmp=true
PrivateDevices=true
DevicePolicy=closed
PrivateUsers=true
ProtectClock=true
ProtectHostname=true
ProtectKernelLogs=true
ProtectKernelModules=true
ProtectKernelTunables=true
ProtectControlGroups=true
ProtectProc=invisible
ProcSubset=pid
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
RestrictNamespaces=true
RestrictRealtime=true
RestrictSUIDSGID=true
LockPersonality=true
RemoveIPC=true
KeyringMode=private
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallFilter=~@privileged @resources
SystemCallErrorNumber=EPERM

[Install]
WantedBy=multi-user.target
`;
}

/** Never a secret: settings and codes are read from files. */
export function commandLine({ node, script, configPath }: ServiceSettings): readonly string[] {
  return [node, '--max-semi-space-size=4', script, 'run', '--config', configPath];
}

function stateLines(name: string, state: string): string {
  return state === posix.join('/var/lib', name)
    ? `StateDirectory=${name}\nStateDirectoryMode=0700`
    : '# The state folder is elsewhere: the drop-in opens it.';
}

/** systemd.syntax(7): quotes, backslashes, specifiers, variables. */
function unitWord(word: string): string {
  const escaped = word
    .replaceAll('\\', '\\\\')
    .replaceAll('"', '\\"')
    .replaceAll('%', '%%')
    .replaceAll('$', '$$$$');
  return /^[\w@+=:,./%$-]+$/.test(escaped) ? escaped : `"${escaped}"`;
}

/** "-": a folder that does not exist yet, or a share that is away, must not keep the service from starting. */
function optionalPath(path: string): string {
  const escaped = path
    .replaceAll('\\', '\\\\')
    .replaceAll('"', '\\"')
    .replaceAll('%', '%%')
    .replaceAll(':', '\\:');
  return `"-${escaped}"`;
}

const homes = ['/home', '/root', '/run/user'];
const temporary = ['/tmp', '/var/tmp'];

export function isUnder(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith('/') ? folder : `${folder}/`);
}

/** Where the program lies: an installer's launcher has all of it beside itself, a checkout has it one folder up. */
function programFolder(script: string): string {
  const folder = posix.dirname(script);
  return script.endsWith('/agent/main.ts') ? posix.dirname(folder) : folder;
}

/**
 * What the agent must reach outside its own folders: written to (archive, quarantine), or only read. Kept folders are
 * never written to, so they are not opened for it.
 */
export function reachOf({ config, configPath, node, script }: Omit<ServiceSettings, 'name' | 'user'>): {
  readonly written: readonly string[];
  readonly read: readonly string[];
} {
  const { sources, state } = config;
  const written = new Set<string>([state]);
  const read = new Set<string>([posix.dirname(configPath), programFolder(script), node]);
  for (const { folder, after, archiveFolder, quarantineFolder, decrypt, mappings } of sources) {
    if (after === 'archive') written.add(folder);
    else read.add(folder);
    for (const shelf of [archiveFolder, quarantineFolder])
      if (shelf !== undefined && after === 'archive') written.add(shelf);
    for (const file of [decrypt?.privateKeyFile, decrypt?.passphraseFile])
      if (file !== undefined) read.add(posix.dirname(file));
    for (const mapping of mappings) if (mapping.startsWith('/')) read.add(posix.dirname(mapping));
  }
  for (const file of [config.proxy?.passwordFile, config.notify.email?.passwordFile])
    if (file !== undefined) read.add(posix.dirname(file));
  const outermost = [...written].filter(
    (path) => ![...written].some((other) => other !== path && isUnder(path, other)),
  );
  return {
    written: outermost,
    read: [...read].filter((path) => !outermost.some((folder) => isUnder(path, folder))),
  };
}

/** What this hospital's folders need beyond the unit; rewritten at each `service install`, the unit itself never by hand. */
export function dropInText(settings: ServiceSettings): string {
  const { config } = settings;
  const { written, read } = reachOf(settings);
  const inHome = (path: string): boolean => homes.some((home) => isUnder(path, home));
  const home = [...written, ...read].some(inHome);
  const apart = config.sources.some(({ folder }) => !isUnder(folder, config.state));
  const lines = [
    ...written.filter((path) => !inHome(path)).map((path) => `ReadWritePaths=${optionalPath(path)}`),
    ...(home ? ['ProtectHome=tmpfs'] : []),
    ...written.filter(inHome).map((path) => `BindPaths=${optionalPath(path)}`),
    ...read.filter(inHome).map((path) => `BindReadOnlyPaths=${optionalPath(path)}`),
    ...([...written, ...read].some((path) => temporary.some((folder) => isUnder(path, folder)))
      ? ['PrivateTmp=false']
      : []),
    // Source folders belong to others, who must be seen as they are.
    ...(apart ? ['PrivateUsers=false'] : []),
  ];
  return `# Written by "service install" from ${settings.configPath}: run it again when the sources change.
[Service]
${lines.join('\n')}
`;
}
