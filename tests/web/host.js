// The script of a bare host page: it signs somebody in, as a product's own page does. `host` is put there by the test.
const { host } = globalThis;

// How many requests are on their way, or have answers that are being read.
let pending = 0;
const counted = (call) =>
  async function (...given) {
    pending += 1;
    try {
      return await call.apply(this, given);
    } finally {
      pending -= 1;
    }
  };
globalThis.fetch = counted(globalThis.fetch);
for (const name of ['json', 'text']) {
  Response.prototype[name] = counted(Response.prototype[name]);
}

// Resolves when the page has asked all that it wants to ask, and has shown what was answered.
host.settled = async () => {
  for (let calm = 0; calm < 5; ) {
    await new Promise((done) => setTimeout(done));
    calm = pending ? 0 : calm + 1;
  }
};

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
