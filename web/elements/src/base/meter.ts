/** How much of what a plan allows is used. It says nothing that does not stand beside it. */

import { type CSSResult, css, html, svg, type TemplateResult } from 'lit';

export const meter = (used: number, of: number): TemplateResult =>
  html`<svg class="meter" part="meter" aria-hidden="true" viewBox="0 0 100 1" preserveAspectRatio="none">
    ${svg`<rect width=${(100 * Math.min(used, of)) / Math.max(of, 1)} height="1" />`}
  </svg>`;

export const meterStyle: CSSResult = css`
  .meter {
    display: block;
    width: 100%;
    height: 6px;
    overflow: clip;
    border-radius: 3px;
    background: var(--_border);
    fill: var(--_accent);
  }
`;
