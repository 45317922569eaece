/** Addresses in the forms in which people paste them. */

/** What is wrong with what was pasted. */
export type Wrong = 'invalid' | 'no_domain';

export interface Entry {
  readonly address: string;
  readonly wrong: Wrong | undefined;
}

/** `Name <address>`, also `Name, First <address>` and with the name in quotes. A name holds no @ but in quotes. */
const NAMED = /(?<=^|[,;\n>])(?:[^,;\n<>@".]+,)?(?:"[^"\n]*"|[^,;\n<>@"])*<([^<>\n]*)>/gu;
/** Commas, semicolons and lines, in the scripts that have their own. */
const BETWEEN = /[,;\n،؛，；、]/u;
/** Quotes, brackets, bullets and full stops around an address, and what a link begins with. */
const AROUND = /^[^\p{L}\p{N}@_+]+|^mailto:|\?.*|[^\p{L}\p{M}\p{N}@]+$/giu;
/** What can be an address. What can be mailed, the API judges. */
const ADDRESS = /^(?!\.)[!-?A-~]{1,64}(?<!\.)@(?:[\p{L}\p{M}\p{N}-]+\.)+[\p{L}\p{M}\p{N}-]+$/u;

/** The addresses in a text, each once, and what was meant as one. Names beside addresses are left out. */
export function entriesIn(text: string): readonly Entry[] {
  const found = new Map<string, Entry>();
  for (const part of text
    .replace(/\p{Cf}/gu, '')
    .replace(NAMED, ',$1,')
    .split(BETWEEN)) {
    const words = part.split(/\s/u).filter((word) => word.includes('@'));
    for (const word of words.length > 0 ? words : [part]) {
      const address = word.replace(AROUND, '').replace(AROUND, '');
      if (address && !found.has(sameAs(address))) {
        found.set(sameAs(address), { address, wrong: wrongWith(address) });
      }
    }
  }
  return [...found.values()];
}

/** What two spellings of one address have in common. */
export const sameAs = (address: string): string => address.toLowerCase();

function wrongWith(address: string): Wrong | undefined {
  if (address.length <= 254 && ADDRESS.test(address)) {
    return undefined;
  }
  return address.endsWith('@') ? 'no_domain' : 'invalid';
}
