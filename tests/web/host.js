// The script of a bare host page: it signs somebody in, as a product's own page does. `host` is put there by the test.
const { host } = globalThis;
for (const session of document.querySelectorAll('roster-session')) {
  session.getToken = async (options) => {
    host.asked.push(options?.refresh === true);
    return options?.refresh ? host.fresh : host.token;
  };
}
for (const name of host.events) {
  addEventListener(name, (event) => {
    host.heard.push([name, event.detail ?? null]);
    if (host.canceled.includes(name)) {
      event.preventDefault();
    }
  });
}
