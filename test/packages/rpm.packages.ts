import { describe } from 'vitest';
import { rpmFormat } from './support/format.ts';
import { canTry, machineTools } from './support/need.ts';
import { tellShortStory } from './support/short-story.ts';

const tried = canTry([...machineTools, ...rpmFormat.needs], 'the .rpm are not installed on a booted machine');

/** By rpm itself, with every scriptlet run under systemd; on a Debian, for want of a system of rpm's own kind. */
describe.runIf(tried)('RPM packages on booted machines', () => tellShortStory(rpmFormat));
