/** Makes docs/elements.md: the prose of page.md, and tables from the manifest. */

import { readFileSync } from 'node:fs';
import { acts, eventDetails } from './events.ts';
import type { Declaration, Manifest, Member } from './manifest.ts';

const here = (path: string): URL => new URL(path, import.meta.url);

type Row = readonly string[];

/** Returns the page. */
export function page(manifest: Manifest): string {
  const elements = manifest.modules.flatMap(({ declarations }) => declarations).toSorted(inOrder);
  const parts = new Map(elements.flatMap(({ cssParts = [] }) => cssParts.map((part) => [part.name, part])));
  const properties = elements.find(({ cssProperties = [] }) => cssProperties.length > 0)?.cssProperties ?? [];
  const places: Record<string, () => string> = {
    elements: () =>
      table(
        ['element', ''],
        elements.map(({ tagName = '', description = '' }) => [link(tagName), firstSentence(description)]),
      ),
    events: () => events(elements),
    before: () =>
      acts()
        .map((act) => code(`roster-before-${act}`))
        .join(', '),
    properties: () =>
      table(
        ['property', 'for', 'without it'],
        properties.map((each) => [code(each.name), each.description ?? '', code(each.default ?? '')]),
      ),
    parts: () =>
      table(
        ['part', 'what it is'],
        [...parts.values()].map((each) => [code(each.name), each.description ?? '']),
      ),
    reference: () => elements.map(reference).join('\n\n'),
  };
  const template = readFileSync(here('page.md'), 'utf8');
  return template.replaceAll(/<!-- ([a-z]+) -->/gu, (_, name: string) => {
    const made = places[name];
    if (!made) {
      throw new Error(`page.md has a place <!-- ${name} -->, for which nothing is made.`);
    }
    return made();
  });
}

/** The session first, then by name. */
const inOrder = (a: Declaration, b: Declaration): number => key(a).localeCompare(key(b), 'en');
const key = ({ tagName = '' }: Declaration): string => (tagName === 'roster-session' ? '' : tagName);

/** All events in the order of their types, each with the elements that dispatch it. */
function events(elements: readonly Declaration[]): string {
  const from = (event: string): string => {
    const all = elements.filter(({ events: own = [] }) => own.some(({ name }) => name === event));
    // The session has no face, so that it cannot ask to sign in.
    return all.length >= elements.length - 1
      ? 'every element'
      : all.map(({ tagName = '' }) => link(tagName)).join(', ');
  };
  const rows = [...eventDetails()].map(([name, each]) => [code(name), code(each.type), each.description, from(name)]);
  return table(['event', 'detail', 'when', 'from'], rows);
}

/** All of one element. */
function reference(of: Declaration): string {
  const { tagName = '', description = '', members = [], attributes = [], events: own = [], cssParts = [] } = of;
  const fields = members.filter(({ kind, attribute }) => kind === 'field' && !attribute);
  const methods = members.filter(({ kind }) => kind === 'method');
  const attributed = new Map(attributes.map(({ name, fieldName }) => [name, fieldName ?? name]));
  return [
    `### ${tagName}`,
    description,
    attributes.length > 0 &&
      table(
        ['attribute', 'property', 'type', ''],
        attributes.map((each) => [code(each.name), code(attributed.get(each.name) ?? ''), type(each), text(each)]),
      ),
    fields.length > 0 &&
      table(
        ['property', 'type', ''],
        fields.map((each) => [code(each.name), type(each), text(each)]),
      ),
    methods.length > 0 &&
      table(
        ['method', ''],
        methods.map((each) => [code(signature(each)), text(each)]),
      ),
    own.length > 0 && `Events: ${own.map(({ name }) => code(name)).join(', ')}.`,
    cssParts.length > 0 && `Parts: ${cssParts.map(({ name }) => code(name)).join(', ')}.`,
  ]
    .filter(Boolean)
    .join('\n\n');
}

const signature = ({ name, parameters = [] }: Member): string =>
  `${name}(${parameters.map((each) => each.name).join(', ')})`;

const type = (of: { readonly type?: { readonly text: string } }): string =>
  code((of.type?.text ?? '').replace(' | undefined', ''));

const text = (of: { readonly description?: string; readonly default?: string }): string => {
  const without = /^['\d]/u.test(of.default ?? '') ? ` Without it: ${code(of.default ?? '')}.` : '';
  return `${of.description ?? ''}${without}`;
};

const code = (source: string): string => `\`${source.replaceAll('|', '\\|')}\``;
const link = (tag: string): string => `[\`${tag}\`](#${tag})`;
const firstSentence = (all: string): string => /^.*?\.(?=\s|$)/su.exec(all)?.[0] ?? all;

function table(head: Row, rows: readonly Row[]): string {
  const line = (cells: Row): string =>
    `| ${cells.map((cell) => cell.replaceAll(/\s+/gu, ' ')).join(' | ')} |`.replaceAll('|  |', '| |');
  return [line(head), `|${head.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n');
}
