/** How words are said: which language, which words, what stands in their places, and dates and spans. */

import assert from 'node:assert/strict';
import { env } from 'node:process';
import { suite, test } from 'node:test';
import { Problem, type ProblemFields, type Schemas } from '@roster/client';
import { languages } from '../src/settings/languages.ts';
import { common } from '../src/words/en/common.ts';
import { members } from '../src/words/en/members.ts';
import { eventContent } from '../src/words/event.ts';
import { ago, date, dateTime, list, number, until } from '../src/words/format.ts';
import { type Language, load, pick, speechOf } from '../src/words/language.ts';
import { problemText } from '../src/words/problem.ts';
import { type Speech, sayer, title } from '../src/words/say.ts';

Object.assign(env, { TZ: 'UTC' });
const NOON = new Date('2026-11-26T12:00:00Z');

async function speaking(locale: string, messages: Record<string, string> = {}): Promise<Speech> {
  const picked = pick([locale]);
  return speechOf(picked, await load(picked.language), messages);
}

/** What content of Lit reads as, each isolated place in brackets. */
function read(content: unknown): string {
  if (Array.isArray(content)) {
    return content.map(read).join('');
  }
  return typeof content === 'object' && content && 'values' in content
    ? `[${read(content.values)}]`
    : String(content ?? '');
}

suite('A language', () => {
  const cases: [readonly (string | null | undefined)[], Language, string][] = [
    [['de-AT'], 'de', 'de-AT'],
    [[undefined, null, '', 'pt-BR', 'fr_CA', 'de'], 'fr', 'fr-CA'],
    [['en-gb', 'de'], 'en', 'en-GB'],
    [['ar-EG-u-nu-latn'], 'ar', 'ar-EG-u-nu-latn'],
    [['not a tag', 'constructor', 'zh'], 'en', 'en'],
    [[], 'en', 'en'],
  ];
  for (const [wanted, language, locale] of cases) {
    test(`of ${JSON.stringify(wanted)} is ${language}, as ${locale}`, () => {
      assert.deepEqual(pick(wanted), { language, locale });
    });
  }

  test('without its words is English, from left to right', () => {
    const speech = speechOf(pick(['ar-EG']), undefined, {});

    assert.deepEqual([speech.language, speech.locale, speech.dir], ['en', 'en', 'ltr']);
  });

  test('is written in its direction', async () => {
    assert.equal((await speaking('ar')).dir, 'rtl');
    assert.equal((await speaking('fr')).dir, 'ltr');
  });
});

suite('A choice of languages', () => {
  test('has each by its own name, and what was chosen elsewhere, even a tag that browsers do not take', () => {
    const said = languages('x-klingon', 'None').map(read).join('');

    for (const name of ['None', 'English', 'العربية', 'Deutsch', 'Español', 'Français', 'x-klingon']) {
      assert.ok(said.includes(name), name);
    }
  });
});

suite('A word', () => {
  const english = speechOf(pick([]), undefined, {});

  test('has what stands in its places', () => {
    assert.equal(sayer('common', common, () => english).say('more_for', { name: 'Ada' }), 'More for Ada');
  });

  test('is chosen by its count, which is written as the reader writes numbers', async () => {
    const german = await speaking('de');
    const count = (speech: Speech, of: number): string =>
      sayer('members', members, () => speech).say('count', { count: of });

    assert.deepEqual(
      [1, 2, 1000].map((of) => count(english, of)),
      ['1 member', '2 members', '1,000 members'],
    );
    assert.equal(count(german, 1234), '1.234 Mitglieder');
    const arabic = await speaking('ar');
    assert.equal(new Set([0, 1, 2, 3, 11, 100].map((of) => count(arabic, of))).size, 6);
  });

  test('is the host’s, if it has one', async () => {
    const messages = { 'members.remove': 'Take out', 'members.count.one': 'one of us' };
    const { say } = sayer('members', members, () => ({ ...english, messages }));

    assert.equal(say('remove'), 'Take out');
    assert.deepEqual([say('count', { count: 1 }), say('count', { count: 2 })], ['one of us', '2 members']);
  });

  test('follows the language, as it is when it is said', async () => {
    let speech = english;
    const { say } = sayer('common', common, () => speech);

    assert.equal(say('cancel'), 'Cancel');
    speech = await speaking('de-CH');
    assert.equal(say('cancel'), 'Abbrechen');
  });

  test('isolates its places as content, and as text where they would be mixed up', async () => {
    const { show } = sayer('common', common, () => english);
    const arabic = sayer('common', common, await speaking('ar').then((speech) => () => speech));

    assert.equal(read(show('more_for', { name: 'Ada' })), 'More for [Ada]');
    assert.ok(arabic.say('more_for', { name: 'Ada' }).endsWith('\u2068Ada\u2069'));
  });

  test('that a built language has in order, without keys, is found', () => {
    const translation = { common: Object.values(common).map((word) => `~${word}`) };
    const speech = { ...english, language: 'de', translation } as unknown as Speech;

    assert.equal(sayer('common', common, () => speech).say('cancel'), '~Cancel');
    assert.equal(sayer('members', members, () => speech).say('remove'), 'Remove');
  });

  test('may be a title that the host translates', () => {
    const speech = { ...english, messages: { 'role.admin': 'Verwalter' } };

    assert.equal(title('role', 'admin', 'Admin', speech), 'Verwalter');
    assert.equal(title('plan', 'admin', 'Admin', speech), 'Admin');
  });
});

suite('A problem', () => {
  const of = (code: string, more: object = {}): Problem =>
    new Problem({ code, status: 409, detail: 'Do that.', ...more } as ProblemFields);
  const cases: [Problem, string][] = [
    [of('forbidden', { reason: 'self' }), 'Do that.'],
    [of('forbidden', { reason: 'of_next_year' }), 'Do that.'],
    [of('of_next_year'), 'Do that.'],
    [of('constructor'), 'Do that.'],
    [of('conflict'), 'Do that.'],
    [of('conflict', { holders: 1 }), 'Do that.'],
    [of('not_pending', { invitation_status: 'accepted' }), 'Do that.'],
    [of('plan_limit', { limit: 'members', maximum: 5, plan: 'free' }), 'The plan has 5 seats. Upgrade to add more.'],
    [
      of('plan_limit', { limit: 'custom_roles', maximum: 0, plan: 'free' }),
      'The plan has no custom roles. Upgrade to add some.',
    ],
    [of('plan_limit', { limit: 'members', maximum: 5 }), 'Do that.'],
    [of('gateway', { status: 401 }), 'Your session has ended. Sign in again.'],
    [of('gateway', { status: 502 }), 'The service cannot answer right now. Try again in a moment.'],
  ];
  for (const [problem, words] of cases) {
    test(`with ${JSON.stringify({ ...problem })} is told as “${words}”`, () => {
      assert.equal(problemText(problem, speechOf(pick([]), undefined, {})), words);
    });
  }

  test('that is not known is told by the API, after a word in the reader’s language', async () => {
    assert.equal(problemText(of('of_next_year'), await speaking('de')), 'Das ging nicht. Do that.');
  });
});

suite('An event', () => {
  const ADA = { type: 'user', id: 'ada', name: 'Ada', email: null } as const;
  const of = (type: string, more: Partial<Schemas['Event']> = {}): Schemas['Event'] => ({
    id: '1',
    type,
    at: '2026-11-26T12:00:00Z',
    occurred_at: '2026-11-26T12:00:00Z',
    actor: ADA,
    via: null,
    target: { type: 'member', id: 'bob', name: 'Bob' },
    data: {},
    sentence: 'As the API says.',
    request_id: null,
    ...more,
  });
  const titles: Record<string, string> = { admin: 'Admin', viewer: 'Viewer' };
  const told = (event: Schemas['Event'], speech: Speech): string =>
    read(eventContent(event, (role) => titles[role], speech)).replaceAll(/[[\]]/gu, '');

  test('is a sentence with names and titles', async () => {
    const english = await speaking('en');
    const changed = of('member.roles_changed', { data: { from: ['viewer'], to: ['admin', 'gone'] } });

    assert.equal(told(changed, english), 'Ada changed the role of Bob from Viewer to Admin and a former role.');
    assert.equal(
      told(changed, await speaking('de')),
      'Ada hat die Rolle für Bob geändert: Admin und eine frühere Rolle statt Viewer.',
    );
    assert.equal(
      read(eventContent(changed, (role) => titles[role], english)),
      '[Ada] changed the role of [Bob] from [[Viewer]] to [[Admin] and [a former role]].',
    );
  });

  test('says what an event may add', async () => {
    const english = await speaking('en');
    const target = { type: 'invitation', id: '1', name: 'bob@example.com' };
    const resent = of('invitation.resent', { target, data: { from: ['viewer'], to: [] } });

    assert.equal(told(resent, english), 'Ada resent the invitation of bob@example.com, as no role instead of Viewer.');
    assert.equal(
      told(of('invitation.declined', { target, data: { copied_link: true } }), english),
      'Someone declined the invitation of bob@example.com by a copied link.',
    );
    assert.equal(
      told(
        of('organization.updated', {
          target: { type: 'organization', id: '1', name: null },
          data: { changed: ['locale', 'name', 'x'] },
        }),
        english,
      ),
      'Ada changed the language and the name of the organization.',
    );
  });

  test('names nobody who has no name', async () => {
    const english = await speaking('en');
    const nobody = { ...ADA, name: null };
    const target = { type: 'member', id: 'bob', name: null };

    assert.equal(told(of('member.removed', { actor: nobody, target }), english), 'Someone removed someone.');
    assert.equal(
      told(of('member.removed', { actor: nobody, target, sentence: 'A former user removed a former user.' }), english),
      'A former user removed a former user.',
    );
    assert.equal(
      told(of('invitation.declined', { target: { type: 'invitation', id: '1', name: null } }), english),
      'An address no longer kept declined the invitation.',
    );
    assert.equal(
      told(of('user.signed_in', { actor: { ...nobody, type: 'system', id: null } }), english),
      'Roster signed in.',
    );
  });

  test('of a type that is not known has the API’s sentence', async () => {
    const arabic = await speaking('ar');
    for (const type of ['certificate.issued', 'changed.name', 'constructor.called', 'constructor']) {
      assert.equal(told(of(type), arabic), 'As the API says.', type);
    }
  });

  test('moves an organization to a plan by the host’s title', async () => {
    const english = await speaking('en', { 'plan.pro': 'Professional' });
    const target = { type: 'organization', id: '1', name: 'Acme' };

    assert.equal(
      told(of('organization.plan_changed', { target, data: { from: 'free', to: 'pro' } }), english),
      'Ada moved Acme from the plan free to Professional.',
    );
  });
});

suite('A time', () => {
  const british = speechOf(pick(['en-GB']), undefined, {});

  test('is a date, or a date with its time', () => {
    assert.equal(date('2026-11-03T14:05:00Z', british), '3 Nov 2026');
    assert.equal(dateTime('2026-11-03T14:05:00Z', british), '3 Nov 2026, 14:05');
  });

  const passed: [string, string][] = [
    ['2026-11-26T00:00:00Z', 'today'],
    ['2026-11-26T13:00:00Z', 'today'], // a clock may be ahead
    ['2026-11-25T23:59:00Z', 'yesterday'],
    ['2026-11-23T12:00:00Z', '3 days ago'],
    ['2026-10-27T12:00:00Z', '30 days ago'],
    ['2026-10-26T12:00:00Z', '26 Oct 2026'],
  ];
  for (const [at, words] of passed) {
    test(`${at} was ${words}`, () => assert.equal(ago(at, NOON, british), words));
  }

  const coming: [string, string][] = [
    ['2026-12-03T12:00:00Z', 'in 7 days'],
    ['2026-11-27T13:00:00Z', 'tomorrow'],
    ['2026-11-26T17:10:00Z', 'in 5 hours'],
    ['2026-11-26T12:20:00Z', 'in 20 minutes'],
    ['2026-11-26T09:00:00Z', '3 hours ago'],
    ['2026-11-24T09:00:00Z', '2 days ago'],
  ];
  for (const [at, words] of coming) {
    test(`${at} is ${words}`, () => assert.equal(until(at, NOON, british), words));
  }

  test('is told in the reader’s language, as lists and numbers are', async () => {
    const french = await speaking('fr');

    assert.equal(ago('2026-11-25T12:00:00Z', NOON, french), 'hier');
    assert.equal(list(['Admin', 'Viewer'], french), 'Admin et Viewer');
    assert.equal(number(1234.5, await speaking('de')), '1.234,5');
  });
});
