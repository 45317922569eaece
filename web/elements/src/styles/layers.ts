/** Dialogs and menus, which stand above the page. */

import { type CSSResult, css } from 'lit';

export const layers: CSSResult = css`
  dialog {
    width: min(480px, calc(100vw - 32px));
    max-height: calc(100dvh - 32px);
    padding: calc(var(--_space) * 6);
    overflow: auto;
    border: 1px solid var(--_border);
    border-radius: 12px;
    background: var(--_raised);
    box-shadow: var(--_shadow);
    color: var(--_text);
  }
  dialog[open] {
    display: grid;
    gap: calc(var(--_space) * 4);
  }
  dialog::backdrop {
    background: rgb(10 12 20 / 0.4);
  }
  .said {
    display: grid;
    gap: calc(var(--_space) * 2);
  }
  .more {
    width: 36px;
    padding: 0;
  }
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
