import type { Rule, Severity } from './feed.ts';

/**
 * The rules of ED visits, in the order in which a check reports them. An error is a value the national file cannot
 * carry; a warning is a value that is probably wrong; an info is worth knowing.
 */
const rule = (severity: Severity, id: string, ...fields: readonly string[]): Rule => ({
  id,
  severity,
  fields,
});

export const edVisitRules: readonly Rule[] = [
  // Seen when a record is built.
  rule('error', 'entree-missing', 'arrivedAt'),
  rule('error', 'entree-unreadable', 'arrivedAt'),
  rule('info', 'entree-ambiguous', 'arrivedAt'),
  rule('warning', 'entree-skipped', 'arrivedAt'),
  rule('info', 'sortie-ambiguous', 'departedAt'),
  rule('warning', 'sortie-skipped', 'departedAt'),
  rule('warning', 'tag-repeated'),

  // One field.
  rule('error', 'finess-format', 'facility'),
  rule('warning', 'cp-missing', 'postalCode'),
  rule('warning', 'cp-format', 'postalCode'),
  rule('warning', 'commune-missing', 'commune'),
  rule('info', 'naissance-missing', 'birthDate'),
  rule('error', 'naissance-unreadable', 'birthDate'),
  rule('warning', 'age-out-of-range', 'birthDate', 'arrivedAt'),
  rule('warning', 'sexe-missing', 'sex'),
  rule('error', 'sexe-code', 'sex'),
  rule('info', 'mode-entree-missing', 'arrivalMode'),
  rule('error', 'mode-entree-code', 'arrivalMode'),
  rule('info', 'provenance-missing', 'origin'),
  rule('error', 'provenance-code', 'origin'),
  rule('info', 'transport-missing', 'transport'),
  rule('error', 'transport-code', 'transport'),
  rule('info', 'transport-pec-missing', 'transportCare'),
  rule('error', 'transport-pec-code', 'transportCare'),
  rule('info', 'motif-missing', 'reason'),
  rule('info', 'motif-free-text', 'reason'),
  rule('info', 'gravite-missing', 'severity'),
  rule('error', 'gravite-code', 'severity'),
  rule('info', 'dp-missing', 'principalDiagnosis'),
  rule('error', 'dp-format', 'principalDiagnosis'),
  rule('error', 'da-format', 'associatedDiagnoses'),
  rule('error', 'acte-format', 'procedures'),
  rule('error', 'sortie-unreadable', 'departedAt'),
  rule('error', 'mode-sortie-code', 'departureMode'),
  rule('info', 'destination-missing', 'destination', 'departureMode'),
  rule('error', 'destination-code', 'destination'),
  rule('info', 'orient-missing', 'disposition', 'departureMode'),
  rule('error', 'orient-code', 'disposition'),

  // Several fields.
  rule('warning', 'provenance-mode-entree', 'origin', 'arrivalMode'),
  rule('warning', 'smur-without-med', 'transport', 'transportCare'),
  rule('warning', 'sortie-before-entree', 'departedAt', 'arrivedAt'),
  rule('info', 'stay-zero', 'departedAt', 'arrivedAt'),
  rule('info', 'stay-over-24h', 'departedAt', 'arrivedAt'),
  rule('warning', 'stay-over-72h', 'departedAt', 'arrivedAt'),
  rule('warning', 'stay-over-30d', 'departedAt', 'arrivedAt'),
  rule('warning', 'sortie-without-mode', 'departedAt', 'departureMode'),
  rule('warning', 'mode-without-sortie', 'departedAt', 'departureMode'),
  rule('warning', 'destination-mode-sortie', 'destination', 'departureMode'),
  rule('warning', 'uhcd-home', 'disposition', 'departureMode'),
  rule('warning', 'orient-mode-sortie', 'disposition', 'departureMode'),
  rule('warning', 'ccmu-home', 'severity', 'departureMode'),
  rule('warning', 'ccmu-dead-alive', 'severity', 'departureMode'),
  rule('info', 'ccmu-stable-intensive', 'severity', 'disposition'),
  rule('warning', 'sex-diagnosis', 'principalDiagnosis', 'sex'),
  rule('warning', 'age-diagnosis', 'principalDiagnosis', 'birthDate'),

  // Text, whatever the field.
  rule('warning', 'text-mojibake', 'commune', 'reason', 'extensions'),
  rule('warning', 'text-control', 'commune', 'reason', 'extensions'),
  rule('info', 'unknown-tag', 'extensions'),
];
