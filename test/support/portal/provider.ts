import { request } from 'undici';

/** Signs in at the provider like a person, and answers the address it sends back to. */
export async function signInAtProvider(issuer: string, start: string, login: string): Promise<string> {
  const jar = new Map<string, string>();
  let url = start;
  let body: string | undefined;
  for (let steps = 0; steps < 15; steps += 1) {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await request(url, {
      method: body === undefined ? 'GET' : 'POST',
      headers: {
        cookie,
        ...(body === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
      },
      ...(body === undefined ? {} : { body }),
    });
    for (const line of [answer.headers['set-cookie'] ?? []].flat()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === '') jar.delete(name);
      else jar.set(name, value);
    }
    const text = await answer.body.text();
    body = undefined;
    const to = [answer.headers['location'] ?? []].flat()[0];
    if (to !== undefined) {
      url = new URL(to, url).href;
      if (!url.startsWith(issuer)) return url;
      continue;
    }
    const action = /action="([^"]+)"/.exec(text)?.[1];
    if (action === undefined)
      throw new Error(`no form at the provider: ${answer.statusCode} ${text.slice(0, 300)}`);
    body = text.includes('value="login"')
      ? new URLSearchParams({ prompt: 'login', login, password: 'x' }).toString()
      : 'prompt=consent';
    url = new URL(action, url).href;
  }
  throw new Error('the provider never sent back');
}
