/** What forms share: problems beside what is wrong. */

import { html, nothing } from 'lit';
import type { Problem } from '../session/api.ts';
import type { Content, RosterElement } from './element.ts';

/** Why a change was refused, and what to do. It is read aloud when it appears. Which field is wrong, the API says. */
export function problemIn(host: RosterElement, { problem }: { readonly problem: Problem | undefined }): Content {
  return problem
    ? html`<p part="error" class="error" role="alert">${host.problemText(problem)}
        ${problem.code === 'invalid_request' ? problem.errors?.map(({ message }) => html`<bdi lang="en">${message}</bdi> `) : nothing}</p>
        ${problem.status === 401 ? host.signInButton() : nothing}`
    : nothing;
}
