import '@roster/elements/roster-switcher.js';
import '@roster/elements/roster-team.js';
import type {} from '@roster/elements/jsx';
import { type ReactElement, useState } from 'react';
import { API, getToken } from '../../sign-in.ts';

export function App(): ReactElement {
  const [tab, setTab] = useState('members');
  return (
    <roster-session base-url={API} getToken={getToken} onroster-navigate={(event) => setTab(event.detail.tab)}>
      <roster-switcher />
      <roster-team />
      <p>This page heard of the tab: {tab}</p>
    </roster-session>
  );
}
