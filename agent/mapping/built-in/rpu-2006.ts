/** The national XML of June 2006. Nothing is changed here: the feed trims and normalises. */
export const rpu2006 = `version: 1
name: rpu-2006
feed: ed-visits
format:
  type: rpu-xml
  header: { facility: FINESS, part: ORDRE, extract: EXTRACT, from: DATEDEBUT, to: DATEFIN }
fields:
  postalCode: CP
  commune: COMMUNE
  birthDate: NAISSANCE
  sex: SEXE
  arrivedAt: ENTREE
  arrivalMode: MODE_ENTREE
  origin: PROVENANCE
  transport: TRANSPORT
  transportCare: TRANSPORT_PEC
  reason: MOTIF
  severity: GRAVITE
  principalDiagnosis: DP
  associatedDiagnoses: LISTE_DA/DA
  procedures: LISTE_ACTES/ACTE
  departedAt: SORTIE
  departureMode: MODE_SORTIE
  destination: DESTINATION
  disposition: ORIENT
unknownColumns: keep
tests:
  - in: { CP: "67999", ENTREE: "11/01/2026 09:42", LISTE_DA/DA: [I10, E119], DP: "" }
    out: { postalCode: "67999", arrivedAt: "11/01/2026 09:42", associatedDiagnoses: [I10, E119], principalDiagnosis: "" }
`;
