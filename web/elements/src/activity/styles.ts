/** The log: quiet rows under their days. */

import { type CSSResult, css } from 'lit';

export const styles: CSSResult = css`
  .toolbar {
    align-items: end;
  }
  table:focus {
    outline: none;
  }
  .filters {
    display: grid;
    flex: 1 1 320px;
    grid-template-columns: repeat(auto-fit, minmax(136px, 1fr));
    gap: calc(var(--_space) * 3);
    min-width: 0;
    max-width: 640px;
  }
  .filters > label {
    min-width: 0;
  }
  .filters :is(select, input) {
    height: 38px;
  }
  .export {
    display: flex;
    flex: 1;
    flex-wrap: wrap;
    align-items: center;
    justify-content: flex-end;
    gap: calc(var(--_space) * 2) calc(var(--_space) * 3);
  }
  th {
    font-weight: 400;
    text-align: start !important;
    white-space: normal;
  }
  .who > div {
    min-width: 0;
  }
  .recent {
    display: inline-block;
    margin-inline-end: calc(var(--_space) * 1.5);
    color: var(--_text);
    font-weight: 600;
  }
  .recent::first-letter {
    text-transform: uppercase;
  }
  td {
    height: calc(var(--_row) - 8px);
    border-bottom: 0;
  }
  .face:empty {
    border: 1px solid var(--_border);
    background: none;
  }
  td:last-child {
    padding-inline-end: var(--_edge);
    font-variant-numeric: tabular-nums;
    white-space: nowrap;
  }
  p:first-child > bdi:first-of-type {
    font-weight: 600;
  }
  @container (max-width: 640px) {
    .filters {
      flex-basis: 100%;
    }
    tr {
      border: 0;
      padding-block: 8px;
    }
    tbody > tr:first-child {
      padding: 0;
    }
    td:last-child {
      padding: 0 !important;
    }
    th {
      grid-column: 1 / -1;
    }
    th:first-child {
      padding-inline-start: calc(var(--_space) * 4);
    }
  }
`;
