/** Bed availability: one row per zone, nature, status and horizon, under the names of the common schema. */
export const bedsCsv = `version: 1
name: beds-csv
feed: bed-availability
format: { type: csv, requires: [finess|finessGeo|facility, zoneId, observedAt, status, count] }
fields:
  facility: { from: [finess, finessGeo, facility] }
  zoneId: zoneId
  unitLabel: unitLabel
  careClass: careClass
  observedAt: observedAt
  source: source
  nature: nature
  status: status
  horizon: horizon
  count: count
  gender: gender
  closing: closing
  additional: additional
  crisis: crisis
  assignment: assignment
  comment: comment
unknownColumns: keep
tests:
  - in: { facility: "990000010", ZONEID: Z1, observedAt: "11/01/2026 09:42", count: "4" }
    out: { facility: "990000010", zoneId: Z1, observedAt: "11/01/2026 09:42", count: "4", gender: "" }
`;
