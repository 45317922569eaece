/** The look of the switcher. */

import { type CSSResult, css } from 'lit';

export const look: CSSResult = css`
  :host {
    display: inline-block;
    max-width: 100%;
    container-type: normal;
  }
  .trigger {
    width: 240px;
    max-width: 100%;
    min-height: 44px;
    padding-inline: 8px;
    text-align: start;
  }
  .trigger > .grow,
  .menu .grow > * {
    display: block;
    overflow: hidden;
    text-overflow: ellipsis;
    text-align: -webkit-match-parent;
    text-align: match-parent;
    white-space: nowrap;
  }
  .menu {
    width: 320px;
    grid-template-columns: minmax(0, 1fr);
    gap: 2px;
  }
  .menu .line {
    min-height: 52px;
    padding: 6px 12px;
  }
  .menu .pad {
    padding: 12px;
  }
  .menu .actions button {
    font-weight: 550;
  }
  .menu .primary {
    color: var(--_on-accent);
  }
`;
