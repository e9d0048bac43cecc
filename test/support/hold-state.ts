import { takeStateLock } from '../../agent/health/state-lock.ts';
import { systemClock } from '../../shared/runtime/clock.ts';

/** A process of its own that holds a state folder until it is killed; says so on stdout. */
takeStateLock(process.argv[2] ?? '', systemClock);
process.stdout.write('held\n');
setInterval(() => undefined, 60_000);
