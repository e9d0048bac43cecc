import { isFiness, normaliseFiness } from '../../shared/feeds/facility.ts';
import { permanent } from '../../shared/runtime/errors.ts';
import { say, withStore, type CommandAnswer, type CommandContext } from './command.ts';

/** Registers a facility, or renames one: its key for record keys never changes. Exports that waited for it are applied by `serve`. */
export async function addFacility(
  { config, language, clock, random }: CommandContext,
  options: { readonly finess: string; readonly name: string },
): Promise<CommandAnswer> {
  const finess = checkedFiness(options.finess);
  const { name } = options;
  await withStore(config, (store) =>
    store.transaction(async (tx) => {
      const known = await tx.facilities.get(finess);
      const fresh = { key: random.bytes(32), addedAt: clock.now() };
      await tx.facilities.put({ ...(known ?? fresh), finess, name });
    }),
  );
  return { document: { finess, name }, lines: [say(language, 'facilityAdded', { finess, name })] };
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
    document: { facilities: shown, aliases },
    lines:
      shown.length === 0 ? [say(language, 'nothing')] : shown.map(({ finess, name }) => `${finess}  ${name}`),
  };
}

export function checkedFiness(text: string): string {
  const finess = normaliseFiness(text);
  if (!isFiness(finess)) throw permanent('facility-finess-invalid', { facts: { facility: text } });
  return finess;
}
