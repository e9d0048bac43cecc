import { describeFault, type Described } from '../../shared/i18n/errors.ts';
import type { Language } from '../../shared/i18n/texts.ts';
import { Fault } from '../../shared/runtime/errors.ts';

/** A fault in the words of a page: of a file its name alone. Where files of this machine lie is told in its log. */
export function toldFault(fault: Fault, language: Language): Described {
  const facts = Object.fromEntries(
    Object.entries(fault.facts).map(([name, value]) => [
      name,
      typeof value === 'string' && isPath.test(value) ? (value.split(/[/\\]/).at(-1) ?? '') : value,
    ]),
  );
  const { position } = fault;
  const details = position === undefined ? { facts } : { facts, position };
  return describeFault(new Fault(fault.code, fault.class, details), language);
}

const isPath = /^(\/|\\\\|[A-Za-z]:[/\\])/;
