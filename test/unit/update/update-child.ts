import { serviceOf, update } from './lab.ts';

/** `update --file` of a laboratory's home, as a process that may be killed. */
const [home = '', config = '', file = ''] = process.argv.slice(2);
const { end } = await update({ home, config, service: serviceOf({ home }) }, { file, yes: true });
process.exitCode = end === 0 ? 0 : 1;
