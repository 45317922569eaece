/** Addresses in the forms in which people paste them. */

/** What is wrong with what was pasted. */
export type Wrong = 'invalid' | 'no_at' | 'no_domain';

export interface Entry {
  readonly address: string;
  readonly wrong: Wrong | undefined;
}

/** `Name <address>`, also `Name, First <address>` and with the name in quotes. A name holds no @ but in quotes. */
const NAMED = /(?<=^|[,;\n>])(?:[^,;\n<>@".]+,)?(?:"[^"\n]*"|[^,;\n<>@"])*<([^<>\n]*)>/gu;
/** Commas, semicolons and lines, in the scripts that have their own. */
const BETWEEN = /[,;\n،؛，；、]+/u;
/** What stands around an address and is none of it. */
const AROUND = /^[\s"'“”„‘’«»()[\]<>:.*•-]+|[\s"'“”„‘’«»()[\]<>:.!?]+$/gu;
const LOCAL = /^[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*$/u;
const DOMAIN =
  /^(?:[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}-]{0,61}[\p{L}\p{M}\p{N}])?\.)+(?!\d+$)[\p{L}\p{N}][\p{L}\p{M}\p{N}-]*$/u;

/** The addresses in a text, each once, and what was meant as one. Names beside addresses are left out. */
export function entriesIn(text: string): readonly Entry[] {
  const found = new Map<string, Entry>();
  for (const part of text
    .replace(/\p{Cf}/gu, '')
    .replace(NAMED, ',$1,')
    .split(BETWEEN)) {
    const words = part.split(/\s+/u).filter((word) => word.includes('@'));
    for (const word of words.length > 0 ? words : [part]) {
      const address = bare(word);
      if (address) {
        found.set(sameAs(address), { address, wrong: wrongWith(address) });
      }
    }
  }
  return [...found.values()];
}

/** What two spellings of one address have in common. */
export const sameAs = (address: string): string => address.toLowerCase();

function bare(word: string): string {
  const trimmed = word.replace(AROUND, '');
  return /^mailto:/iu.test(trimmed) ? trimmed.slice(7).replace(/\?.*/u, '') : trimmed;
}

function wrongWith(address: string): Wrong | undefined {
  const at = address.lastIndexOf('@');
  const local = address.slice(0, at);
  if (at < 0) {
    return 'no_at';
  }
  if (at === address.length - 1) {
    return 'no_domain';
  }
  const right = LOCAL.test(local) && local.length <= 64 && DOMAIN.test(address.slice(at + 1)) && address.length <= 254;
  return right ? undefined : 'invalid';
}
