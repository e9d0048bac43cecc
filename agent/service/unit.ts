import { posix } from 'node:path';
import { unitAccount, unitHardening, unitHead } from '../../shared/release/unit-parts.ts';
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
  /** The unit that a package brought: what differs from it is said in the drop-in, and it is never written over. */
  readonly packaged?: PackagedUnit;
}

export interface PackagedUnit {
  readonly user: string;
  readonly configPath: string;
  /** A unit that a checkout wrote under /etc hides it. */
  readonly hidden: boolean;
}

/** Where units made on the machine lie; those of packages are elsewhere. */
export const unitFolder = '/etc/systemd/system';
export const unitDescription = "Vaguemestre agent: carries the hospital's exports to its region";

/** What the unit itself says; what depends on the hospital's folders is in the drop-in. */
export type UnitSettings = Omit<ServiceSettings, 'config' | 'packaged'> & { readonly state: string };

/** The unit, the same whether `service install` writes it or a package brings it. */
export function unitText(settings: UnitSettings): string {
  const { name, user, state } = settings;
  return `${unitHead(unitDescription)}

[Service]
Type=exec
${unitAccount(name, user)}
ExecStart=${startLine(settings)}
ExecReload=/bin/kill -HUP $MAINPID
# A wrong command line stays wrong: everything else is tried again.
Restart=on-failure
RestartPreventExitStatus=2
RestartSec=10
TimeoutStopSec=60
MemoryMax=1G
TasksMax=64
LimitNOFILE=4096
${stateLines(state)}
${unitHardening}

[Install]
WantedBy=multi-user.target
`;
}

/** Never a secret: settings and codes are read from files. */
export function commandLine({
  node,
  script,
  configPath,
}: Pick<ServiceSettings, 'node' | 'script' | 'configPath'>): readonly string[] {
  return [node, '--max-semi-space-size=1', script, 'run', '--config', configPath];
}

function startLine(settings: Pick<ServiceSettings, 'node' | 'script' | 'configPath'>): string {
  return commandLine(settings).map(unitWord).join(' ');
}

function stateLines(state: string): string {
  const own = /^\/var\/lib\/([\w.-]+(?:\/[\w.-]+)*)$/.exec(state)?.[1];
  return own === undefined
    ? '# The state folder is elsewhere: the drop-in opens it.'
    : `StateDirectory=${own}\nStateDirectoryMode=0700`;
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
export function reachOf({
  config,
  configPath,
  node,
  script,
}: Omit<ServiceSettings, 'name' | 'user' | 'packaged'>): {
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
    ...differences(settings),
  ];
  return `# Written by "service install" from ${settings.configPath}: run it again when the sources change.
[Service]
${lines.join('\n')}
`;
}

/** From the unit that the package brought. An empty ExecStart takes that unit's away. */
function differences(settings: ServiceSettings): readonly string[] {
  const { packaged, user, configPath } = settings;
  if (packaged === undefined) return [];
  return [
    ...(user === packaged.user ? [] : [`User=${user}`, `Group=${user}`]),
    ...(configPath === packaged.configPath ? [] : ['ExecStart=', `ExecStart=${startLine(settings)}`]),
  ];
}
