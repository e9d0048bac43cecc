import { beforeEach, onTestFailed } from 'vitest';

/** Makes the tests of a file one story: after a part that failed, the ones that stand on it are skipped. */
export function tellInOrder(): void {
  let isBroken = false;
  beforeEach((context) => {
    context.skip(isBroken, 'a part before it failed');
    onTestFailed(() => {
      isBroken = true;
    });
  });
}
