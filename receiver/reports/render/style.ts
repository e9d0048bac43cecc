import { createHash } from 'node:crypto';
import { trusted, type Html } from '../../pages/html.ts';

/**
 * On paper first: A4 landscape, white, heads repeated, nothing by colour alone. `foot`: what stands below each page, where
 * the browser can; it stands at the end of the document, too.
 */
export function reportStyle(foot: string): Html {
  // Letters of no string of a style: whatever a name holds, it stays text.
  return trusted(`
@page { size: A4 landscape; margin: 12mm 12mm 16mm; @bottom-left { content: "${cssText(foot)}"; width: 240mm; font: 8pt sans-serif; text-align: left } @bottom-right { content: counter(page) " / " counter(pages); font: 8pt sans-serif } }
* { box-sizing: border-box }
body { margin: 0 auto; max-width: 289mm; padding: 8mm; font: 9.5pt/1.35 system-ui, sans-serif; color: #18222c; background: #fff }
h1 { font: 600 18pt/1.2 Georgia, serif; margin: 0 0 2mm }
h2 { font-size: inherit; font-weight: 600; margin: 0 0 1mm; break-after: avoid }
p { margin: 0 0 2mm } .small { font-size: 8.5pt; color: #46525e } .warn { border-left: 3pt double #18222c; padding-left: 3mm }
section { break-inside: avoid; margin: 0 0 3mm } section.long { break-inside: auto }
.scroll { overflow-x: auto }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums } caption { text-align: left; font-weight: 600; padding: 1mm 0; break-after: avoid }
thead { display: table-header-group } tr { break-inside: avoid } th, td { padding: .5mm 1.5mm; border-bottom: .3pt solid #b8bec4; text-align: left; vertical-align: top }
thead th { border-bottom: 1pt solid #18222c; vertical-align: bottom } th { font-weight: 500 } .num { text-align: right } td.num { white-space: nowrap }
.cols { columns: 3 80mm; column-gap: 8mm }
svg.chart { width: 100%; height: auto; break-inside: avoid } svg text { font: 11px system-ui, sans-serif; fill: #18222c } .gl { stroke: #ccd0d4; stroke-width: .6 }
.bar { fill: #4b6f78; stroke: #18222c; stroke-width: .6 } .part { fill: url(#part); stroke: #18222c; stroke-width: .8 } .none { fill: none; stroke: #18222c; stroke-dasharray: 4 3 }
.due { stroke: #18222c; stroke-width: 2; stroke-dasharray: 2 2 } svg.key { width: 8mm; height: 2mm }
svg.share { width: 15mm; height: 2mm }
nav.tools { display: flex; flex-wrap: wrap; gap: 2mm 8mm; justify-content: space-between; margin: 0 0 5mm; padding: 2mm 4mm; border: .8pt solid #8b939a; border-radius: 6px } nav.tools a, nav.tools button { margin-right: 4mm; color: #0d5766; font: inherit } nav.tools button { padding: 1mm 4mm; border: .8pt solid #0d5766; border-radius: 6px; background: #fff; cursor: pointer }
footer { break-before: avoid; border-top: .5pt solid #18222c; padding-top: 1mm; font-size: 8.5pt }
@media print { nav.tools { display: none } .scroll { overflow: visible } body { padding: 0; max-width: none; font-size: 9pt; print-color-adjust: exact; -webkit-print-color-adjust: exact } }
`);
}

/** What a policy names a style by: no other may be in the page (CSP 3, hash-source). */
export function styleDigest(style: string): string {
  return createHash('sha256').update(style).digest('base64');
}

/** Escaped as CSS has it (CSS Syntax 3, 4.3.7): letters and digits stand for themselves, all else is a number. */
function cssText(text: string): string {
  return text.replaceAll(/[^A-Za-z0-9]/gu, (sign) => `\\${(sign.codePointAt(0) ?? 0).toString(16)} `);
}
