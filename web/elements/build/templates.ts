/** Minifies what stands in templates, which minifiers of scripts leave alone: blanks in markup, and stylesheets. */

import { readFile } from 'node:fs/promises';
import { type Plugin, transform } from 'esbuild';
import ts from 'typescript';

/** A piece of a template: its place in the source, between quotes and places, and what is to stand there. */
interface Piece {
  readonly start: number;
  readonly end: number;
  readonly text: string | Promise<string>;
}

/** Return a source whose markup has no two blanks side by side, and whose stylesheets are as short as they can be. */
export async function shortened(source: string): Promise<string> {
  let made = '';
  let done = 0;
  for (const { start, end, text } of pieces(source)) {
    made += source.slice(done, start) + (await text);
    done = end;
  }
  return made + source.slice(done);
}

/** The pieces of all templates of a source that can be shorter, in their order. */
function pieces(source: string): Piece[] {
  const file = ts.createSourceFile('source.ts', source, ts.ScriptTarget.ES2022, true);
  const found: Piece[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isTaggedTemplateExpression(node)) {
      const tag = node.tag.getText(file);
      const { template } = node;
      if (tag === 'html') {
        found.push(...textsOf(template).map((part) => between(part, file, markup(part.getText(file)))));
      } else if (tag === 'css' && ts.isNoSubstitutionTemplateLiteral(template)) {
        found.push(between(template, file, stylesheet(template.text)));
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found.toSorted((a, b) => a.start - b.start);
}

const textsOf = (template: ts.TemplateLiteral): (ts.LiteralLikeNode & ts.Node)[] =>
  ts.isTemplateExpression(template)
    ? [template.head, ...template.templateSpans.map(({ literal }) => literal)]
    : [template];

const between = (part: ts.Node, file: ts.SourceFile, text: Piece['text']): Piece => ({
  start: part.getStart(file),
  end: part.end,
  text,
});

/** Markup without blanks side by side, and without quotation marks around what is one word (HTML, 13.1.2.3). */
const markup = (text: string): string =>
  text.replaceAll(/\s+/gu, ' ').replaceAll(/ ([\w-]+)="([\w-]+)"(?=[ >])/gu, ' $1=$2');

/** A stylesheet as a template that is as short as it can be. */
async function stylesheet(text: string): Promise<string> {
  const { code } = await transform(text, { loader: 'css', minify: true, charset: 'utf8' });
  return `\`${code.trim().replaceAll(/[\\`]|\$(?=\{)/gu, '\\$&')}\``;
}

export const shortTemplates: Plugin = {
  name: 'short templates',
  setup(build) {
    // biome-ignore lint/style/useUnicodeRegex: esbuild reads it by Go's rules, which have no such flag
    build.onLoad({ filter: /[/\\]elements[/\\]src[/\\].*\.ts$/ }, async ({ path }) => ({
      contents: await shortened(await readFile(path, 'utf8')),
      loader: 'ts',
    }));
  },
};
