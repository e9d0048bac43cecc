import type { CommandSpec } from './command.ts';
import { completionSpec, serviceCommands } from './service-commands.ts';

/** Commands around the agent's life on a machine. `all`: the whole catalogue. */
export function setupCommands(all: () => readonly CommandSpec[]): readonly CommandSpec[] {
  return [...serviceCommands, completionSpec(all)];
}
