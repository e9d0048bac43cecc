import type { Bilingual, Language } from '../../shared/i18n/texts.ts';
import { fill } from '../../shared/i18n/texts.ts';
import { setupTexts as texts } from '../../shared/i18n/terminal-agent-setup.ts';
import { permanent } from '../../shared/runtime/errors.ts';

/** Where questions go and answers come from: a terminal. */
export interface Voice {
  ask(question: string): Promise<string | undefined>;
  note(line: string): void;
}

type Facts = Readonly<Record<string, string | number>>;

/** An answer that will do, or what to say of one that will not. */
export type Checked<T> = { readonly value: T } | { readonly hint: Bilingual; readonly facts?: Facts };

export interface Asking {
  readonly language: Language;
  say(text: Bilingual, facts?: Facts): void;
  /** Asks until the answer will do. An empty answer is `preset`, and is checked as well. */
  one<T>(
    question: Bilingual,
    preset: string,
    check: (answer: string) => Checked<T> | Promise<Checked<T>>,
  ): Promise<T>;
  yes(question: Bilingual, preset: boolean, facts?: Facts): Promise<boolean>;
}

/** Throws `setup-interrupted` when nobody answers any more (Ctrl-D). */
export function createAsking(voice: Voice, language: Language): Asking {
  const ask = async (question: string): Promise<string> => {
    const answer = await voice.ask(question);
    if (answer === undefined) throw permanent('setup-interrupted');
    return answer;
  };
  return {
    language,
    say: (text, facts = {}) => voice.note(fill(text[language], facts)),
    one: async (question, preset, check) => {
      for (;;) {
        const shown = preset === '' ? '' : ` [${preset}]`;
        const answer = await ask(`${question[language]}${shown} `);
        const checked = await check(answer === '' ? preset : answer);
        if ('value' in checked) return checked.value;
        voice.note(`  → ${fill(checked.hint[language], checked.facts ?? {})}`);
      }
    },
    yes: async (question, preset, facts = {}) => {
      const choice = texts[preset ? 'yesNo' : 'noYes'][language];
      for (;;) {
        const answer = (await ask(`${fill(question[language], facts)} ${choice} `)).toLowerCase();
        if (answer === '') return preset;
        if (/^(o|oui|y|yes)$/.test(answer)) return true;
        if (/^(n|non|no)$/.test(answer)) return false;
        voice.note(`  → ${texts.sayYesOrNo[language]}`);
      }
    },
  };
}

/** One of a few words. */
export function choice<T extends string>(choices: readonly T[]): (answer: string) => Checked<T> {
  return (answer) => {
    const value = choices.find((each) => each === answer.toLowerCase());
    return value === undefined ? { hint: texts.oneOf, facts: { choices: choices.join(', ') } } : { value };
  };
}
