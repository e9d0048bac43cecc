import { describe, expect, it } from 'vitest';
import type { IdentityEvent, MovementEvent, PatientState } from '../../../agent/adt/event.ts';
import { applyIdentity, patientOf } from '../../../agent/adt/identity.ts';
import { visitState } from '../../../agent/adt/visits.ts';

const minuteMs = 60_000;
const ends = 10_000 * minuteMs;

/** A message about movement `m1` at minute 10 of a patient in the emergency department, told at once. */
function said(
  trigger: string,
  more: Partial<MovementEvent> & { readonly minute?: number } = {},
): MovementEvent {
  const { minute = 10, ...rest } = more;
  return {
    kind: 'movement',
    visit: 'V1',
    movement: 'm1',
    action: 'insert',
    trigger,
    at: minute * minuteMs,
    historic: false,
    patientClass: 'E',
    ward: '',
    room: '',
    bed: '',
    nature: 'HMS',
    patient: 'P1',
    spokenAt: minute * minuteMs,
    controlId: '1',
    admittedAt: null,
    dischargedAt: null,
    facts: {},
    ...rest,
  };
}

const arrival = said('A04', { ward: '1000', facts: { sex: 'F', arrivalMode: '7' } });
const departure = said('A03', { movement: 'm9', minute: 90 });
const admission = said('A01', { movement: 'm5', minute: 60, patientClass: 'I', ward: '3305', bed: 'P' });

const emergency = (...messages: readonly MovementEvent[]) => visitState(messages, ends).emergency;
const brief = (...messages: readonly MovementEvent[]): string => {
  const visit = emergency(...messages);
  if (visit === null) return 'none';
  const { arrivedAt, departedAt, ending } = visit;
  return `${arrivedAt / minuteMs}-${departedAt === null ? '' : departedAt / minuteMs} ${ending ?? 'lasts'}`;
};
const cancelled = (message: MovementEvent, minute: number): MovementEvent => ({
  ...message,
  action: 'cancel',
  spokenAt: minute * minuteMs,
  controlId: `c${minute}`,
});
const corrected = (message: MovementEvent, minute: number, more: Partial<MovementEvent>): MovementEvent => ({
  ...message,
  action: 'update',
  facts: {},
  spokenAt: minute * minuteMs,
  controlId: `u${minute}`,
  ...more,
});

describe('an emergency visit', () => {
  it('begins with the registration of class E and lasts until something ends it', () => {
    expect(emergency(arrival)).toEqual({
      visit: 'V1',
      arrivedAt: 10 * minuteMs,
      departedAt: null,
      ending: null,
      ward: '1000',
      facts: { sex: 'F', arrivalMode: '7' },
    });
  });

  it.each(['O', 'I', 'N', ''])('is none for a registration of class %j', (patientClass) => {
    const other = said('A04', { patientClass });
    expect(visitState([other, departure], ends)).toMatchObject({ emergency: null, voided: false });
  });

  it('is none for an admission alone', () => {
    expect(brief(admission, departure)).toBe('none');
  });

  it.each(['A01', 'A06'])('ends as hospitalised with %s, whose time is its departure', (trigger) => {
    expect(brief(arrival, { ...admission, trigger })).toBe('10-60 hospitalised');
  });

  it('ends once: the discharge after the stay in hospital is not its own', () => {
    expect(brief(arrival, admission, { ...departure, patientClass: 'I' })).toBe('10-60 hospitalised');
    expect(brief(arrival, departure, said('A03', { movement: 'm10', minute: 95 }))).toBe('10-90 left');
  });

  it('is taken up again by A07, and ends anew', () => {
    const back = said('A07', { movement: 'm6', minute: 70 });
    const moved = { ...admission, trigger: 'A06' };
    expect(brief(arrival, moved, back)).toBe('10- lasts');
    expect(brief(arrival, moved, back, departure)).toBe('10-90 left');
  });

  it('ends with A03, and not when A13 cancels that', () => {
    expect(brief(arrival, departure)).toBe('10-90 left');
    expect(brief(arrival, departure, cancelled(departure, 95))).toBe('10- lasts');
    const again = said('A03', { movement: 'm11', minute: 120 });
    expect(brief(arrival, departure, cancelled(departure, 95), again)).toBe('10-120 left');
  });

  it('goes on when its admission is cancelled', () => {
    expect(brief(arrival, admission, cancelled(admission, 65), departure)).toBe('10-90 left');
  });

  it('never was when A11 cancels its registration', () => {
    expect(visitState([arrival, cancelled(arrival, 12)], ends)).toMatchObject({
      emergency: null,
      voided: true,
      occupancy: null,
    });
  });

  it('is another when it is registered again after that', () => {
    const again = said('A04', { movement: 'm2', minute: 20, facts: { arrivalMode: '5' } });
    expect(emergency(arrival, cancelled(arrival, 12), again)).toMatchObject({
      arrivedAt: 20 * minuteMs,
      facts: { sex: 'F', arrivalMode: '5' },
    });
  });

  it('follows a correction of its class both ways', () => {
    expect(brief(arrival, corrected(arrival, 30, { patientClass: 'O' }))).toBe('none');
    expect(visitState([arrival, corrected(arrival, 30, { patientClass: 'O' })], ends).voided).toBe(true);
    const outpatient = said('A04', { patientClass: 'O' });
    expect(brief(outpatient, corrected(outpatient, 30, { patientClass: 'E' }))).toBe('10- lasts');
  });

  it('is where its last movement put it, and not in the ward it left for', () => {
    const moved = said('A02', { movement: 'm3', minute: 30, ward: '1010' });
    expect(emergency(arrival, moved, admission)?.ward).toBe('1010');
    expect(emergency(arrival, moved, cancelled(moved, 35))?.ward).toBe('1000');
    expect(emergency(arrival, departure)?.ward).toBe('1000');
  });
});

describe('corrections', () => {
  it('move a time, whenever they are told', () => {
    expect(brief(arrival, departure, corrected(arrival, 500, { at: 5 * minuteMs }))).toBe('5-90 left');
    expect(brief(arrival, departure, corrected(departure, 500, { at: 80 * minuteMs }))).toBe('10-80 left');
  });

  it('may come before what they correct', () => {
    expect(brief(corrected(arrival, 500, { at: 5 * minuteMs }))).toBe('5- lasts');
    expect(brief(corrected(arrival, 500, { at: 5 * minuteMs }), arrival)).toBe('5- lasts');
  });

  it('leave what they do not mention', () => {
    const silent = corrected(arrival, 20, { patientClass: '', ward: '' });
    expect(emergency(arrival, silent)).toEqual(emergency(arrival));
  });

  it('of a movement that was cancelled say nothing', () => {
    const late = corrected(arrival, 40, { at: 11 * minuteMs });
    expect(brief(arrival, cancelled(arrival, 30), late)).toBe('none');
    expect(brief(late, cancelled(arrival, 30))).toBe('none');
  });

  it('of the same second come after the insert and before the cancellation, whatever their control ids', () => {
    const update = { ...corrected(arrival, 10, { at: 5 * minuteMs }), controlId: '0' };
    expect(brief(update, arrival)).toBe('5- lasts');
    expect(brief({ ...cancelled(arrival, 10), controlId: '0' }, arrival, update)).toBe('none');
  });

  it('of the same second are ordered by control ids that count up', () => {
    const ninth = { ...corrected(arrival, 20, { at: 5 * minuteMs }), controlId: '9' };
    const tenth = { ...corrected(arrival, 20, { at: 6 * minuteMs }), controlId: '10' };
    expect(brief(tenth, ninth)).toBe('6- lasts');
    expect(brief(ninth, tenth)).toBe('6- lasts');
  });

  it('do not undo an insert that brings a cancelled movement back', () => {
    const again = said('A04', { spokenAt: 40 * minuteMs, at: 12 * minuteMs, facts: { sex: 'M' } });
    expect(emergency(arrival, cancelled(arrival, 30), again)).toMatchObject({
      arrivedAt: 12 * minuteMs,
      facts: { sex: 'M' },
    });
    // What was said of it before is gone; who the patient is stays.
    expect(emergency(arrival, cancelled(arrival, 30), again)?.facts.arrivalMode).toBeUndefined();
  });
});

describe('facts', () => {
  it('are the latest word on each, and go when they are deleted', () => {
    const later = corrected(arrival, 20, { facts: { arrivalMode: '5', reason: 'chute' } });
    const last = corrected(arrival, 30, { facts: { arrivalMode: '' } });
    expect(emergency(last, arrival, later)?.facts).toEqual({ sex: 'F', reason: 'chute' });
  });

  it('said of a discharge go with it', () => {
    const leaving = { ...departure, facts: { pmsiExitMode: '8', sex: 'M' } };
    expect(emergency(arrival, leaving)?.facts.pmsiExitMode).toBe('8');
    const { facts } = emergency(arrival, leaving, cancelled(leaving, 95)) ?? { facts: {} };
    // Who the patient is was not cancelled.
    expect(facts).toEqual({ sex: 'M', arrivalMode: '7' });
  });

  it('of the stay in hospital are not those of the visit', () => {
    const admitted = { ...admission, facts: { provenance: '5', postalCode: '51100' } };
    const home = said('A03', {
      movement: 'm9',
      minute: 900,
      patientClass: 'I',
      facts: { pmsiExitMode: '8' },
    });
    expect(emergency(arrival, admitted, home)?.facts).toEqual({
      sex: 'F',
      arrivalMode: '7',
      postalCode: '51100',
    });
  });

  it('are amended by an A08 that speaks of no movement', () => {
    const amendment = said('A08', {
      movement: null,
      action: 'update',
      spokenAt: 20 * minuteMs,
      controlId: '2',
      facts: { arrivalMode: '5' },
    });
    expect(emergency(amendment, arrival)?.facts.arrivalMode).toBe('5');
    const ofTheStay = { ...amendment, patientClass: 'I' };
    expect(emergency(arrival, admission, ofTheStay)?.facts.arrivalMode).toBe('7');
    expect(brief(amendment, arrival, departure)).toBe('10-90 left');
  });
});

describe('a sender that knows nothing but A08', () => {
  const a08 = (minute: number, more: Partial<MovementEvent>): MovementEvent =>
    said('A08', {
      movement: null,
      action: 'update',
      minute,
      controlId: String(minute),
      admittedAt: 8 * minuteMs,
      ...more,
    });

  it('tells of a visit by its registration and discharge times', () => {
    const first = a08(10, { ward: 'ED', facts: { reason: 'fall' } });
    const last = a08(100, { dischargedAt: 95 * minuteMs, facts: { dischargeDisposition: '01' } });
    expect(brief(first)).toBe('8- lasts');
    expect(emergency(last, first)).toMatchObject({
      arrivedAt: 8 * minuteMs,
      departedAt: 95 * minuteMs,
      ending: 'left',
      ward: 'ED',
      facts: { reason: 'fall', dischargeDisposition: '01' },
    });
  });

  it('has admitted the patient when the class becomes I', () => {
    const admitted = a08(60, { patientClass: 'I', ward: 'MED', bed: '2' });
    const home = a08(900, { patientClass: 'I', dischargedAt: 890 * minuteMs });
    expect(brief(a08(10, {}), admitted)).toBe('8-60 hospitalised');
    expect(brief(home, admitted, a08(10, {}))).toBe('8-60 hospitalised');
    expect(visitState([a08(10, {}), admitted], ends).occupancy?.ward).toBe('MED');
    expect(visitState([a08(10, {}), admitted, home], ends).occupancy).toBeNull();
  });

  it('tells of none without a registration time, or for another class', () => {
    expect(brief(a08(10, { admittedAt: null }))).toBe('none');
    expect(brief(a08(10, { patientClass: 'O' }))).toBe('none');
  });
});

describe('who the patient is', () => {
  const identity = (minute: number, more: Partial<IdentityEvent>): IdentityEvent => ({
    kind: 'identity',
    patient: 'P1',
    formerPatient: null,
    spokenAt: minute * minuteMs,
    controlId: `i${minute}`,
    facts: {},
    ...more,
  });
  const knownFrom = (...events: readonly IdentityEvent[]): PatientState =>
    events.reduce<PatientState>(applyIdentity, patientOf(events[0]?.patient ?? ''));

  it('follows identity messages that were told later, and only those', () => {
    const older = knownFrom(identity(5, { facts: { sex: 'M', postalCode: '08000' } }));
    const newer = knownFrom(identity(50, { facts: { sex: 'M', birthDate: '01/02/1990' } }));
    expect(visitState([arrival], ends, [older]).emergency?.facts).toMatchObject({
      sex: 'F',
      postalCode: '08000',
    });
    expect(visitState([arrival], ends, [older, newer]).emergency?.facts).toMatchObject({
      sex: 'M',
      birthDate: '01/02/1990',
    });
  });

  it('is emptied when the identity says so', () => {
    const emptied = knownFrom(identity(50, { facts: { sex: '' } }));
    expect(visitState([arrival], ends, [emptied]).emergency?.facts).toEqual({ arrivalMode: '7' });
  });

  it('is the same in whatever order identity messages come, and however often', () => {
    const events = [
      identity(5, { facts: { sex: 'M', postalCode: '08000' } }),
      identity(50, { facts: { postalCode: '51100' } }),
      identity(60, { formerPatient: 'P0', facts: { sex: 'F' } }),
      identity(70, { formerPatient: 'P2' }),
    ];
    const forward = knownFrom(...events);
    expect(knownFrom(...events.toReversed(), ...events)).toEqual(forward);
    expect(forward.formerPatients).toEqual(['P0', 'P2']);
    expect(forward.words.postalCode?.text).toBe('51100');
  });

  it('is no merge with itself', () => {
    expect(knownFrom(identity(5, { formerPatient: 'P1' })).formerPatients).toEqual([]);
  });
});

describe('the bed', () => {
  const at = (minute: number, ...messages: readonly MovementEvent[]) =>
    visitState(messages, minute * minuteMs).occupancy;
  const moved = said('A02', { movement: 'm6', minute: 100, patientClass: 'I', ward: '4410', bed: 'F' });

  it('is that of the last movement at the moment asked for', () => {
    expect(at(59, arrival, admission, moved)).toBeNull();
    expect(at(60, arrival, admission, moved)).toEqual({ ward: '3305', room: '', bed: 'P', away: false });
    expect(at(100, arrival, admission, moved)?.ward).toBe('4410');
    expect(at(100, arrival, admission, moved, cancelled(moved, 101))?.ward).toBe('3305');
  });

  it('is freed by a discharge and held again when that is cancelled', () => {
    const home = said('A03', { movement: 'm9', minute: 200, patientClass: 'I' });
    expect(at(199, admission, home)?.ward).toBe('3305');
    expect(at(200, admission, home)).toBeNull();
    expect(at(300, admission, home, cancelled(home, 210))?.ward).toBe('3305');
  });

  it('is kept while the patient is away', () => {
    const out = said('A21', { movement: 'm7', minute: 120, patientClass: 'I' });
    const back = said('A22', { movement: 'm8', minute: 150, patientClass: 'I' });
    expect(at(130, admission, out)).toEqual({ ward: '3305', room: '', bed: 'P', away: true });
    expect(at(150, admission, out, back)?.away).toBe(false);
    expect(at(130, admission, out, cancelled(out, 125))?.away).toBe(false);
    expect(at(150, admission, out, back, cancelled(back, 151))?.away).toBe(true);
  });

  it('is freed when the patient is no inpatient any more', () => {
    const back = said('A07', { movement: 'm8', minute: 150, patientClass: '' });
    expect(at(160, { ...admission, bed: '' }, back)).toBeNull();
  });

  it('in the emergency department is one only where it is named, and never for outpatients', () => {
    expect(at(20, arrival)).toBeNull();
    expect(at(20, { ...arrival, bed: '4' })).toEqual({ ward: '1000', room: '', bed: '4', away: false });
    expect(at(20, { ...arrival, bed: '4', patientClass: 'O' })).toBeNull();
  });

  it('of a patient who was admitted before our time is known from the next movement', () => {
    expect(at(100, moved)?.ward).toBe('4410');
    expect(at(100, { ...moved, ward: '', bed: '' })).toBeNull();
  });
});
