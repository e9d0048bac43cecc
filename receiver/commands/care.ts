import { terminalCare } from '../../shared/i18n/terminal-care.ts';
import { fill, type Language } from '../../shared/i18n/texts.ts';
import { permanent } from '../../shared/runtime/errors.ts';
import { dayOfInstant, dayToIso } from '../../shared/runtime/paris-time.ts';
import { addContact, changeContact } from '../care/contacts.ts';
import { declareClosure, startDegraded, stopDegraded } from '../care/declare.ts';
import { commandActor } from './command-actor.ts';
import { withStore, type CommandAnswer, type CommandContext } from './command.ts';
import { countOption } from './destination-words.ts';
import { checkedFiness } from '../apply/register-facility.ts';
import { printable } from './manifest-lines.ts';

type CareText = keyof typeof terminalCare;
const tell = (
  language: Language,
  name: CareText,
  facts: Readonly<Record<string, string | number>> = {},
): string => fill(terminalCare[name][language], facts);

export interface ContactOptions {
  /** add, list or remove. */
  readonly what: string;
  readonly finess: string;
  readonly number?: string | undefined;
  readonly role?: string | undefined;
  readonly name?: string | undefined;
  readonly phone?: string | undefined;
  readonly email?: string | undefined;
}

/** Whom to call at a facility. */
export async function facilityContact(
  context: CommandContext,
  options: ContactOptions,
): Promise<CommandAnswer> {
  const { config, clock, language } = context;
  const facility = checkedFiness(options.finess);
  return withStore(config, async (store) => {
    const deps = { store, clock };
    switch (options.what) {
      case 'list': {
        const contacts = await store.read((tx) => tx.care.contacts.of(facility));
        const lines = contacts.map(({ id, order, role, name, phone, email }) =>
          printable(
            [`${order}.`, role, name, phone, email, `(${id})`].filter((each) => each !== '').join('  '),
          ),
        );
        return {
          document: { facility, contacts },
          lines: lines.length === 0 ? [tell(language, 'contactNone')] : lines,
        };
      }
      case 'add': {
        const { role = '', name = '', phone = '', email = '' } = options;
        const contact = await addContact(deps, commandActor(), facility, { role, name, phone, email });
        return { document: { facility, contact }, lines: [tell(language, 'contactAdded', { contact })] };
      }
      case 'remove': {
        const id = countOption(options.number ?? '', 'NUMBER', 1_000_000_000);
        await changeContact(deps, commandActor(), { facility, id }, { kind: 'remove' });
        return { document: { facility, removed: id }, lines: [tell(language, 'contactRemoved', { id })] };
      }
      default:
        throw permanent('command-invalid', { facts: { detail: 'contact add | list | remove' } });
    }
  });
}

export interface CloseOptions {
  readonly finess: string;
  readonly from: string;
  readonly to: string;
  readonly reason: string;
  readonly feed?: string | undefined;
}

/** Days of which nothing is awaited. */
export async function closeFacility(
  { config, clock, language }: CommandContext,
  { feed = '', from, to, reason, ...options }: CloseOptions,
): Promise<CommandAnswer> {
  const facility = checkedFiness(options.finess);
  const closure = await withStore(config, (store) =>
    declareClosure({ store, clock }, commandActor(), facility, { feed, from, to, reason }),
  );
  return {
    document: { facility, closure, from, to },
    lines: [tell(language, 'closed', { facility, from, to, closure })],
  };
}

export interface DegradedOptions {
  /** start or stop. */
  readonly what: string;
  readonly finess: string;
  readonly day?: string | undefined;
  readonly reason: string;
}

/** A facility that writes on paper. The day is today unless another is said. */
export async function degradedFacility(
  { config, clock, language }: CommandContext,
  { what, day = dayToIso(dayOfInstant(clock.now())), reason, ...options }: DegradedOptions,
): Promise<CommandAnswer> {
  const facility = checkedFiness(options.finess);
  if (what !== 'start' && what !== 'stop')
    throw permanent('command-invalid', { facts: { detail: 'degraded start | stop' } });
  await withStore(config, async (store) => {
    const deps = { store, clock };
    if (what === 'start') await startDegraded(deps, commandActor(), facility, { from: day, reason });
    else await stopDegraded(deps, commandActor(), facility, { to: day, reason });
  });
  return {
    document: { facility, degraded: what, day },
    lines: [tell(language, what === 'start' ? 'degradedStarted' : 'degradedStopped', { facility, day })],
  };
}
