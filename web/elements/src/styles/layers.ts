/** Dialogs and menus, which stand above the page. */

import { type CSSResultGroup, css } from 'lit';
import { menus } from './menus.ts';

const dialogs = css`
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
  dialog[open],
  dialog form {
    grid-template-columns: minmax(0, 1fr);
  }
  dialog[open] {
    display: grid;
    gap: calc(var(--_space) * 4);
  }
  dialog::backdrop {
    background: rgb(10 12 20 / 0.4);
  }
  .more {
    width: 36px;
    padding: 0;
  }
`;

export const layers: CSSResultGroup = [dialogs, menus];
