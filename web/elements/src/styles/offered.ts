/** Invitations, as who is invited sees them. */

import { type CSSResult, css } from 'lit';

export const offered: CSSResult = css`
  section + section {
    border-top: 1px solid var(--_border);
  }
  .message {
    padding-inline-start: calc(var(--_space) * 3);
    border-inline-start: 2px solid var(--_border);
    white-space: pre-line;
  }
  :is(button, .button) {
    padding-block: 6px;
    overflow-wrap: anywhere;
  }
  :is(h2, p):focus {
    outline: none;
  }
`;
