import type { Surroundings } from './command.ts';

export async function doctorCommand(
  _context: Surroundings,
  _options: { readonly configPath: string; readonly account: string | undefined; readonly ticket: string | true | undefined },
): Promise<number> {
  return Promise.resolve(0);
}
