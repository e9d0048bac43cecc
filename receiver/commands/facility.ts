import { permanent } from '../../shared/runtime/errors.ts';
import { dayFromIso, dayToIso } from '../../shared/runtime/paris-time.ts';
import { putAlias } from '../apply/alias.ts';
import { checkedFiness, registerFacility } from '../apply/register-facility.ts';
import { dispatchTargets } from '../forward/targets.ts';
import { receiptSigner, say, withStore, type CommandAnswer, type CommandContext } from './command.ts';
import { commandActor, writeDown } from './command-actor.ts';

/** Registers a facility, or renames one: its key for record keys never changes. Exports that waited for it are applied by `serve`. */
export async function addFacility(
  { config, language, clock, random }: CommandContext,
  options: { readonly finess: string; readonly name: string },
): Promise<CommandAnswer> {
  const finess = checkedFiness(options.finess);
  const { name } = options;
  await withStore(config, (store) =>
    store.transaction((tx) =>
      registerFacility(tx, { finess, name }, { actor: commandActor(), clock, random }),
    ),
  );
  return { document: { finess, name }, lines: [say(language, 'facilityAdded', { finess, name })] };
}

/** From `from` on, what OLD sends is NEW's; what is held already moves with it, and dispatches say so. */
export async function aliasFacility(
  { config, language, clock, random }: CommandContext,
  options: { readonly old: string; readonly to: string; readonly from: string },
): Promise<CommandAnswer> {
  const [old, to] = [checkedFiness(options.old), checkedFiness(options.to)];
  const from = dayFromIso(options.from);
  if (from === undefined) throw permanent('command-invalid', { facts: { detail: '--from YYYY-MM-DD' } });
  const targets = await dispatchTargets(config.destinations);
  const sign = await receiptSigner(config, clock);
  const result = await withStore(config, (store) =>
    putAlias(
      { old, to, from },
      {
        ...{ store, clock, random, sign, targets },
        writeDown: (tx, { moved }) =>
          writeDown(tx, clock, {
            ...{ action: 'facility.alias', subject: old, facility: to },
            facts: { old, from: options.from, moved },
          }),
      },
    ),
  );
  return {
    document: { old, to, from: options.from, ...result },
    lines: [
      say(language, 'facilityAliased', { old, to, from: options.from }),
      say(language, 'aliasMoved', { moved: result.moved }),
    ],
  };
}

export async function listFacilities({ config, language }: CommandContext): Promise<CommandAnswer> {
  const { facilities, aliases } = await withStore(config, (store) =>
    store.read(async (tx) => ({
      facilities: await tx.facilities.list(),
      aliases: await tx.facilities.aliases(),
    })),
  );
  // The keys stay in the database.
  const shown = facilities.map(({ finess, name, addedAt }) => ({ finess, name, addedAt }));
  return {
    document: {
      facilities: shown,
      aliases: aliases.map(({ old, to, from }) => ({ old, to, from: dayToIso(from) })),
    },
    lines:
      shown.length === 0 ? [say(language, 'nothing')] : shown.map(({ finess, name }) => `${finess}  ${name}`),
  };
}
