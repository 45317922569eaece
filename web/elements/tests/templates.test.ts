/** Templates in the scripts: shorter, and the same to a browser. */

import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { shortened } from '../build/templates.ts';

// What is tested has places itself.
const place = (name: string): string => `\${${name}}`;

suite('A template of the scripts', () => {
  test('keeps one blank of many in markup, and its places as they are', async () => {
    const source = `const a = html\`<p  class=\${one}>\n    a \n <b>\${two ? html\`<i>\n\n</i>\` : '  '}</b>\`; const b = '  ';`;

    const made = await shortened(source);

    assert.equal(
      made,
      `const a = html\`<p class=${place('one')}> a <b>${place("two ? html`<i> </i>` : '  '")}</b>\`; const b = '  ';`,
    );
  });

  test('is a minified stylesheet, in which escapes mean what they meant', async () => {
    const source = "css`\n  :host {\n    color: #ffffff;\n  }\n  p::before {\n    content: '\\\\2713';\n  }\n`";

    const made = await shortened(source);

    assert.equal(made, 'css`:host{color:#fff}p:before{content:"\\u2713"}`'.replace('\\u2713', '\u2713'));
  });

  test('stays as it is if it is no markup, or a stylesheet with places', async () => {
    const source = `tag\`  a  \`; css\`  a { b: ${place('c')}  }\`; \`  x  \``;

    assert.equal(await shortened(source), source);
  });
});
