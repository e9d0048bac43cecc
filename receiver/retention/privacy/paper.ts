import { html, trusted, type Html } from '../../pages/html.ts';
import type { Language } from '../../../shared/i18n/texts.ts';

/** A document for people: a title, and parts of sentences and tables. */
export interface Paper {
  readonly title: string;
  readonly lead: string;
  readonly parts: readonly Part[];
}

export interface Part {
  readonly title: string;
  readonly texts?: readonly string[];
  readonly table?: { readonly head: readonly string[]; readonly rows: readonly (readonly string[])[] };
}

const style = trusted(`
  body { font: 11pt/1.45 system-ui, sans-serif; max-width: 60em; margin: 2em auto; padding: 0 1em; color: #161616; }
  h1 { font-size: 1.5em; } h2 { font-size: 1.15em; margin-top: 1.8em; }
  table { border-collapse: collapse; width: 100%; } th, td { border: 1px solid #999; padding: .35em .5em; text-align: left; vertical-align: top; }
  th { background: #f0f0f0; } tr { break-inside: avoid; } thead { display: table-header-group; }
  @page { size: A4; margin: 18mm; }`);

/** One file that needs no other, and prints on A4. */
export function printHtml({ title, lead, parts }: Paper, language: Language): string {
  const page: Html = html`<!doctype html>
    <html lang="${language}">
      <head>
        <meta charset="utf-8" />
        <title>${title}</title>
        <style>
          ${style}
        </style>
      </head>
      <body>
        <h1>${title}</h1>
        <p>${lead}</p>
        ${parts.map(
          (part) =>
            html`<section>
              <h2>${part.title}</h2>
              ${(part.texts ?? []).map((text) => html`<p>${text}</p>`)} ${part.table && tableOf(part.table)}
            </section>`,
        )}
      </body>
    </html> `;
  return page.toString();
}

function tableOf({ head, rows }: NonNullable<Part['table']>): Html {
  return html`<table>
    <thead>
      <tr>
        ${head.map((cell) => html`<th scope="col">${cell}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${rows.map(
        (row) =>
          html`<tr>
            ${row.map((cell) => html`<td>${cell}</td>`)}
          </tr>`,
      )}
    </tbody>
  </table>`;
}

export function printMarkdown({ title, lead, parts }: Paper): string {
  const blocks = [`# ${plain(title)}`, plain(lead)];
  for (const { title: name, texts = [], table } of parts) {
    blocks.push(`## ${plain(name)}`, ...texts.map(plain));
    if (table === undefined) continue;
    const line = (cells: readonly string[]): string => `| ${cells.map(cellOf).join(' | ')} |`;
    blocks.push([line(table.head), line(table.head.map(() => '---')), ...table.rows.map(line)].join('\n'));
  }
  return `${blocks.join('\n\n')}\n`;
}

/** What a name in the settings holds stays text. */
function plain(text: string): string {
  return text.replace(/[\\`*_[\]<>#]/g, '\\$&').replace(/\s+/g, ' ');
}

function cellOf(text: string): string {
  return plain(text).replaceAll('|', '\\|');
}
