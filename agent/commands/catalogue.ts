import { doctorCommands } from './doctor-commands.ts';
import { mapCommands } from './map-commands.ts';
import { operationsCommands } from './operations-commands.ts';
import { routeCommands } from './route-commands.ts';
import { setupCommands } from './setup-commands.ts';
import { updateCommands } from './update-commands.ts';
import type { CommandSpec } from './command.ts';

/** Every command of the agent, in the order in which help lists them. */
export const commandSpecs: readonly CommandSpec[] = [
  ...routeCommands,
  ...operationsCommands,
  ...doctorCommands,
  ...mapCommands,
  ...updateCommands,
  ...setupCommands(() => commandSpecs),
];
