/** The look: one quiet type scale, one accent, hairlines. The names with `--_` are ours; the page sets those with `--roster-`. */

import { type CSSResult, css } from 'lit';

export const base: CSSResult = css`
  :host {
    --_text: var(--roster-text, light-dark(#1b1d22, #e8eaf0));
    --_muted: var(--roster-muted, light-dark(#5f646d, #9aa1ad));
    --_surface: var(--roster-surface, light-dark(#fff, #15171c));
    --_raised: var(--roster-raised, light-dark(#fff, #1c1f26));
    --_border: var(--roster-border, light-dark(#e3e6ea, #2a2e37));
    --_accent: var(--roster-accent, light-dark(#2454d6, #7d9cff));
    --_on-accent: var(--roster-on-accent, light-dark(#fff, #0d1326));
    --_danger: var(--roster-danger, light-dark(#b3261e, #ff8a80));
    --_success: var(--roster-success, light-dark(#1a7f4b, #5fd39a));
    --_warning: var(--roster-warning, light-dark(#8a5a00, #f0c063));
    --_focus: var(--roster-focus, var(--_accent));
    --_font: var(--roster-font, ui-sans-serif, system-ui, 'Segoe UI', Roboto, 'Helvetica Neue', sans-serif);
    --_radius: var(--roster-radius, 8px);
    --_space: var(--roster-space, 4px);
    --_row: var(--roster-row-height, 56px);
    --_shadow: var(--roster-shadow, 0 12px 40px light-dark(rgb(20 25 40 / 0.16), rgb(0 0 0 / 0.6)));
    --_edge: calc(var(--_space) * 6);
    --_tint: color-mix(in srgb, var(--_accent) 9%, var(--_surface));
    --_head: color-mix(in srgb, var(--_text) 2%, var(--_surface));
    --_strong: color-mix(in srgb, var(--_text) 45%, var(--_surface));
    display: block;
    color: var(--_text);
    font: 0.9375rem/1.45 var(--_font);
    text-align: start;
    container-type: inline-size;
    overflow-wrap: break-word;
  }
  :host([hidden]) {
    display: none;
  }
  bdi {
    overflow-wrap: anywhere;
  }
  *,
  ::before,
  ::after {
    box-sizing: border-box;
  }
  h2,
  h3,
  p {
    margin: 0;
  }
  h2 {
    font-size: 1.0625rem;
    font-weight: 620;
    line-height: 1.3;
  }
  .muted {
    color: var(--_muted);
  }
  .small {
    font-size: 0.8125rem;
  }
  .bad {
    color: var(--_danger);
  }
  .error {
    color: var(--_danger);
    font-size: 0.8125rem;
  }
  .pad {
    display: grid;
    gap: calc(var(--_space) * 3);
    padding: calc(var(--_space) * 5) var(--_edge);
  }
  .start {
    justify-items: start;
  }
  .line {
    display: flex;
    align-items: center;
    gap: calc(var(--_space) * 3);
  }
  .wrap {
    flex-wrap: wrap;
  }
  .grow {
    flex: 1;
    min-width: 0;
  }
  .clipped {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  button,
  .button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: calc(var(--_space) * 2);
    min-height: 36px;
    padding: 0 14px;
    border: 1px solid var(--_border);
    border-radius: var(--_radius);
    background: none;
    color: inherit;
    font: inherit;
    font-weight: 550;
    text-align: center;
    text-decoration: none;
    cursor: pointer;
  }
  button:hover:not(:disabled) {
    border-color: var(--_strong);
  }
  button:disabled,
  [aria-disabled='true'],
  [inert] {
    cursor: default;
    opacity: 0.55;
  }
  .primary {
    border-color: transparent;
    background: var(--_accent);
    color: var(--_on-accent);
  }
  .danger {
    border-color: transparent;
    background: var(--_danger);
    color: var(--_surface);
  }
  .primary:hover:not(:disabled),
  .danger:hover:not(:disabled) {
    border-color: transparent;
    filter: brightness(1.08);
  }
  .quiet {
    border-color: transparent;
    padding: 0 calc(var(--_space) * 2);
    color: var(--_muted);
  }
  .quiet:hover:not(:disabled) {
    border-color: transparent;
    background: var(--_tint);
    color: var(--_text);
  }
  .quiet.bad {
    color: var(--_danger);
  }
  a {
    color: var(--_accent);
  }
  :focus-visible {
    outline: 2px solid var(--_focus);
    outline-offset: 2px;
  }
  svg {
    width: 16px;
    height: 16px;
    fill: currentColor;
  }
  .face {
    flex: none;
    display: grid;
    place-items: center;
    width: 32px;
    height: 32px;
    border-radius: 50%;
    background: var(--_tint);
    color: var(--_accent);
    font-size: 0.75rem;
    font-weight: 600;
  }
  .face.square {
    border-radius: var(--_radius);
  }
  .skeletons {
    display: grid;
    gap: calc(var(--_space) * 3);
  }
  .skeletons i,
  i.bone {
    display: block;
    height: 10px;
    width: 60%;
    border-radius: 5px;
    background: var(--_border);
    animation: breathe 1.6s ease-in-out infinite alternate;
  }
  .skeletons i:nth-child(2n) {
    width: 35%;
  }
  @keyframes breathe {
    to {
      opacity: 0.5;
    }
  }
  @media (prefers-reduced-motion: reduce) {
    * {
      animation: none !important;
      transition: none !important;
    }
  }
  @media (forced-colors: active) {
    .face,
    .badge,
    .primary,
    .danger {
      border: 1px solid ButtonBorder;
    }
    i.bone,
    .skeletons i {
      background: GrayText;
    }
  }
  @container (max-width: 640px) {
    .pad {
      padding-inline: calc(var(--_space) * 4);
    }
  }
`;
