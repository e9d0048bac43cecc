import type { Step } from './field-schema.ts';

/** One step of `do`, compiled. */
export type TextStep = (text: string) => string;

export function planSteps(steps: readonly Step[] | undefined): TextStep {
  const planned = (steps ?? []).map(planStep);
  return (text) => planned.reduce((current, step) => step(current), text);
}

function planStep(step: Step): TextStep {
  if (typeof step === 'object') {
    if ('pad' in step) return (text) => (text.trim() === '' ? text : text.padStart(step.pad, '0'));
    if ('before' in step) return (text) => cut(text, step.before)[0];
    if ('after' in step) return (text) => cut(text, step.after)[1];
    const [start, length] = step.substring;
    return (text) => text.slice(start, start + length);
  }
  switch (step) {
    case 'trim':
      return (text) => text.trim();
    case 'upper':
      return (text) => text.toUpperCase();
    case 'lower':
      return (text) => text.toLowerCase();
    case 'digits':
      return (text) => text.replace(/\D/g, '');
    case 'removeDots':
      return (text) => text.replaceAll('.', '');
    case 'removeLeadingZeros':
      return (text) => text.trim().replace(/^0+(?=.)/, '');
    case 'firstWord':
      return (text) => /\S+/.exec(text)?.[0] ?? '';
  }
}

/** Before and after the first separator; the whole text twice when it is not there. */
function cut(text: string, separator: string): readonly [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, text] : [text.slice(0, at), text.slice(at + separator.length)];
}
