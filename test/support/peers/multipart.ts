/** The file of a multipart/form-data body (RFC 7578): the first part that has a filename. */
export function filePart(
  contentType: string,
  body: Buffer,
): { readonly field: string; readonly name: string; readonly content: Buffer } | undefined {
  const boundary = /boundary="?([^";]+)"?/.exec(contentType)?.[1];
  if (boundary === undefined) return undefined;
  const mark = Buffer.from(`--${boundary}`);
  for (let at = body.indexOf(mark); at >= 0;) {
    const next = body.indexOf(Buffer.from(`\r\n--${boundary}`), at + mark.length);
    if (next < 0) return undefined;
    const headEnd = body.indexOf('\r\n\r\n', at);
    const head = body.toString('utf8', at, headEnd);
    const field = /[; ]name="([^"]*)"/.exec(head)?.[1];
    const name = /filename="([^"]*)"/.exec(head)?.[1];
    if (headEnd >= 0 && headEnd < next && field !== undefined && name !== undefined)
      return { field, name, content: body.subarray(headEnd + 4, next) };
    at = next + 2;
  }
  return undefined;
}
