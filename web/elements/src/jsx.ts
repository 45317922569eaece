/** Types for JSX of React 19: `import type {} from '@roster/elements/jsx'` once in a project. */

import type { DetailedHTMLProps, HTMLAttributes } from 'react';
import type { Listeners, Props, Tag } from './types/tags.ts';

type Elements = {
  [T in Tag]: DetailedHTMLProps<HTMLAttributes<HTMLElementTagNameMap[T]>, HTMLElementTagNameMap[T]> &
    Props<T> &
    Listeners;
};

declare module 'react' {
  namespace JSX {
    interface IntrinsicElements extends Elements {}
  }
}
