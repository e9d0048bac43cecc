import { afterEach, describe, expect, it } from 'vitest';
import { transport, type TransportOf } from '../../../receiver/config-transports.ts';
import { createPolledAnswers } from '../../../receiver/forward/answers/polled.ts';
import type { AnswerSource, AwaitedDispatch } from '../../../receiver/forward/answers/answer-source.ts';
import type { Destination } from '../../../receiver/forward/destination.ts';
import { createSubmissionDestination } from '../../../receiver/forward/transports/submission.ts';
import type { Fault } from '../../../shared/runtime/errors.ts';
import { startFakeSubmission, type FakeSubmission } from '../../support/peers/fake-submission.ts';
import { describeDestination, outgoing } from './destination-contract.ts';

const never = new AbortController().signal;
const closing: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function newService(): Promise<FakeSubmission> {
  const service = await startFakeSubmission();
  closing.push(() => service.close());
  return service;
}

function settingsFor(service: FakeSubmission, changed: object = {}): TransportOf<'submission'> {
  const parsed = transport.parse({ ...service.transport(), ...changed });
  if (parsed.kind !== 'submission') throw new Error('not submission');
  return parsed;
}

function destinationTo(service: FakeSubmission, changed: object = {}): Destination {
  const destination = createSubmissionDestination('syrius', settingsFor(service, changed));
  closing.push(() => destination.close());
  return destination;
}

/** The contract compares whole reports; that an id comes with each delivery is held below. */
function withoutReferences(destination: Destination): Destination {
  return {
    ...destination,
    deliver: async (files, signal) => {
      const { said, ...report } = await destination.deliver(files, signal);
      const named = said === undefined ? [] : [...said.keys()];
      expect(named).toEqual(files.slice(0, report.delivered).map(({ name }) => name));
      return report;
    },
  };
}

// Every word of the contract applies to this service, names included: it holds one content under a name.
describeDestination('a submission service', async () => {
  const service = await newService();
  const destination = destinationTo(service);
  await destination.open();
  return {
    destination: withoutReferences(destination),
    received: async () =>
      new Map([...(await service.received())].map(([name, content]) => [name, content.toString('utf8')])),
    plant: service.plant,
    cut: service.cut,
    restore: () => service.restore(),
  };
});

describe('a submission', () => {
  it('prepares, submits, and gives the id of the service', async () => {
    const service = await newService();
    const report = await destinationTo(service).deliver([outgoing('a.xml', 'one')], never);
    expect(report.said?.get('a.xml')).toEqual({ reference: 'S-1' });
    expect(service.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'POST /prepare',
      'PUT /uploads/S-1',
      'GET /uploads/S-1',
    ]);
    expect(service.submissions.get('S-1')).toMatchObject({ name: 'a.xml', state: 'received' });
  });

  it('is asked about, not sent again, when its answer was lost', async () => {
    const service = await newService();
    const destination = destinationTo(service);
    service.fail('submit', { kind: 'cut-answer' });
    const files = [outgoing('a.xml', 'one')];
    expect(await destination.deliver(files, never)).toMatchObject({
      delivered: 0,
      fault: { code: 'delivery-unavailable', class: 'ambiguous' },
    });
    service.fail('submit', undefined);
    expect(await destination.deliver(files, never)).toMatchObject({ delivered: 1 });
    expect(service.requests.filter(({ method }) => method === 'PUT')).toHaveLength(1);
    expect(service.submissions.size).toBe(1);
  });

  it('goes on under the same id when its body was cut', async () => {
    const service = await newService();
    const destination = destinationTo(service);
    service.fail('submit', { kind: 'cut-body', atBytes: 1 });
    const files = [outgoing('a.xml', 'one')];
    expect(await destination.deliver(files, never)).toMatchObject({ delivered: 0 });
    expect((await service.received()).size).toBe(0);
    service.fail('submit', undefined);
    expect((await destination.deliver(files, never)).said?.get('a.xml')).toEqual({ reference: 'S-1' });
    expect(service.requests.filter(({ path }) => path === '/prepare')).toHaveLength(1);
  });

  it('is prepared anew after a crash, under the same key', async () => {
    const service = await newService();
    service.fail('submit', { kind: 'hang-up' });
    const files = [outgoing('a.xml', 'one')];
    expect(await destinationTo(service).deliver(files, never)).toMatchObject({ delivered: 0 });
    service.fail('submit', undefined);
    // Another process: it remembers no id.
    expect(await destinationTo(service).deliver(files, never)).toMatchObject({ delivered: 1 });
    const keys = service.requests
      .filter(({ path }) => path === '/prepare')
      .map(({ headers }) => headers['idempotency-key']);
    expect(keys).toHaveLength(2);
    expect(new Set(keys).size).toBe(1);
    expect(service.submissions.size).toBe(1);
  });

  it('is prepared anew when the service has forgotten its id', async () => {
    const service = await newService();
    const destination = destinationTo(service);
    service.fail('submit', { kind: 'hang-up' });
    const files = [outgoing('a.xml', 'one')];
    await destination.deliver(files, never);
    service.fail('submit', undefined);
    service.fail('poll', { kind: 'status', status: 404 });
    // Still not there once submitted, as far as the service says: not delivered.
    expect(await destination.deliver(files, never)).toMatchObject({
      delivered: 0,
      fault: { code: 'delivery-vanished', class: 'ambiguous' },
      blame: 'file',
    });
    expect(service.requests.filter(({ path }) => path === '/prepare')).toHaveLength(2);
    service.fail('poll', undefined);
    expect(await destination.deliver(files, never)).toMatchObject({ delivered: 1 });
  });

  it('is not delivered by a page that says 200 in place of the service', async () => {
    const service = await newService();
    const destination = destinationTo(service);
    const page = { kind: 'status', status: 200, body: '<html>back soon</html>' } as const;
    service.fail('submit', page);
    const files = [outgoing('a.xml', 'one')];
    expect(await destination.deliver(files, never)).toMatchObject({
      delivered: 0,
      fault: { code: 'delivery-vanished' },
    });
    service.fail('prepare', page);
    expect(await destinationTo(service).deliver(files, never)).toMatchObject({
      delivered: 0,
      fault: { code: 'upload-answer-incomplete', class: 'ambiguous' },
    });
  });

  it.each([
    ['prepare', 401, 'peer-login-refused', 'permanent'],
    ['submit', 403, 'peer-login-refused', 'permanent'],
    ['prepare', 404, 'upload-address-wrong', 'permanent'],
    ['submit', 503, 'delivery-unavailable', 'transient'],
    ['submit', 507, 'delivery-disk-full', 'transient'],
  ] as const)('holds the queue when %s answers %d', async (step, status, code, errorClass) => {
    const service = await newService();
    service.fail(step, { kind: 'status', status });
    const report = await destinationTo(service).deliver([outgoing('a.xml', 'one')], never);
    expect(report).toMatchObject({ delivered: 0, fault: { code, class: errorClass } });
    expect(report.blame).toBeUndefined();
  });

  it('is refused by the service with its own code', async () => {
    const service = await newService();
    service.fail('submit', { kind: 'status', status: 422, body: { code: 'E 12/é' } });
    const report = await destinationTo(service).deliver([outgoing('a.xml', 'one')], never);
    expect(report).toMatchObject({ delivered: 1, fault: undefined });
    expect(report.said?.get('a.xml')).toEqual({
      reference: 'S-1',
      answer: { verdict: 'refused', code: 'E12' },
    });
  });

  it('is walked to without anything being prepared', async () => {
    const service = await newService();
    const steps = await destinationTo(service).probe(never);
    expect(steps.map(({ step, fault }) => [step, fault?.code])).toEqual([
      ['resolve', undefined],
      ['connect', undefined],
      ['identity', undefined],
      ['login', undefined],
      ['write', undefined],
    ]);
    expect(steps.at(-1)?.found).toBe('skipped: submission');
    expect(service.submissions.size).toBe(0);
  });
});

describe('polled answers', () => {
  interface Polling {
    readonly service: FakeSubmission;
    readonly source: AnswerSource;
    readonly reports: readonly (readonly [string, string])[];
    readonly awaited: readonly AwaitedDispatch[];
  }

  async function delivered(names: readonly string[], changed: object = {}): Promise<Polling> {
    const service = await newService();
    const files = names.map((name) => outgoing(name, `content of ${name}`));
    const { said } = await destinationTo(service).deliver(files, never);
    const reports: (readonly [string, string])[] = [];
    const source = createPolledAnswers({
      destination: 'syrius',
      transport: settingsFor(service, changed),
      report: (fault: Fault, dispatch) => reports.push([fault.code, dispatch]),
    });
    const awaited = files.map(({ name, digest }) => ({
      ...{ name, sealedName: name, digest, reference: said?.get(name)?.reference ?? null },
    }));
    return { service, source, reports, awaited };
  }

  it('say nothing while the service controls', async () => {
    const { service, source, awaited } = await delivered(['a.xml']);
    expect(await source.collect(awaited, never)).toEqual([]);
    service.decide('S-1', 'controlling');
    expect(await source.collect(awaited, never)).toEqual([]);
  });

  it('acknowledge what is integrated, and refuse what is rejected with its code', async () => {
    const { service, source, awaited } = await delivered(['a.xml', 'b.xml']);
    service.decide('S-1', 'integrated');
    service.decide('S-2', 'rejected', 'AGE-120');
    expect(await source.collect(awaited, never)).toEqual([
      { name: 'a.xml', reference: 'S-1', verdict: 'acknowledged', code: null },
      { name: 'b.xml', reference: 'S-2', verdict: 'refused', code: 'AGE-120' },
    ]);
  });

  it('wait with a refusal until its code can be read', async () => {
    const { service, source, awaited } = await delivered(['a.xml']);
    service.decide('S-1', 'rejected', 'AGE-120');
    service.fail('result', { kind: 'status', status: 503 });
    await expect(source.collect(awaited, never)).rejects.toMatchObject({ code: 'delivery-unavailable' });
    service.fail('result', undefined);
    expect(await source.collect(awaited, never)).toMatchObject([{ verdict: 'refused', code: 'AGE-120' }]);
  });

  it('refuse without a code where there is no result to ask for', async () => {
    const { service, source, awaited } = await delivered(['a.xml'], { result: undefined });
    service.decide('S-1', 'rejected', 'AGE-120');
    expect(await source.collect(awaited, never)).toMatchObject([{ verdict: 'refused', code: null }]);
  });

  it('decide nothing from a state they do not know, and tell it once', async () => {
    const { service, source, reports, awaited } = await delivered(['a.xml', 'b.xml']);
    service.decide('S-1', 'in limbo');
    service.decide('S-2', 'integrated');
    expect(await source.collect(awaited, never)).toMatchObject([{ name: 'b.xml' }]);
    expect(await source.collect(awaited.slice(0, 1), never)).toEqual([]);
    expect(reports).toEqual([['answer-state-unknown', 'a.xml']]);
  });

  it('leave a dispatch whose id the service does not know, and tell it once', async () => {
    const { service, source, reports, awaited } = await delivered(['a.xml']);
    service.fail('poll', { kind: 'status', status: 404 });
    expect(await source.collect(awaited, never)).toEqual([]);
    expect(await source.collect(awaited, never)).toEqual([]);
    expect(reports).toEqual([['answer-reference-unknown', 'a.xml']]);
  });

  it('keep what was answered before the service went down', async () => {
    const { service, source, awaited } = await delivered(['a.xml']);
    await service.cut();
    await expect(source.collect(awaited, never)).rejects.toMatchObject({ class: 'transient' });
    await service.restore();
    service.decide('S-1', 'integrated');
    expect(await source.collect(awaited, never)).toHaveLength(1);
  });

  it('leave a service alone for as long as it asks', async () => {
    const { service, source, awaited } = await delivered(['a.xml']);
    service.fail('poll', { kind: 'status', status: 429, headers: { 'retry-after': '2' } });
    await expect(source.collect(awaited, never)).rejects.toMatchObject({ code: 'delivery-unavailable' });
    const before = service.requests.length;
    await source.collect(awaited, never);
    await source.collect(awaited, never);
    expect(service.requests.length).toBe(before);
    await expect(source.collect(awaited, never)).rejects.toMatchObject({ code: 'delivery-unavailable' });
  });

  it('ask about a bounded number at a time, each in its turn', async () => {
    const { service, source, awaited } = await delivered(['a.xml']);
    const [one] = awaited;
    const many = Array.from({ length: 120 }, (_, index) => ({ ...one, name: `f${index}.xml` }));
    const list = many.filter((each): each is AwaitedDispatch => each.reference !== undefined);
    const askedNow = async (): Promise<number> => {
      const before = service.requests.length;
      await source.collect(list, never);
      return service.requests.length - before;
    };
    expect(await askedNow()).toBe(50);
    service.decide('S-1', 'integrated');
    const names = new Set<string>();
    for (const heard of [50, 100, 120]) {
      for (const { name } of await source.collect(list, never)) names.add(name);
      expect(names.size).toBe(heard);
    }
  });

  it('pass over what has no id', async () => {
    const { service, source, awaited } = await delivered(['a.xml']);
    const before = service.requests.length;
    await source.collect(
      awaited.map((each) => ({ ...each, reference: null })),
      never,
    );
    expect(service.requests.length).toBe(before);
  });
});
