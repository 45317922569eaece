import './roster/roster.js';

// In place of your app's sign-in: tokens of the local issuer for one of the people who are there in `make run`.
const ANN = { sub: 'ann', email: 'ann@example.com', name: 'Ann Archer' };
const session = document.querySelector('roster-session');
let token;

session.getToken = async ({ refresh } = {}) => {
  if (token === undefined || refresh) {
    const answer = await fetch(`${session.baseUrl}/_local/token`, { method: 'POST', body: JSON.stringify(ANN) });
    token = (await answer.json()).access_token;
  }
  return token;
};
session.addEventListener('roster-navigate', ({ detail }) => {
  document.querySelector('output').value = detail.tab;
});
