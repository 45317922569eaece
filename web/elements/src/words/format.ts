/** Dates, spans of time, lists and numbers, in the reader's language. */

import { html } from 'lit';
import type { Content, Speech } from './say.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** After so many days a date says more than a span. */
const RECENT = 30;

/** Making a format is slow, and a long table has many dates. */
const formats = new Map<string, Intl.DateTimeFormat>();

function formatted(at: string | Date, { locale }: Speech, options: Intl.DateTimeFormatOptions): string {
  const key = `${locale} ${options.dateStyle} ${options.timeStyle}`;
  const format = formats.get(key) ?? new Intl.DateTimeFormat(locale, options);
  formats.set(key, format);
  return format.format(new Date(at));
}

/** 3 Nov 2026 */
export const date = (at: string | Date, speech: Speech): string => formatted(at, speech, { dateStyle: 'medium' });

/** 3 Nov 2026, 14:05 */
export const dateTime = (at: string | Date, speech: Speech): string =>
  formatted(at, speech, { dateStyle: 'medium', timeStyle: 'short' });

/** Tuesday, 3 November 2026 */
export const fullDate = (at: string | Date, speech: Speech): string => formatted(at, speech, { dateStyle: 'full' });

/** 14:05 */
export const time = (at: string | Date, speech: Speech): string => formatted(at, speech, { timeStyle: 'short' });

/** The start of a day where the reader is, in days; the hour that summer time takes or adds is rounded away. */
const dayOf = (at: Date): number => new Date(at).setHours(0, 0, 0, 0) / DAY;

const days = (at: string | Date, now: Date): number => Math.round(dayOf(new Date(at)) - dayOf(now));

function span(count: number, unit: 'day' | 'hour' | 'minute', { locale }: Speech): string {
  return new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(count, unit);
}

/** Today, yesterday, 3 days ago; what is longer ago than a month, as a date. */
export function ago(at: string | Date, now: Date, speech: Speech): string {
  const passed = Math.min(days(at, now), 0);
  return passed < -RECENT ? date(at, speech) : span(passed, 'day', speech);
}

/** In 6 days, tomorrow, in 5 hours, in 20 minutes; what is over, 2 days ago. */
export function until(at: string | Date, now: Date, speech: Speech): string {
  const left = new Date(at).getTime() - now.getTime();
  if (Math.abs(left) >= DAY) {
    return span(days(at, now), 'day', speech);
  }
  const [size, unit] = Math.abs(left) < HOUR ? ([MINUTE, 'minute'] as const) : ([HOUR, 'hour'] as const);
  return span(Math.round(left / size), unit, speech);
}

/** Admin and Viewer */
export const list = (items: readonly string[], { locale }: Speech): string => new Intl.ListFormat(locale).format(items);

/** A list as content of Lit, each item isolated from the direction of the others. */
export const shownList = (items: readonly string[], { locale }: Speech): Content =>
  new Intl.ListFormat(locale)
    .formatToParts(items)
    .map(({ type, value }) => (type === 'element' ? html`<bdi>${value}</bdi>` : value));

export const number = (value: number, { locale }: Speech): string => new Intl.NumberFormat(locale).format(value);
