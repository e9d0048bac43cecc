/**
 * The FINESS number of a facility: 9 characters, the last one a Luhn key. Corsican departments are 2A and 2B; in the
 * key A counts as 1 and B as 2.
 */
export function isFiness(text: string): boolean {
  if (!finessSyntax.test(text)) return false;
  let sum = 0;
  for (let index = 0; index < 9; index += 1) {
    const code = text.charCodeAt(index);
    const digit = code >= letterA ? code - letterA + 1 : code - digit0;
    // Counted from the right, every second digit is doubled: with nine characters, those at odd indexes.
    const weighed = index % 2 === 1 ? digit * 2 : digit;
    sum += weighed > 9 ? weighed - 9 : weighed;
  }
  return sum % 10 === 0;
}

/** Sources pad and some write the Corsican letter small; nothing else is repaired. */
export function normaliseFiness(text: string): string {
  return text.trim().toUpperCase();
}

export const finessSyntax = /^\d[0-9AB]\d{7}$/;

const digit0 = 48;
const letterA = 65;
