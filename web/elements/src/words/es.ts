import type { Translation } from './catalogue.ts';

export const translation = {} as Translation;
