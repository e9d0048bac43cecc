/**
 * HL7 v2 ADT after IHE PAM France: what its events amount to, in the codes of the national summary. PMSI's codes of entry,
 * exit, origin and destination are those of the summary but for provisional transfers (0), births (N) and the origin
 * "emergencies" (5), which says nothing of a visit to them. Reason, severity and diagnoses are not in these messages.
 */
export const pamFr = `version: 1
name: pam-fr
feed: ed-visits
format: { type: hl7v2 }
tables:
  sexes: { M: M, F: F, O: I, U: I, A: I, N: I }
  transport: { "0": FO, "1": SMUR, "2": AMBU, "3": AMBU, "4": PERSO, "5": PERSO, "6": HELI, "7": VSAB, "8": AMBU, "9": "" }
  entry: { "0": "7", "6": "6", "7": "7", "8": "8", N: "8" }
  origin: { "1": "1", "2": "2", "3": "3", "4": "4", "5": "", "6": "6", "7": "7", "8": "" }
  exit: { "0": "7", "6": "6", "7": "7", "8": "8", "9": "9", hospitalised: "6", left: "" }
  destination: { "1": "1", "2": "2", "3": "3", "4": "4", "6": "6", "7": "7" }
fields:
  visitId: visit
  postalCode: postalCode
  commune: commune
  birthDate: birthDate
  sex: { from: sex, table: sexes }
  arrivedAt: arrivedAt
  arrivalMode: { from: pmsiEntryMode, table: entry }
  origin: { from: provenance, table: origin }
  transport: { from: arrivalMode, table: transport }
  departedAt: departedAt
  departureMode: { from: [pmsiExitMode, ending], table: exit, when: { column: departedAt, empty: no } }
  destination: { from: destination, table: destination, when: { column: departedAt, empty: no } }
unknownColumns: drop
tests:
  - in: { visit: V1, arrivedAt: "11/01/2026 09:42", departedAt: "", ending: "", sex: F, arrivalMode: "7", pmsiEntryMode: "8", provenance: "5", pmsiExitMode: "", destination: "" }
    out: { visitId: V1, arrivedAt: "11/01/2026 09:42", sex: F, transport: VSAB, arrivalMode: "8", origin: "", departureMode: "" }
  - in: { visit: V2, arrivedAt: "11/01/2026 09:42", departedAt: "11/01/2026 17:05", ending: hospitalised, sex: O, arrivalMode: "9", pmsiExitMode: "", destination: "1" }
    out: { sex: I, transport: "", departureMode: "6", destination: "1" }
`;
