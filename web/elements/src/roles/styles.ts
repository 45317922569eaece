/** The list of roles: rows of one line, which open. */

import { type CSSResult, css } from 'lit';

export const styles: CSSResult = css`
  ul,
  dl,
  dd {
    margin: 0;
    padding: 0;
  }
  li {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    align-items: start;
    border-top: 1px solid var(--_border);
  }
  ul:has(.more) > li {
    grid-template-columns: minmax(0, 1fr) calc(36px + var(--_space) * 4);
  }
  li:first-child {
    border-color: var(--_first, transparent);
  }
  .toolbar + ul {
    --_first: var(--_border);
  }
  .more {
    margin-top: calc((var(--_row) - 36px) / 2);
  }
  summary {
    display: grid;
    grid-template-columns: 16px minmax(0, 1fr) 7.5em 10em;
    align-items: center;
    gap: 0 calc(var(--_space) * 3);
    min-height: var(--_row);
    padding: 6px var(--_edge);
    cursor: pointer;
  }
  summary:focus-visible {
    outline-offset: -2px;
  }
  summary:hover {
    background: var(--_head);
  }
  summary svg {
    fill: none;
    stroke: var(--_muted);
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
  }
  .meta > span {
    text-align: end;
    white-space: nowrap;
  }
  .badge {
    margin-inline-start: calc(var(--_space) * 1.5);
    padding-block: 0;
  }
  .badge::before {
    display: none;
  }
  .groups {
    columns: 4 190px;
    column-gap: var(--_edge);
  }
  .groups > * {
    break-inside: avoid;
    padding-bottom: calc(var(--_space) * 4);
  }
  dl {
    padding: calc(var(--_space) * 2) var(--_edge);
    padding-inline-start: calc(var(--_edge) + 16px + var(--_space) * 3);
  }
  dd {
    font-size: 0.875rem;
    line-height: 1.7;
  }
  .fields {
    display: inherit;
    gap: inherit;
  }
  legend {
    margin-bottom: calc(var(--_space) * 2);
  }
  .groups legend {
    color: var(--_muted);
  }
  .error:empty {
    display: none;
  }
  dialog:has(.groups) {
    width: min(600px, calc(100vw - 32px));
  }
  .sticky {
    position: sticky;
    bottom: calc(var(--_space) * -6);
    margin: 0 calc(var(--_space) * -6) calc(var(--_space) * -6);
    padding: calc(var(--_space) * 4) calc(var(--_space) * 6);
    border-top: 1px solid var(--_border);
    background: var(--_raised);
  }
  @container (max-width: 640px) {
    summary {
      grid-template-columns: 16px minmax(0, 1fr);
      padding-inline: calc(var(--_space) * 4);
    }
    summary svg {
      align-self: start;
      margin-top: 3px;
    }
    .meta {
      grid-column: 2;
      display: flex;
      flex-wrap: wrap;
      gap: 0 calc(var(--_space) * 3);
    }
    .meta > :empty {
      display: none;
    }
    dl {
      padding-inline: calc(var(--_space) * 7 + 16px) calc(var(--_space) * 4);
    }
  }
`;
