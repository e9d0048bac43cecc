import { createHash } from 'node:crypto';
import { trusted } from '../../pages/html.ts';

/** On paper first: A4 landscape, white, heads repeated, nothing by colour alone. */
export const reportStyle = trusted(`
@page { size: A4 landscape; margin: 12mm 12mm 16mm; @bottom-right { content: counter(page) " / " counter(pages); font: 9pt sans-serif } }
* { box-sizing: border-box }
body { margin: 0 auto; max-width: 273mm; padding: 8mm; font: 10.5pt/1.4 system-ui, sans-serif; color: #18222c; background: #fff }
h1 { font: 600 19pt/1.2 Georgia, serif; margin: 0 0 2mm }
h2 { font-size: 12.5pt; margin: 6mm 0 2mm; break-after: avoid }
p { margin: 0 0 2mm } .small { font-size: 9pt; color: #46525e } .warn { border-left: 3pt double #18222c; padding-left: 3mm }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums } caption { text-align: left; font-weight: 600; padding: 1mm 0 }
thead { display: table-header-group } tr { break-inside: avoid } th, td { padding: .8mm 2mm; border-bottom: .3pt solid #b8bec4; text-align: left; vertical-align: top }
thead th { border-bottom: 1pt solid #18222c } th { font-weight: 500 } .num { text-align: right; white-space: nowrap }
.cols { display: grid; grid-template-columns: 1fr 1fr; gap: 0 8mm } .cols > section { break-inside: avoid }
svg.chart { width: 100%; height: auto; break-inside: avoid } svg text { font: 11px system-ui, sans-serif; fill: #18222c } .gl { stroke: #ccd0d4; stroke-width: .6 }
.bar { fill: #4b6f78; stroke: #18222c; stroke-width: .6 } .part { fill: url(#part); stroke: #18222c; stroke-width: .8 } .none { fill: none; stroke: #18222c; stroke-dasharray: 4 3 }
svg.share { width: 20mm; height: 2mm }
nav.tools { display: flex; flex-wrap: wrap; gap: 2mm 8mm; justify-content: space-between; margin: 0 0 5mm; padding: 2mm 4mm; border: .8pt solid #8b939a; border-radius: 6px } nav.tools a, nav.tools button { margin-right: 4mm; color: #0d5766; font: inherit } nav.tools button { padding: 1mm 4mm; border: .8pt solid #0d5766; border-radius: 6px; background: #fff; cursor: pointer }
footer { margin-top: 8mm; border-top: .5pt solid #18222c; padding-top: 1mm; font-size: 9pt }
@media print { nav.tools { display: none } body { padding: 0; max-width: none; print-color-adjust: exact; -webkit-print-color-adjust: exact } footer { position: fixed; bottom: -11mm; left: 0; right: 30mm; border: 0; margin: 0 } }
`);

/** What a policy names a style by: no other may be in the page (CSP 3, hash-source). */
export function styleDigest(style: string): string {
  return createHash('sha256').update(style).digest('base64');
}
