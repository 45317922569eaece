/** The list of roles: rows of one line, which open. */

import { type CSSResult, css } from 'lit';

export const styles: CSSResult = css`
  ul {
    margin: 0;
    padding: 0;
    list-style: none;
  }
  li {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    align-items: start;
    border-top: 1px solid var(--_border);
  }
  li:first-child {
    border-top: 0;
  }
  .toolbar + ul > li:first-child {
    border-top: 1px solid var(--_border);
  }
  .acts > li {
    grid-template-columns: minmax(0, 1fr) calc(36px + var(--_space) * 4);
  }
  .more {
    margin-top: calc((var(--_row) - 36px) / 2);
  }
  summary {
    display: grid;
    grid-template-columns: 16px minmax(0, 1fr) 7.5em 10em;
    align-items: center;
    gap: calc(var(--_space) * 3);
    min-height: var(--_row);
    padding: 8px var(--_edge);
    list-style: none;
    cursor: pointer;
  }
  summary::-webkit-details-marker {
    display: none;
  }
  summary:focus-visible {
    outline-offset: -2px;
  }
  summary:hover {
    background: var(--_head);
  }
  summary svg {
    color: var(--_muted);
    fill: none;
    stroke: currentColor;
    stroke-width: 1.6;
  }
  summary:dir(rtl) svg {
    transform: scaleX(-1);
  }
  details[open] > summary svg {
    transform: rotate(90deg);
  }
  .about {
    display: block;
  }
  .meta {
    display: contents;
    color: var(--_muted);
    font-size: 0.8125rem;
  }
  .meta > span {
    text-align: end;
  }
  .badge {
    margin-inline-start: calc(var(--_space) * 1.5);
    padding-block: 0;
  }
  .badge::before {
    display: none;
  }
  dl,
  .groups {
    columns: 4 190px;
    column-gap: calc(var(--_space) * 6);
  }
  :is(dl, .groups) > * {
    break-inside: avoid;
    padding-bottom: calc(var(--_space) * 4);
  }
  dl {
    margin: 0;
    padding: calc(var(--_space) * 2) var(--_edge) calc(var(--_space) * 2);
    padding-inline-start: calc(var(--_edge) + 16px + var(--_space) * 3);
  }
  dt {
    margin-bottom: var(--_space);
  }
  dd {
    margin: 0;
    font-size: 0.875rem;
    line-height: 1.7;
  }
  dialog:has(.groups) {
    width: min(600px, calc(100vw - 32px));
  }
  .choice > legend {
    margin-bottom: calc(var(--_space) * 2);
  }
  .groups legend {
    margin-bottom: calc(var(--_space) * 1.5);
  }
  .sticky {
    position: sticky;
    bottom: calc(var(--_space) * -6);
    margin: 0 calc(var(--_space) * -6) calc(var(--_space) * -6);
    padding: calc(var(--_space) * 4) calc(var(--_space) * 6);
    border-top: 1px solid var(--_border);
    background: var(--_raised);
  }
  [aria-disabled='true'] {
    opacity: 0.55;
  }
  .error:empty {
    display: none;
  }
  @container (max-width: 640px) {
    summary,
    dl {
      padding-inline-end: calc(var(--_space) * 4);
    }
    summary {
      grid-template-columns: 16px minmax(0, 1fr);
      padding-inline-start: calc(var(--_space) * 4);
      row-gap: 2px;
    }
    summary svg {
      align-self: start;
      margin-top: 3px;
    }
    .meta {
      grid-column: 2;
      display: flex;
      gap: calc(var(--_space) * 3);
    }
    .meta > :empty {
      display: none;
    }
    dl {
      padding-inline-start: calc(var(--_space) * 7 + 16px);
    }
  }
`;
