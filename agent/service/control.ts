import { access } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { permanent } from '../../shared/runtime/errors.ts';
import { linuxAnswer, linuxQuestion } from './linux.ts';
import { answerOf, performStep } from './steps.ts';
import { windowsAnswer, windowsControl, windowsQuestion } from './windows.ts';

/** The service of this machine, as far as an update touches it. */
export interface ServiceControl {
  /** It runs, or its manager is about to start it again. */
  runs(): Promise<boolean>;
  /** Faults: `service-step-failed`. */
  restart(): Promise<void>;
}

export function systemService(name: string): ServiceControl {
  return process.platform === 'win32' ? windowsService(name) : linuxService(name);
}

function linuxService(name: string): ServiceControl {
  return {
    runs: async () => {
      if (!(await hasSystemd())) return false;
      const state = linuxAnswer((await answerOf(linuxQuestion(name))) ?? '')['ActiveState'] ?? '';
      return ['active', 'activating', 'reloading'].includes(state);
    },
    restart: async () => {
      await performStep({ kind: 'run', command: ['systemctl', 'restart', `${name}.service`] }, undefined);
    },
  };
}

function hasSystemd(): Promise<boolean> {
  return access('/run/systemd/system').then(
    () => true,
    () => false,
  );
}

const stopLooks = 90;

/** "sc stop" answers before the service has stopped. */
function windowsService(name: string): ServiceControl {
  const state = async (): Promise<string> =>
    windowsAnswer((await answerOf(windowsQuestion(name))) ?? '')['ActiveState'] ?? '';
  return {
    runs: async () => ['active', 'start_pending'].includes(await state()),
    restart: async () => {
      for (const step of windowsControl('stop', name)) await performStep(step, undefined);
      for (let look = 0; (await state()) !== 'stopped'; look += 1) {
        if (look >= stopLooks)
          throw permanent('service-step-failed', { facts: { step: `sc stop ${name}`, reason: 'timeout' } });
        await pause(1000);
      }
      for (const step of windowsControl('start', name)) await performStep(step, undefined);
    },
  };
}
