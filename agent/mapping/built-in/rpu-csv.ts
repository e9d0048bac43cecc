/** The CSV form of the national format: same names in lower case, lists joined by a comma and a space, no header of dates. */
export const rpuCsv = `version: 1
name: rpu-csv
feed: ed-visits
format: { type: csv, requires: [finess, entree, sexe, mode_entree] }
fields:
  facility: finess
  postalCode: cp
  commune: commune
  birthDate: naissance
  sex: sexe
  arrivedAt: entree
  arrivalMode: mode_entree
  origin: provenance
  transport: transport
  transportCare: transport_pec
  reason: motif
  severity: gravite
  principalDiagnosis: dp
  associatedDiagnoses: { from: liste_da, split: "," }
  procedures: { from: liste_actes, split: "," }
  departedAt: sortie
  departureMode: mode_sortie
  destination: destination
  disposition: orient
unknownColumns: keep
tests:
  - in: { finess: "990000010", entree: "11/01/2026 09:42", liste_da: "I10, E119", liste_actes: "" }
    out: { facility: "990000010", arrivedAt: "11/01/2026 09:42", associatedDiagnoses: [I10, E119], procedures: "" }
`;
