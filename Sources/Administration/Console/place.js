// Where the reader is. The address after # is the state: page, part, filter, period and whose records. Pages change it with `go`; the shell listens.
export const app = {
  page: "overview", part: "", query: new URLSearchParams(),
  // Whose records: a gateway's name, or "" for all that can be asked.
  gateway: "",
  // From /audit/instances: this gateway, whether there is a central copy, who is in it.
  instances: { instance: "", fleet: false, instances: [] },
  keys: null,
  // Ends what a page started: timers, requests that wait.
  leaving: [],
  // Parts of the page that can be loaded again.
  parts: new Set(),
};

export function link(page, query = {}, part = "") {
  const asked = new URLSearchParams(Object.entries(query).filter(([, value]) => value !== "" && value !== null && value !== undefined));
  if (app.gateway && !asked.has("gateway")) asked.set("gateway", app.gateway);
  return "#/" + page + (part ? "/" + encodeURIComponent(part) : "") + (asked.size ? "?" + asked : "");
}
export function go(page, query, part) {
  location.hash = link(page, query, part);
}

// What to add to a question of the API so that it is about the chosen gateways.
export function scope() {
  const { instance, fleet } = app.instances;
  if (!fleet || app.gateway === instance) return { source: "journal" };
  return app.gateway ? { source: "fleet", instance: app.gateway } : { source: "fleet" };
}
export const isOwn = (gateway) => !gateway || gateway === app.instances.instance;
