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
    white-space: nowrap;
  }
  .menu {
    width: min(320px, calc(100vw - 8px));
  }
  .menu .line {
    width: 100%;
    min-height: 52px;
    padding: 6px 12px;
  }
  .menu .pad {
    padding: 12px;
  }
  .menu .pad .line {
    min-height: 0;
    padding: 0;
  }
  .create {
    position: sticky;
    bottom: -6px;
    border-radius: 0;
    background: var(--_raised);
    border-top: 1px solid var(--_border);
  }
`;
