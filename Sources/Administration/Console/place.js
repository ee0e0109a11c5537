// The reader's position. The address after # is the state: page, part, filter, period and gateway. Pages change it with `go`; the frame listens.
export const app = {
  page: "overview", part: "", query: new URLSearchParams(),
  // The gateway of the records, or "" for all available ones.
  gateway: "",
  // From /audit/instances: this gateway, whether there is a central copy, and its gateways.
  instances: { instance: "", fleet: false, instances: [] },
  keys: null,
  // Cleanup of a page: timers, waiting requests.
  leaving: [],
  // Parts of the page that can be reloaded.
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

// The parameters that restrict a request to the chosen gateways.
export function scope() {
  const { instance, fleet } = app.instances;
  if (!fleet || app.gateway === instance) return { source: "journal" };
  return app.gateway ? { source: "fleet", instance: app.gateway } : { source: "fleet" };
}
export const isOwn = (gateway) => !gateway || gateway === app.instances.instance;
