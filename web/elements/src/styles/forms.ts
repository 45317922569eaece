/** Fields, and what stands beside them. */

import { type CSSResult, css } from 'lit';

export const forms: CSSResult = css`
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
  textarea {
    resize: vertical;
  }
  input[type='checkbox'],
  input[type='radio'] {
    flex: none;
    width: 16px;
    height: 16px;
    min-height: 0;
    margin: 3px 0 0;
    padding: 0;
    accent-color: var(--_accent);
  }
  .check {
    display: flex;
    align-items: flex-start;
    gap: calc(var(--_space) * 2.5);
    font-size: 0.9375rem;
    font-weight: 400;
  }
  fieldset {
    gap: calc(var(--_space) * 2);
  }
  [aria-invalid='true'] {
    border-color: var(--_danger);
  }
  ::placeholder {
    color: var(--_muted);
    opacity: 1;
  }
  .actions {
    display: flex;
    flex-wrap: wrap;
    justify-content: flex-end;
    gap: calc(var(--_space) * 3);
  }
`;
