import { container } from '../container/maker.ts';
import { deb } from '../linux/deb.ts';
import { rpm } from '../linux/rpm.ts';
import { tarball } from '../linux/tarball.ts';
import { windowsSetup } from '../windows/nsis.ts';
import type { Maker } from './maker.ts';
import { linuxX64, windowsX64 } from './platforms.ts';
import { updateBundle } from './update-bundle.ts';

/** Every package there is, in the order in which they are made. */
export const makers: readonly Maker[] = [
  deb,
  rpm,
  tarball,
  container,
  windowsSetup,
  updateBundle(linuxX64),
  updateBundle(windowsX64),
];
