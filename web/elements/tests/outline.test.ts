/** The outline of the problems, which small bundles have. */

import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { Problem } from '@roster/client';
import { problems } from '../src/words/en/problems.ts';
import { pick, speechOf } from '../src/words/language.ts';
import { outline } from '../src/words/outline.ts';
import { problemText } from '../src/words/problem.ts';

suite('The outline of the problems', () => {
  test('has every problem in the same order, and says what it says in the same words', () => {
    assert.deepEqual(Object.keys(outline), Object.keys(problems));
    for (const [key, word] of Object.entries(outline)) {
      assert.ok(word === '' || JSON.stringify(word) === JSON.stringify(problems[key as keyof typeof problems]), key);
    }
  });

  test('leaves what it does not say to the API', () => {
    const problem = new Problem({ code: 'last_owner', status: 409, detail: 'Transfer it first.' });

    assert.equal(problemText(problem, outline, speechOf(pick([]), undefined, {})), 'Transfer it first.');
  });
});
