/** Tables whose rows become cards where there is little room. The head is then clipped, so that it can still be heard. */

import { type CSSResult, css } from 'lit';

export const tables: CSSResult = css`
  .toolbar {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: calc(var(--_space) * 3);
    padding: calc(var(--_space) * 4) var(--_edge);
  }
  .toolbar h2 {
    min-width: min-content;
  }
  .skeletons {
    padding-top: 68px;
  }
  table {
    width: 100%;
    border-spacing: 0;
  }
  th {
    padding: 8px 12px;
    border-block: 1px solid var(--_border);
    background: var(--_head);
    color: var(--_muted);
    font-size: 0.78125rem;
    font-weight: 550;
    text-align: start;
    white-space: nowrap;
  }
  td {
    height: var(--_row);
    padding: 6px 12px;
    border-bottom: 1px solid var(--_border);
  }
  tr:last-child td {
    border-bottom: 0;
  }
  :is(th, td):first-child {
    padding-inline-start: var(--_edge);
  }
  :is(th, td):last-child {
    padding-inline-end: calc(var(--_space) * 4);
    text-align: end;
  }
  .who {
    display: flex;
    align-items: center;
    gap: calc(var(--_space) * 3);
    min-width: 0;
  }
  [part~='role'] {
    min-width: 6.5em;
  }
  .name {
    font-weight: 600;
  }
  .badge {
    display: inline-flex;
    align-items: baseline;
    gap: 6px;
    padding: 2px 10px;
    border: 1px solid var(--_border);
    border-radius: 99px;
    font-size: 0.8125rem;
  }
  .badge::before {
    content: '';
    flex: none;
    width: 7px;
    height: 7px;
    border-radius: 50%;
    background: var(--_dot, var(--_muted));
  }
  .ok {
    --_dot: var(--_success);
  }
  .wait {
    --_dot: var(--_warning);
  }
  .fail {
    --_dot: var(--_danger);
  }
  .foot {
    display: flex;
    align-items: center;
    justify-content: space-between;
    gap: calc(var(--_space) * 3);
    padding: calc(var(--_space) * 3) var(--_edge);
    border-top: 1px solid var(--_border);
  }
  .row-actions {
    display: flex;
    justify-content: flex-end;
  }
  @media (forced-colors: active) {
    .badge::before {
      background: CanvasText;
    }
  }
  @container (max-width: 640px) {
    .toolbar,
    .foot {
      padding-inline: calc(var(--_space) * 4);
    }
    table,
    tbody,
    td {
      display: block;
    }
    thead {
      position: absolute;
      clip-path: inset(50%);
      width: 1px;
      height: 1px;
      overflow: hidden;
    }
    tr {
      display: grid;
      grid-template-columns: minmax(0, 1fr) auto;
      align-items: center;
      gap: 2px 8px;
      padding: 12px calc(var(--_space) * 4);
      border-bottom: 1px solid var(--_border);
    }
    tr:last-child {
      border-bottom: 0;
    }
    :is(td, td:first-child, td:last-child) {
      grid-column: 1 / -1;
      height: auto;
      padding: 0;
      border: 0;
    }
    td:first-child {
      grid-column: 1;
    }
    td:last-child {
      grid-row: 1;
      grid-column: 2;
    }
    td:not(:first-child, :last-child) {
      padding-inline-start: var(--_indent, 44px);
      font-size: 0.8125rem;
    }
    [data-label]::before {
      content: attr(data-label) ' ';
      content: attr(data-label) ' ' / '';
    }
  }
`;
