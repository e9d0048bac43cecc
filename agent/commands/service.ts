import { access } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { describeCode } from '../../shared/i18n/errors.ts';
import { serviceTexts as texts } from '../../shared/i18n/terminal-agent-service.ts';
import { fill, type Language } from '../../shared/i18n/texts.ts';
import { permanent } from '../../shared/runtime/errors.ts';
import { linuxAnswer, linuxControl, linuxInstall, linuxQuestion, linuxUninstall } from '../service/linux.ts';
import { packagedUnit } from '../service/packaged.ts';
import { rightsMissing, type MissingRight } from '../service/rights.ts';
import { answerOf, performStep, printStep, type Done, type Step } from '../service/steps.ts';
import type { ServiceSettings } from '../service/unit.ts';
import {
  accountFor,
  windowsAccount,
  windowsAnswer,
  windowsControl,
  windowsInstall,
  windowsQuestion,
  windowsUninstall,
} from '../service/windows.ts';
import { textOption, type CommandContext, type Options, type Surroundings } from './command.ts';

type Platform = 'linux' | 'windows';

export async function serviceInstallCommand(context: CommandContext, options: Options): Promise<number> {
  const target = targetOf(options);
  const node = textOption(options, 'node') ?? process.execPath;
  const packaged = packagedUnit(target.name, { env: context.terminal.env, root: target.root });
  const settings: ServiceSettings = {
    name: target.name,
    user: plainName(textOption(options, 'user') ?? packaged?.user ?? 'vaguemestre'),
    node,
    script: textOption(options, 'script') ?? resolve(process.argv[1] ?? 'agent/main.ts'),
    config: context.config,
    configPath: resolve(context.configPath),
    ...(packaged === undefined ? {} : { packaged }),
  };
  const shawl = textOption(options, 'shawl') ?? join(dirname(node), 'shawl.exe');
  const windows = target.platform === 'windows';
  const account = windowsAccount(textOption(options, 'account') ?? `NT SERVICE\\${target.name}`);
  const steps = windows ? windowsInstall({ ...settings, shawl, account }) : linuxInstall(settings);
  const code = await carryOut(context, steps, target);
  if (code !== 0 || target.dryRun || context.json) return code;
  context.print(fill(texts.installed[context.language], { name: settings.name }));
  const tried = windows || target.root !== undefined ? undefined : await rightsMissing(settings);
  if (tried !== undefined)
    for (const facts of tried) context.terminal.note(rightsNote(facts, context.language));
  else
    for (const { folder, after } of context.config.sources)
      context.print(
        fill((after === 'archive' ? texts.mustWrite : texts.mustRead)[context.language], {
          user: windows ? accountFor(folder, account) : settings.user,
          folder,
        }),
      );
  return code;
}

/** The service stands all the same: rights are given on the folders, often by somebody else. */
function rightsNote(facts: MissingRight, language: Language): string {
  const { message, hint } = describeCode('service-account-rights', language, { ...facts });
  return `service-account-rights: ${message}\n→ ${hint}`;
}

export async function serviceUninstallCommand(context: Surroundings, options: Options): Promise<number> {
  const target = targetOf(options);
  const code = await carryOut(
    context,
    target.platform === 'windows'
      ? windowsUninstall(target)
      : linuxUninstall({
          name: target.name,
          packaged: packagedUnit(target.name, { env: context.terminal.env, root: target.root }) !== undefined,
        }),
    target,
  );
  if (code === 0 && !target.dryRun && !context.json)
    context.print(fill(texts.uninstalled[context.language], { name: target.name }));
  return code;
}

export async function serviceControlCommand(
  context: Surroundings,
  verb: 'start' | 'stop',
  options: Options,
): Promise<number> {
  const target = targetOf(options);
  const control = target.platform === 'windows' ? windowsControl : linuxControl;
  return carryOut(context, control(verb, target.name), target);
}

/** Exit code 0: active; 1: known and not active; 3: no such service. */
export async function serviceStatusCommand(
  { json, language, print }: Surroundings,
  options: Options,
): Promise<number> {
  const { name, platform } = targetOf(options);
  const windows = platform === 'windows';
  if (!windows) await mustHaveSystemd();
  const answer = await answerOf(windows ? windowsQuestion(name) : linuxQuestion(name));
  const found = answer === undefined ? {} : windows ? windowsAnswer(answer) : linuxAnswer(answer);
  const installed = found['ActiveState'] !== undefined && found['LoadState'] !== 'not-found';
  const active = found['ActiveState'] === 'active';
  if (json) print(JSON.stringify({ name, installed, active, ...found }));
  else {
    const text = installed ? (active ? texts.active : texts.inactive) : texts.absent;
    print(fill(text[language], { name, state: found['ActiveState'] ?? '' }));
    if (installed)
      for (const [key, value] of Object.entries(found)) if (value !== '') print(`  ${key}: ${value}`);
  }
  return active ? 0 : installed ? 1 : 3;
}

interface Target {
  readonly name: string;
  readonly platform: Platform;
  readonly dryRun: boolean;
  readonly root: string | undefined;
}

function targetOf(options: Options): Target {
  const here: Platform = process.platform === 'win32' ? 'windows' : 'linux';
  const asked = textOption(options, 'platform');
  if (asked !== undefined && asked !== 'linux' && asked !== 'windows')
    throw permanent('service-platform', { facts: { found: asked } });
  const dryRun = options['dryRun'] === true;
  const platform = asked ?? here;
  // Another system's commands can be shown here, not carried out.
  if (platform !== here && !dryRun) throw permanent('service-platform', { facts: { found: platform } });
  return {
    name: plainName(textOption(options, 'name') ?? 'vaguemestre-agent'),
    platform,
    dryRun,
    root: textOption(options, 'root'),
  };
}

/** It becomes a file name, an account and a word of a command. */
function plainName(name: string): string {
  if (!/^[a-z][a-z0-9-]{0,30}$/.test(name)) throw permanent('service-name', { facts: { name } });
  return name;
}

async function carryOut(context: Surroundings, steps: readonly Step[], target: Target): Promise<number> {
  const { json, language, print } = context;
  if (!target.dryRun) await mustBeAble(target);
  const done: { readonly step: string; readonly result: Done | 'planned' }[] = [];
  for (const step of steps) {
    const result = target.dryRun ? 'planned' : await performStep(step, target.root);
    done.push({ step: printStep(step), result });
    if (!json) for (const line of printed(step, result, language)) print(line);
  }
  if (json) print(JSON.stringify({ ...target, root: target.root ?? null, steps: documentOf(steps, done) }));
  return 0;
}

function printed(step: Step, result: Done | 'planned', language: Language): readonly string[] {
  if (result !== 'planned') return [`${texts[result][language]}  ${printStep(step)}`];
  if (step.kind !== 'write') return [printStep(step)];
  return [
    '',
    `# ${step.path}`,
    ...step.content
      .trimEnd()
      .split('\n')
      .map((line) => `    ${line}`),
    '',
  ];
}

function documentOf(steps: readonly Step[], done: readonly { step: string; result: string }[]) {
  return steps.map((step, index) => ({
    ...done[index],
    ...(step.kind === 'write' ? { path: step.path, content: step.content } : {}),
  }));
}

/** Nothing is begun that cannot be ended. `root` only writes files: anybody may. */
async function mustBeAble({ platform, root }: Target): Promise<void> {
  if (platform === 'windows' || root !== undefined) return;
  await mustHaveSystemd();
  if (process.getuid?.() !== 0) throw permanent('service-needs-root');
}

async function mustHaveSystemd(): Promise<void> {
  if (!(await hasSystemd())) throw permanent('service-no-systemd');
}

export function hasSystemd(): Promise<boolean> {
  return access('/run/systemd/system').then(
    () => true,
    () => false,
  );
}
