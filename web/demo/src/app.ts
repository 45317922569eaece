/** The demo: a pretended product with Roster's elements in it, and the tools to try it with. */

const page = document.createElement('main');
page.textContent = 'Roster demo';
document.body.append(page);
