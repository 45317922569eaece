/** Fields of one line, and the buttons below them. */

import { type CSSResult, css } from 'lit';

export const fields: CSSResult = css`
  form,
  fieldset {
    display: grid;
    gap: calc(var(--_space) * 4);
    min-width: 0;
    margin: 0;
    padding: 0;
    border: 0;
  }
  label,
  .label,
  legend {
    display: grid;
    gap: calc(var(--_space) * 1.5);
    padding: 0;
    font-size: 0.8125rem;
    font-weight: 550;
  }
  input,
  textarea,
  select {
    width: 100%;
    min-height: 36px;
    padding: 7px 12px;
    border: 1px solid var(--_strong);
    border-radius: var(--_radius);
    background: var(--_surface);
    color: inherit;
    font: 400 0.9375rem/1.45 var(--_font);
  }
  .actions {
    display: flex;
    flex-wrap: wrap;
    justify-content: flex-end;
    gap: calc(var(--_space) * 3);
  }
`;
