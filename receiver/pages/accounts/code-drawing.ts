import { encode } from 'uqr';
import { html, type Html } from '../html.ts';

const quiet = 4;

/** A QR code as one path, black on white in either theme: cameras want it so. */
export function codeDrawing(text: string, label: string): Html {
  const { data, size } = encode(text, { ecc: 'M', border: 0 });
  const side = size + 2 * quiet;
  const path = data
    .flatMap((row, y) => row.map((dark, x) => (dark ? `M${x + quiet} ${y + quiet}h1v1h-1z` : '')))
    .join('');
  return html`<svg class="qr" viewBox="0 0 ${side} ${side}" role="img" aria-label="${label}" shape-rendering="crispEdges"><rect width="${side}" height="${side}" fill="#fff" /><path d="${path}" fill="#000" /></svg>`;
}
