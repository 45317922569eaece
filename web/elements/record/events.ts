/** Reads from src/base/events.ts what each event carries, by the compiler. */

import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const FILE = fileURLToPath(new URL('../src/base/events.ts', import.meta.url));

export interface EventDetail {
  /** Its type, written out. */
  readonly type: string;
  readonly description: string;
}

/** The whole interfaces that are named and not written out: they have hundreds of lines. */
const NAMED = new Set(['Problem', 'Act']);

/** What each event carries, by its whole name, without those that precede a change. */
export function eventDetails(): Map<string, EventDetail> {
  const { checker, members } = read();
  return new Map(
    members('Details').map((symbol) => {
      const type = checker.getTypeOfSymbol(symbol);
      const description = ts.displayPartsToString(symbol.getDocumentationComment(checker));
      return [`roster-${symbol.name}`, { type: written(type, checker), description }];
    }),
  );
}

/** The names of what can be changed. */
export function acts(): string[] {
  const { checker, type } = read();
  const union = type('Act');
  return (union.isUnion() ? union.types : [union]).map((each) => checker.typeToString(each).replaceAll('"', ''));
}

function read() {
  const options: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.NodeNext,
    strict: true,
    customConditions: ['source'],
    allowImportingTsExtensions: true,
    noEmit: true,
  };
  const program = ts.createProgram([FILE], options);
  const checker = program.getTypeChecker();
  const statements = program.getSourceFile(FILE)?.statements ?? [];
  const type = (name: string): ts.Type => {
    for (const statement of statements) {
      if (
        (ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement)) &&
        statement.name.text === name
      ) {
        return checker.getTypeAtLocation(statement.name);
      }
    }
    throw new Error(`${FILE} has no type ${name}.`);
  };
  return { checker, type, members: (name: string) => type(name).getProperties() };
}

const isFirst = ({ name }: ts.Symbol): boolean => name === 'organization_id';

/** A type as its members: `{ organization_id: string; user_id: string }`. */
function written(type: ts.Type, checker: ts.TypeChecker): string {
  // The organization comes first, wherever it was declared.
  const properties = type.getProperties().toSorted((a, b) => Number(isFirst(b)) - Number(isFirst(a)));
  const members = properties.map((member) => {
    const of = checker.getTypeOfSymbol(member);
    // biome-ignore lint/suspicious/noBitwiseOperators: the compiler's flags are bits
    const optional = member.flags & ts.SymbolFlags.Optional ? '?' : '';
    const named = of.aliasSymbol?.name ?? of.symbol?.name ?? '';
    const text = NAMED.has(named) ? named : checker.typeToString(of, undefined, ts.TypeFormatFlags.NoTruncation);
    return `${member.name}${optional}: ${text.replace(' | undefined', '')}`;
  });
  return `{ ${members.join('; ')} }`;
}
