/** Makes custom-elements.json from the sources: what pages may use of the elements, and nothing of what is inside. */

import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { create } from '@custom-elements-manifest/analyzer/src/create.js';
import { litPlugin } from '@custom-elements-manifest/analyzer/src/features/framework-plugins/lit/lit.js';
import { type EventDetail, eventDetails } from './events.ts';

// The analyzer reads what its own version of the compiler has parsed.
const ANALYZER = import.meta.resolve('@custom-elements-manifest/analyzer');
const ts = createRequire(ANALYZER)('typescript') as typeof import('typescript');

const HERE = fileURLToPath(new URL('..', import.meta.url));
const SOURCES = join(HERE, 'src');
const ELEMENT = /^roster-.+\.ts$/u;

interface Typed {
  readonly text: string;
}
interface Described {
  readonly name: string;
  readonly description?: string;
  readonly default?: string;
}
export interface Member extends Described {
  readonly kind: 'field' | 'method';
  readonly privacy?: 'public' | 'protected' | 'private';
  readonly type?: Typed;
  readonly attribute?: string;
  readonly parameters?: readonly { readonly name: string; readonly type?: Typed }[];
  readonly inheritedFrom?: { readonly name: string };
}
export interface Attribute extends Described {
  readonly fieldName?: string;
  readonly type?: Typed;
}
export interface Declaration extends Described {
  readonly kind: string;
  readonly tagName?: string;
  readonly members?: readonly Member[];
  readonly attributes?: readonly Attribute[];
  readonly events?: readonly (Described & { readonly type?: Typed })[];
  readonly cssParts?: readonly Described[];
  readonly cssProperties?: readonly Described[];
}
interface Module {
  readonly kind: string;
  readonly path: string;
  readonly declarations: readonly Declaration[];
  readonly exports: readonly unknown[];
}
export interface Manifest {
  readonly schemaVersion: string;
  readonly readme: string;
  readonly modules: readonly Module[];
}

/** Returns the manifest of what is in src/. */
export function manifest(): Manifest {
  const files = readdirSync(SOURCES).filter((file) => ELEMENT.test(file));
  const around = readdirSync(join(SOURCES, 'base')).map((file) => `base/${file}`);
  const modules = [...around, ...files].map((file) =>
    ts.createSourceFile(`src/${file}`, readFileSync(join(SOURCES, file), 'utf8'), ts.ScriptTarget.ES2022, true),
  );
  const found = create({ modules, plugins: litPlugin() }) as Manifest;
  const details = eventDetails();
  const elements = found.modules.filter(({ path }) => files.some((file) => path === `src/${file}`));
  return { schemaVersion: found.schemaVersion, readme: '', modules: elements.map((each) => shown(each, details)) };
}

/** What pages use of a module, at the path that it has in the package. */
function shown(module: Module, details: ReadonlyMap<string, EventDetail>): Module {
  const path = module.path.replace('src/', 'dist/').replace(/ts$/u, 'js');
  const declarations = module.declarations
    .filter(({ tagName }) => tagName)
    .map((declaration) => element(declaration, join(HERE, module.path), details));
  const exports = declarations.flatMap(({ name, tagName = '' }) => [
    { kind: 'js', name, declaration: { name, module: path } },
    { kind: 'custom-element-definition', name: tagName, declaration: { name, module: path } },
  ]);
  return { kind: module.kind, path, declarations, exports };
}

function element(found: Declaration, file: string, details: ReadonlyMap<string, EventDetail>): Declaration {
  const parts = partsIn(file);
  const defaults = fallbacks();
  const members = (found.members ?? [])
    .filter(isPublic)
    .map(({ inheritedFrom: _, privacy: _privacy, ...rest }) => rest);
  const fields = new Map(members.map((member) => [member.name, member]));
  return {
    kind: 'class',
    description: found.description ?? missing(found.name, 'a description'),
    name: found.name,
    tagName: found.tagName ?? '',
    members: members.map((member) => ({ ...member, description: member.description ?? ofAttribute(found, member) })),
    attributes: (found.attributes ?? []).map(({ name, fieldName, type, description, ...rest }) => ({
      name,
      ...(fieldName ? { fieldName } : {}),
      ...(type ? { type } : {}),
      description: description ?? fields.get(fieldName ?? '')?.description ?? missing(found.name, `@attr ${name}`),
      ...(rest.default === undefined ? {} : { default: rest.default }),
    })),
    events: (found.events ?? []).map(({ name }) => {
      const { type, description } = details.get(name) ?? missing(found.name, `the event ${name}`);
      return { name, type: { text: `CustomEvent<${type}>` }, description };
    }),
    cssParts: (found.cssParts ?? []).filter(({ name }) => parts.has(name)).map(described),
    cssProperties: (found.cssProperties ?? []).map((property) => ({
      ...described(property),
      default: defaults.get(property.name) ?? missing(found.name, `a use of ${property.name}`),
    })),
    ...{ superclass: { name: 'LitElement', package: 'lit' }, customElement: true },
  };
}

/** Properties that are declared to Lit, and methods that say `@public`: others are for the element's own parts. */
const isPublic = ({ name, privacy }: Member): boolean => privacy === 'public' && !name.startsWith('#');

const ofAttribute = (of: Declaration, { name }: Member): string =>
  of.attributes?.find(({ fieldName }) => fieldName === name)?.description ??
  missing(of.name, `a description of ${name}`);

const described = ({ name, description }: Described): Described => ({ name, description: description ?? '' });

/** The names of all parts in a module and in what it imports. */
function partsIn(file: string, seen: Set<string> = new Set()): Set<string> {
  const parts = new Set<string>();
  if (seen.has(file)) {
    return parts;
  }
  seen.add(file);
  const source = readFileSync(file, 'utf8');
  for (const [, text = '', expression = ''] of source.matchAll(/\bpart=(?:"([^"]*)"|\$\{([^}]*)\})/gu)) {
    const quoted = [...(text + expression).matchAll(/'([a-z ]+)'/gu)].map(([, words = '']) => words);
    for (const name of [text.replaceAll(/\$\{[^}]*\}/gu, ''), ...quoted].join(' ').split(/\s+/u).filter(Boolean)) {
      parts.add(name);
    }
  }
  for (const [, path = ''] of source.matchAll(/(?:from|import) '(\.[^']+)'/gu)) {
    for (const part of partsIn(join(dirname(file), path), seen)) {
      parts.add(part);
    }
  }
  return parts;
}

/** What stands for each custom property that the page does not set. */
function fallbacks(): Map<string, string> {
  const css = readFileSync(join(SOURCES, 'styles/base.ts'), 'utf8');
  const found = [...css.matchAll(/--_[a-z-]+: var\((--roster-[a-z-]+), (.+)\);$/gmu)];
  return new Map(found.map(([, name = '', value = '']) => [name, value.replaceAll('--_', '--roster-')]));
}

function missing(name: string, what: string): never {
  throw new Error(`${name} lacks ${what}.`);
}
