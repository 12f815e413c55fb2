// Reloads the page when the preview shows something newer than what it was made from.
// A hidden tab keeps no connection: browsers allow a server only six of them.
(() => {
  "use strict";
  const version = new URL(document.currentScript.src).searchParams.get("version");
  let events = null;

  const listen = () => {
    events = new EventSource(`/_preview/events?since=${encodeURIComponent(version)}`);
    events.addEventListener("reload", () => {
      events.close();
      location.reload();
    });
    events.addEventListener("findings", (event) => {
      for (const finding of JSON.parse(event.data)) {
        console.warn(`${finding.path}:${finding.line}:${finding.column}: ${finding.message}`);
      }
    });
  };

  const follow = () => {
    if (events) events.close();
    events = null;
    if (document.visibilityState === "visible") listen();
  };

  document.addEventListener("visibilitychange", follow);
  follow();
})();
