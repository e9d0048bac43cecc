import { asFault } from '../../../shared/runtime/errors.ts';
import { failure, type Check, type DoctorFinding, type Examined, type Level } from './finding.ts';

export interface Examination {
  readonly check: string;
  readonly findings: readonly DoctorFinding[];
}

const checkMs = 30_000;

/** Every check, one after the other, each with its deadline: one that fails or hangs never hides the next. */
export async function examine(
  checks: readonly Check[],
  examined: Examined,
  onCheck: (name: string) => void,
  deadlineMs = checkMs,
): Promise<readonly Examination[]> {
  const all: Examination[] = [];
  for (const check of checks) {
    onCheck(check.name);
    all.push({ check: check.name, findings: await bounded(check, examined, deadlineMs) });
  }
  return all;
}

async function bounded(
  check: Check,
  examined: Examined,
  deadlineMs: number,
): Promise<readonly DoctorFinding[]> {
  const late = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<readonly DoctorFinding[]>((resolve) => {
    timer = setTimeout(() => {
      late.abort();
      resolve([failure('check-late', { seconds: deadlineMs / 1000 })]);
    }, deadlineMs);
  });
  const looking = Promise.resolve()
    .then(() => check.run(examined, late.signal))
    .catch((error: unknown) => {
      const { code, facts } = asFault(error);
      return [failure(code, facts)];
    });
  try {
    return await Promise.race([looking, deadline]);
  } finally {
    clearTimeout(timer);
  }
}

export function worst(examinations: readonly Examination[]): Level {
  const levels = examinations.flatMap(({ findings }) => findings.map(({ level }) => level));
  if (levels.includes('failure')) return 'failure';
  return levels.includes('warning') ? 'warning' : 'ok';
}
