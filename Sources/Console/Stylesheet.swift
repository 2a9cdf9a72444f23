import HTTP

/// How pages look: one style sheet, which knows light and dark, narrow and paper.
enum Stylesheet {
    static let path = "/assets/console.css"
    static let iconPath = "/assets/icon.svg"

    static let routes = [
        Route(path, isOpen: true) { request, _ in
            Response(.ok, text, type: "text/css; charset=utf-8").tagged("\(text.utf8.count)", for: request)
        },
        Route(iconPath, isOpen: true) { request, _ in
            Response(.ok, icon, type: "image/svg+xml").tagged("1", for: request)
        },
    ]

    private static let icon = """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><circle cx="8" cy="8" r="6" fill="none" \
        stroke="#1d6b45" stroke-width="3" stroke-dasharray="28 10"/></svg>
        """

    private static let text = """
        :root {
          color-scheme: light dark;
          --ink: light-dark(#1a1d21, #e8eaed);
          --soft: light-dark(#555b63, #a8b0ba);
          --page: light-dark(#ffffff, #14171a);
          --card: light-dark(#f5f6f8, #1d2126);
          --line: light-dark(#d5d9de, #363c44);
          --link: light-dark(#0b57a4, #8ab8f0);
          --bar: light-dark(#1d6b45, #5fc596);
          --heat-1: light-dark(#e4eef8, #1c2f42);
          --heat-2: light-dark(#bcd6ee, #244b70);
          --heat-3: light-dark(#86b3dc, #2f6aa3);
          --heat-4: light-dark(#2f6ea8, #8ab8f0);
          --heat-4-ink: light-dark(#ffffff, #10161c);
        }
        * { box-sizing: border-box; }
        body {
          margin: 0;
          background: var(--page);
          color: var(--ink);
          font: 1rem/1.5 system-ui, "DejaVu Sans", sans-serif;
          overflow-wrap: break-word;
        }
        header, main, footer { max-width: 68rem; margin: auto; padding: .75rem 1.25rem; }
        a { color: var(--link); }
        nav a { display: inline-block; margin-right: 1rem; padding: .35rem 0; }
        nav a[aria-current] {
          border-bottom: 3px solid var(--link);
          color: var(--ink);
          font-weight: 600;
          text-decoration: none;
        }
        h1 { font-size: 1.5rem; margin: .2rem 0; }
        h2 { font-size: 1.1rem; margin: 1.6rem 0 .4rem; }
        p.lead { margin: 0 0 1rem; color: var(--soft); }
        footer, .soft { color: var(--soft); }
        table { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums; }
        caption { padding: .2rem 0; color: var(--soft); text-align: left; }
        th, td { padding: .3rem .5rem; border-bottom: 1px solid var(--line); text-align: right; vertical-align: top; }
        th { font-weight: 600; }
        td { white-space: nowrap; }
        th:first-child, td:first-child, .words { text-align: left; }
        td.words { white-space: normal; }
        td.short { white-space: nowrap; }
        dd, li { overflow-wrap: anywhere; }
        tbody th { font-weight: 400; }
        th.bar { text-align: left; }
        td.bar { width: 38%; text-align: left; }
        td.bar svg { display: block; width: 100%; height: .9rem; margin-top: .3rem; }
        .bar rect { fill: var(--bar); }
        .scroll { overflow-x: auto; }
        .heat td, .heat th[scope=col] { min-width: 3.2rem; border: 2px solid var(--page); text-align: center; }
        .heat a { color: inherit; }
        .heat-1 { background: var(--heat-1); }
        .heat-2 { background: var(--heat-2); }
        .heat-3 { background: var(--heat-3); }
        .heat-4 { background: var(--heat-4); color: var(--heat-4-ink); }
        ol.story { margin: 0; padding: 0; border-left: 3px solid var(--line); list-style: none; }
        ol.story li { padding: .25rem 0 .25rem 1rem; }
        ol.story li.change { margin-left: -4px; border-left: 5px solid var(--link); background: var(--card); }
        ol.story time { margin-right: .6rem; color: var(--soft); font-variant-numeric: tabular-nums; }
        dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1rem; }
        dt { color: var(--soft); }
        dd { margin: 0; }
        form { display: flex; flex-wrap: wrap; gap: .5rem 1rem; align-items: end; margin: .6rem 0 1rem; }
        label { display: grid; color: var(--soft); font-size: .9rem; }
        input, select, button { font: inherit; padding: .25rem .5rem; }
        :focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
        .skip { position: absolute; left: -99rem; }
        .skip:focus { left: 1rem; }
        @media (max-width: 40rem) {
          header, main, footer { padding: .6rem .8rem; }
          .heat { font-size: .8rem; }
          td.bar, th.bar { display: none; }
          dl { grid-template-columns: 1fr; gap: 0; }
          dd { margin-bottom: .5rem; }
        }
        @media print {
          nav, .skip, form { display: none; }
          body { background: #fff; color: #000; }
          * { print-color-adjust: exact; }
          h2 { break-after: avoid; }
          tr, ol.story li { break-inside: avoid; }
        }

        """
}
