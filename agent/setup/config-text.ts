import type { Settings } from '../config-answers.ts';
import { configComments as comments } from '../../shared/i18n/terminal-agent-setup.ts';
import type { Language } from '../../shared/i18n/texts.ts';

/**
 * agent.yaml as a person will want to read it later: short comments, one setting a line, in the order of the questions.
 * Every text is quoted as JSON is, which YAML reads alike: nothing typed can mean anything else than itself.
 */
export function configText(settings: Settings, language: Language): string {
  const say = (key: keyof typeof comments): string => `# ${comments[key][language]}`;
  const { state, language: chosen, sources, proxy, notify, ...rest } = settings;
  const parts: readonly (readonly string[])[] = [
    [say('head')],
    [say('state'), ...block({ state })],
    ...(chosen === undefined ? [] : [[say('language'), ...block({ language: chosen })]]),
    [say('sources'), 'sources:', ...sources.flatMap(sourceLines)],
    ...(proxy === undefined ? [] : [[say('proxy'), ...block({ proxy })]]),
    ...(notify === undefined ? [] : [[say('notify'), ...block({ notify })]]),
    ...Object.entries(rest).flatMap(([key, value]) => (value === undefined ? [] : [block({ [key]: value })])),
  ];
  return `${parts.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function sourceLines(source: Settings['sources'][number]): readonly string[] {
  return block(source).map((line, index) => `${index === 0 ? '  - ' : '    '}${line}`);
}

function block(values: object): readonly string[] {
  return Object.entries(values).flatMap(([key, value]: [string, unknown]) => {
    if (value === undefined) return [];
    if (typeof value !== 'object' || value === null) return [`${key}: ${scalar(value)}`];
    if (Array.isArray(value)) return [`${key}: [${value.map(flow).join(', ')}]`];
    return [`${key}:`, ...block(value).map((line) => `  ${line}`)];
  });
}

function flow(value: unknown): string {
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : scalar(value);
}

/** Plain words stay plain; whatever could be taken for something else is quoted. */
function scalar(value: unknown): string {
  return typeof value === 'string' && /^(?!(true|false|null|yes|no|on|off)$)[a-z][a-z-]*$/i.test(value)
    ? value
    : JSON.stringify(value);
}
