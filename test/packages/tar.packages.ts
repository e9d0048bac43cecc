import { describe } from 'vitest';
import { tarFormat } from './support/format.ts';
import { canTry, machineTools } from './support/need.ts';
import { tellShortStory } from './support/short-story.ts';

const tried = canTry(machineTools, 'the archives are not installed on a booted machine');

describe.runIf(tried)('archives on booted machines', () => tellShortStory(tarFormat));
