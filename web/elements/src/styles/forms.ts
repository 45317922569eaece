/** All kinds of fields. */

import { type CSSResultGroup, css } from 'lit';
import { fields } from './fields.ts';

const others = css`
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
  legend {
    margin-bottom: calc(var(--_space) * 1.5);
  }
  fieldset {
    gap: calc(var(--_space) * 2);
  }
  .hint {
    display: block;
  }
  .label > :not(label) {
    font-weight: 400;
  }
  [aria-invalid='true'] {
    border-color: var(--_danger);
  }
  ::placeholder {
    color: var(--_muted);
    opacity: 1;
  }
`;

export const forms: CSSResultGroup = [fields, others];
