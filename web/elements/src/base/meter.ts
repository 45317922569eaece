/** How much of what a plan allows is used. It says nothing that does not stand beside it. */

import { type CSSResult, css, html, svg, type TemplateResult } from 'lit';

/** What would be used, too, is a paler part. */
export const meter = (used: number, of: number, more = 0): TemplateResult => {
  const rect = (count: number, kind: string) =>
    svg`<rect class=${kind} width=${(100 * Math.min(count, of)) / Math.max(of, 1)} height="1" />`;
  return html`<svg class="meter" part="meter" aria-hidden="true" viewBox="0 0 100 1" preserveAspectRatio="none">
    ${rect(used + more, 'paler')}${rect(used, '')}
  </svg>`;
};

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
  .paler {
    opacity: 0.4;
  }
`;
