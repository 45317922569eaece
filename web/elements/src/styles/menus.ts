/** Popovers of buttons, which stand above the page. */

import { type CSSResult, css } from 'lit';

export const menus: CSSResult = css`
  .menu {
    margin: 0;
    min-width: 180px;
    max-width: calc(100vw - 8px);
    padding: calc(var(--_space) * 1.5);
    overflow: auto;
    border: 1px solid var(--_border);
    border-radius: calc(var(--_radius) + 2px);
    background: var(--_raised);
    box-shadow: var(--_shadow);
    color: var(--_text);
  }
  .menu:popover-open {
    display: grid;
  }
  .menu button {
    justify-content: flex-start;
    padding-inline: calc(var(--_space) * 3);
    color: var(--_text);
    font-weight: 400;
    text-align: start;
  }
  .menu button.bad {
    color: var(--_danger);
  }
`;
