/** Texts as telephones carry them: GSM 03.38, seven bits a sign, 160 to a message. */
const basic = new Set(
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà',
);
const extended = new Set('^{}\\[~]|€\f');
export const smsLength = 160;

const replaced: Readonly<Record<string, string>> = {
  ...{ '’': "'", '‘': "'", '“': '"', '”': '"', '«': '"', '»': '"', '–': '-', '—': '-', '−': '-', '…': '...' },
  ...{ œ: 'oe', Œ: 'OE', '\u00a0': ' ', '\u202f': ' ', '\u2009': ' ', '→': '->' },
};

/** What the alphabet lacks is written as near as it can be, "?" at worst. */
export function toGsm(text: string): string {
  let out = '';
  for (const sign of text.normalize('NFC')) {
    const near = replaced[sign] ?? sign;
    for (const each of near) {
      if (basic.has(each) || extended.has(each)) out += each;
      else {
        const bare = each.normalize('NFD').replace(/\p{M}/gu, '');
        out += basic.has(bare) ? bare : '?';
      }
    }
  }
  return out;
}

/** Places that a text of the alphabet takes: signs of the extension take two. */
export function septets(text: string): number {
  let length = 0;
  for (const sign of text) length += extended.has(sign) ? 2 : 1;
  return length;
}

/** Cut so that it fits, with a dot where something was left out. */
export function cutTo(text: string, length: number): string {
  if (septets(text) <= length) return text;
  let out = '';
  for (const sign of text) {
    if (septets(out) + septets(sign) > length - 1) break;
    out += sign;
  }
  return `${out.trimEnd()}.`;
}
