/** A dispatch without the second it was composed in, the one thing about it that changes from run to run. */
export function withoutExtract(content: string): string {
  return content
    .replace(/<EXTRACT>\d\d\/\d\d\/\d{4} \d\d:\d\d:\d\d<\/EXTRACT>/, '<EXTRACT>composed</EXTRACT>')
    .replace(/"extract": "[^"]+"/, '"extract": "composed"');
}
