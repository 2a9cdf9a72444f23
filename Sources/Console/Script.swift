import HTTP

/// What pages do beside showing: the list of what happens now grows while somebody looks. Everything else works
/// without.
enum Script {
    static let path = "/assets/console.js"

    static let route = Route(path, isOpen: true) { request, _ in
        Response(.ok, text, type: "text/javascript; charset=utf-8").tagged("\(text.utf8.count)", for: request)
    }

    private static let text = """
        "use strict";
        // One stream a tab, closed while nobody looks: a browser opens six connections to a host.
        const live = document.getElementById("live");
        if (live && window.EventSource) {
          const list = live.querySelector("ol");
          const button = live.querySelector("button");
          const empty = live.querySelector("p.empty");
          let source = null;
          let isPaused = false;
          const close = () => { if (source) { source.close(); source = null; } };
          const show = (change) => {
            const item = document.createElement("li");
            item.className = "change new";
            const time = document.createElement("time");
            time.dateTime = change.time;
            time.textContent = change.time.slice(11, 16);
            const link = document.createElement("a");
            link.href = "/customers/" + encodeURIComponent(change.subject);
            link.textContent = change.subject;
            item.append(time, link, ": " + change.words);
            list.prepend(item);
            while (list.children.length > 20) { list.lastElementChild.remove(); }
            if (empty) { empty.remove(); }
          };
          const open = () => {
            if (source || isPaused || document.hidden) { return; }
            source = new EventSource("/api/v1/changes");
            source.addEventListener("change", (event) => show(JSON.parse(event.data)));
          };
          button.hidden = false;
          button.addEventListener("click", () => {
            isPaused = !isPaused;
            button.textContent = isPaused ? "Go on" : "Pause";
            if (isPaused) { close(); } else { open(); }
          });
          document.addEventListener("visibilitychange", () => { if (document.hidden) { close(); } else { open(); } });
          open();
        }

        """
}
