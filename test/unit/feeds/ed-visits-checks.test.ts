import { describe, expect, it } from 'vitest';
import { edVisits } from '../../../shared/feeds/ed-visits.ts';
import { atHome, buildVisit, visitOf, type Values } from './visit-values.ts';

/** Every breach of a visit, those of building included. */
function rulesOf(change: Values, extensions?: Readonly<Record<string, string>>): readonly string[] {
  const built = buildVisit(change, extensions);
  if (built.kind === 'rejected') return [built.breach.rule];
  return [...built.breaches, ...edVisits.check(built.record)].map((breach) => breach.rule);
}

interface Case {
  readonly breaks: readonly Values[];
  readonly keeps: readonly Values[];
}

const open: Values = { departedAt: '', departureMode: '', destination: '', disposition: '' };
const childbirth = { principalDiagnosis: 'O80', birthDate: '14/02/1996' };

/** Per rule, visits that break it and visits near the border that do not. */
const cases: Readonly<Record<string, Case>> = {
  'entree-missing': { breaks: [{ arrivedAt: '  ' }, { arrivedAt: undefined }], keeps: [{}] },
  'entree-unreadable': {
    breaks: [
      { arrivedAt: '11/01/2026' },
      { arrivedAt: '31/02/2026 10:00' },
      { arrivedAt: '2026-01-11 09:42' },
    ],
    keeps: [{ arrivedAt: '11/01/2026 09:42:59' }],
  },
  'entree-ambiguous': {
    breaks: [{ arrivedAt: '25/10/2026 02:30' }],
    keeps: [{ arrivedAt: '25/10/2026 01:59' }, { arrivedAt: '25/10/2026 03:00' }],
  },
  'entree-skipped': {
    breaks: [{ arrivedAt: '29/03/2026 02:30' }],
    keeps: [{ arrivedAt: '29/03/2026 01:59' }, { arrivedAt: '29/03/2026 03:00' }],
  },
  'sortie-ambiguous': {
    breaks: [{ departedAt: '25/10/2026 02:30' }],
    keeps: [{ departedAt: '25/10/2026 03:00' }],
  },
  'sortie-skipped': {
    breaks: [{ departedAt: '29/03/2026 02:30' }],
    keeps: [{ departedAt: '29/03/2026 03:30' }],
  },
  'tag-repeated': {
    breaks: [{ sex: ['F', 'M'] }],
    keeps: [{ sex: ['F', ' '] }, { associatedDiagnoses: ['I10', 'E119'] }],
  },
  'finess-format': {
    breaks: [{ facility: '990000011' }, { facility: undefined }, { facility: '99000001' }],
    keeps: [{ facility: ' 990000010 ' }],
  },
  'cp-missing': { breaks: [{ postalCode: '' }], keeps: [{}] },
  'cp-format': {
    breaks: [
      { postalCode: '2A004' },
      { postalCode: '6700' },
      { postalCode: '00999' },
      { postalCode: '96000' },
    ],
    keeps: ['67000', '01000', '20000', '20999', '97400', '98800', '99100', '99999'].map((postalCode) => ({
      postalCode,
    })),
  },
  'commune-missing': { breaks: [{ commune: ' ' }], keeps: [{}] },
  'naissance-missing': { breaks: [{ birthDate: '' }], keeps: [{}] },
  'naissance-unreadable': {
    breaks: [{ birthDate: '31/02/1951' }, { birthDate: '1951' }],
    keeps: [{ birthDate: '' }],
  },
  'age-out-of-range': {
    breaks: [{ birthDate: '12/01/2026' }, { birthDate: '01/01/1904' }],
    keeps: [{ birthDate: '11/01/2026' }, { birthDate: '01/06/1905' }],
  },
  'sexe-missing': { breaks: [{ sex: '' }], keeps: [{}] },
  'sexe-code': { breaks: [{ sex: 'H' }, { sex: '1' }], keeps: [{ sex: 'M' }, { sex: 'I' }, { sex: '' }] },
  'mode-entree-missing': { breaks: [{ arrivalMode: '' }], keeps: [{}] },
  'mode-entree-code': { breaks: [{ arrivalMode: '9' }], keeps: [{ arrivalMode: '7' }, { arrivalMode: '' }] },
  'provenance-missing': { breaks: [{ origin: '' }], keeps: [{}] },
  'provenance-code': { breaks: [{ origin: '9' }], keeps: [{ origin: '8' }, { origin: '' }] },
  'transport-missing': { breaks: [{ transport: '' }], keeps: [{}] },
  'transport-code': { breaks: [{ transport: 'TAXI' }], keeps: [{ transport: 'PERS' }, { transport: 'FO' }] },
  'transport-pec-missing': { breaks: [{ transportCare: '' }], keeps: [{}] },
  'transport-pec-code': { breaks: [{ transportCare: 'NON' }], keeps: [{ transportCare: 'PARAMED' }] },
  'motif-missing': { breaks: [{ reason: '' }], keeps: [{ ...open, reason: '' }] },
  'motif-free-text': {
    breaks: [{ reason: 'chute dans les escaliers' }],
    keeps: [{ reason: 'GASTRO04' }, { reason: 'R53.+1' }, { reason: 'r060' }, { reason: '' }],
  },
  'gravite-missing': { breaks: [{ severity: '' }], keeps: [{ ...open, severity: '' }] },
  'gravite-code': { breaks: [{ severity: '6' }], keeps: [{ severity: 'P' }, { severity: '' }] },
  'dp-missing': {
    breaks: [{ principalDiagnosis: '' }, { ...atHome, principalDiagnosis: '' }],
    keeps: [
      { ...open, principalDiagnosis: '' },
      { ...atHome, principalDiagnosis: '', disposition: 'PAS' },
    ],
  },
  'dp-format': {
    breaks: [
      { principalDiagnosis: 'I983*' },
      { principalDiagnosis: 'fracture' },
      { principalDiagnosis: 'S5' },
    ],
    keeps: ['A99', 'A999', 'A99.9', 'A99.99', 'A99.+9', 'A99.9+9', 'j18.9', 'W01.X'].map((code) => ({
      principalDiagnosis: code,
    })),
  },
  'da-format': {
    breaks: [{ associatedDiagnoses: ['I10', 'HTA'] }],
    keeps: [{ associatedDiagnoses: [] }, { associatedDiagnoses: ['E11.9', ''] }],
  },
  'acte-format': {
    breaks: [{ procedures: ['DEQP003', 'ECG'] }],
    keeps: [{ procedures: ['DEQP003-01', 'DEQP003 1 0', 'DEQP00310', 'deqp003'] }],
  },
  'sortie-unreadable': {
    breaks: [{ departedAt: '11/01/2026' }, { departedAt: 'en cours' }],
    keeps: [{ departedAt: '' }, { departedAt: '11/01/2026 17:05:00' }],
  },
  'mode-sortie-code': {
    breaks: [{ departureMode: '4' }, { departureMode: 'Transfert' }],
    keeps: [{ departureMode: '' }, { departureMode: '9' }],
  },
  'destination-missing': { breaks: [{ destination: '' }], keeps: [atHome, open] },
  'destination-code': { breaks: [{ destination: '5' }], keeps: [{ destination: '4' }] },
  'orient-missing': { breaks: [{ disposition: '' }], keeps: [atHome, open] },
  'orient-code': { breaks: [{ disposition: 'CONS' }], keeps: [{ disposition: 'UHCD' }] },
  'provenance-mode-entree': {
    breaks: [
      { arrivalMode: '6', origin: '5' },
      { arrivalMode: '7', origin: '8' },
      { arrivalMode: '8', origin: '1' },
    ],
    keeps: [
      { arrivalMode: '7', origin: '4' },
      { arrivalMode: '8', origin: '6' },
      { arrivalMode: '8', origin: '7' },
      { arrivalMode: '', origin: '1' },
      { arrivalMode: '8', origin: '9' },
    ],
  },
  'smur-without-med': {
    breaks: [{ transport: 'SMUR', transportCare: 'PARAMED' }],
    keeps: [
      { transport: 'SMUR', transportCare: 'MED' },
      { transport: 'SMUR', transportCare: '' },
    ],
  },
  'sortie-before-entree': {
    breaks: [{ departedAt: '11/01/2026 09:41' }],
    keeps: [
      { departedAt: '11/01/2026 09:43' },
      // The clock went back between the two.
      { arrivedAt: '25/10/2026 02:50', departedAt: '25/10/2026 02:10' },
    ],
  },
  'stay-zero': { breaks: [{ departedAt: '11/01/2026 09:42' }], keeps: [{ departedAt: '11/01/2026 09:43' }] },
  'stay-over-24h': {
    breaks: [{ departedAt: '12/01/2026 09:43' }, { departedAt: '14/01/2026 09:42' }],
    keeps: [{ departedAt: '12/01/2026 09:42' }, { departedAt: '14/01/2026 09:43' }],
  },
  'stay-over-72h': {
    breaks: [{ departedAt: '14/01/2026 09:43' }, { departedAt: '10/02/2026 09:42' }],
    keeps: [{ departedAt: '14/01/2026 09:42' }],
  },
  'stay-over-30d': {
    breaks: [{ departedAt: '10/02/2026 09:43' }],
    keeps: [{ departedAt: '10/02/2026 09:42' }],
  },
  'sortie-without-mode': { breaks: [{ departureMode: '' }], keeps: [open] },
  'mode-without-sortie': { breaks: [{ departedAt: '' }], keeps: [open] },
  'destination-mode-sortie': {
    breaks: [
      { departureMode: '6', destination: '7' },
      { ...atHome, destination: '1' },
      { departureMode: '9', destination: '1', disposition: '' },
    ],
    keeps: [
      { departureMode: '7', destination: '4' },
      { ...atHome, destination: '6' },
      { departureMode: '9', destination: '', disposition: '' },
    ],
  },
  'uhcd-home': { breaks: [{ ...atHome, disposition: 'UHCD' }], keeps: [{ disposition: 'UHCD' }] },
  'orient-mode-sortie': {
    breaks: [
      { disposition: 'PSA' },
      { ...atHome, disposition: 'MED' },
      { departureMode: '9', destination: '', disposition: 'REA' },
    ],
    keeps: [{ ...atHome, disposition: 'REO' }, { ...atHome, disposition: 'PAS' }, { disposition: 'HDT' }],
  },
  'ccmu-home': {
    breaks: [
      { ...atHome, severity: '5' },
      { ...atHome, severity: '4' },
    ],
    keeps: [{ severity: '5' }, { ...atHome, severity: '3' }],
  },
  'ccmu-dead-alive': {
    breaks: [{ severity: 'D' }, { ...atHome, severity: 'D' }],
    keeps: [{ severity: 'D', departureMode: '9', destination: '', disposition: '' }],
  },
  'ccmu-stable-intensive': {
    breaks: [{ severity: '1', disposition: 'REA' }],
    keeps: [
      { severity: '1', disposition: 'UHCD' },
      { severity: '4', disposition: 'REA' },
    ],
  },
  'sex-diagnosis': {
    breaks: [
      { ...childbirth, sex: 'M' },
      { principalDiagnosis: 'N40', sex: 'F' },
    ],
    keeps: [
      { ...childbirth, sex: 'F' },
      { ...childbirth, sex: 'I' },
      { principalDiagnosis: 'N40', sex: 'M' },
      { principalDiagnosis: 'N39.0', sex: 'M' },
    ],
  },
  'age-diagnosis': {
    breaks: [
      { principalDiagnosis: 'P22.0' },
      { principalDiagnosis: 'O80', birthDate: '14/02/1951' },
      { principalDiagnosis: 'O80', birthDate: '14/02/2025' },
    ],
    keeps: [childbirth, { principalDiagnosis: 'P22.0', birthDate: '10/01/2026' }],
  },
  'text-mojibake': {
    breaks: [{ commune: 'SÃ‰LESTAT' }, { commune: 'S\uFFFDlestat' }, { reason: 'caf\u0092' }],
    keeps: [{ commune: 'Sélestat' }, { commune: 'SÃO PAULO' }, { commune: "L'HAŸ-LES-ROSES" }],
  },
  'text-control': {
    breaks: [{ commune: 'VILLE\u0001TEST' }, { reason: 'R06\uD800' }],
    keeps: [{ commune: 'VILLE\tTEST' }, { reason: '😀' }],
  },
};

describe('the rules of ED visits', () => {
  it('all have cases here', () => {
    const covered = [...Object.keys(cases), 'unknown-tag'].sort();
    expect(covered).toEqual(edVisits.rules.map((rule) => rule.id).sort());
  });

  for (const [rule, { breaks, keeps }] of Object.entries(cases)) {
    it.each(breaks)(`${rule} is found in %j`, (change) => {
      expect(rulesOf(change)).toContain(rule);
    });
    it.each(keeps)(`${rule} is not found in %j`, (change) => {
      expect(rulesOf(change)).not.toContain(rule);
    });
  }

  it('find nothing in a clean visit, nor in one whose patient is still there', () => {
    expect(rulesOf({})).toEqual([]);
    expect(rulesOf({ ...open, reason: '', severity: '', principalDiagnosis: '' })).toEqual([]);
  });

  it('name each unknown tag, and look at its text', () => {
    const record = visitOf({}, { HMED: 'Dr Exemple', CIRCONSTANCE: 'brÃ»lure' });
    expect(edVisits.check(record)).toEqual([
      { rule: 'text-mojibake', field: 'CIRCONSTANCE' },
      { rule: 'unknown-tag', field: 'CIRCONSTANCE' },
      { rule: 'unknown-tag', field: 'HMED' },
    ]);
  });

  it('are reported in the order of the list, under national tags, without any value', () => {
    const change = {
      commune: 'S\uFFFD\u0001',
      reason: 'S\uFFFD\u0001',
      sex: 'X9',
      severity: 'X9',
      origin: 'X9',
      principalDiagnosis: 'X9',
      departedAt: 'X9',
      departureMode: 'X9',
      disposition: 'X9',
    };
    const found = edVisits.check(visitOf(change, { B: 'S\uFFFD', A: 'x' }));
    const order = edVisits.rules.map((rule) => rule.id);
    const places = found.map((breach) => order.indexOf(breach.rule));
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(found.length).toBeGreaterThan(12);
    expect(JSON.stringify(found)).not.toContain('X9');
    const tags = new Set<string | null>([...edVisits.fields.map((field) => field.tag), 'A', 'B']);
    for (const breach of found) expect(tags).toContain(breach.field);
  });

  it('leave formula-like text alone', () => {
    expect(visitOf({ reason: '=1+1' }).reason).toBe('=1+1');
    expect(rulesOf({ commune: '@VILLE' })).toEqual([]);
  });
});
