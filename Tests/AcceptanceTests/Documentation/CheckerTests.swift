import Testing

/// The checker of the documentation, on pages with one error each.
@Suite struct `A page that is tried` {
    private func problems(_ text: String) throws -> [String] {
        let page = Page("a.md", text)
        return try page.problems + PageRun.problems(of: page)
    }

    @Test func `is well where files, commands and outputs are as they are shown, one after the other`() throws {
        let text = """
            <!-- block: file a.txt -->
            ```
            one
            two
            ```
            <!-- block: run -->
            ```
            cat a.txt > b.txt
            mkdir made
            ```
            <!-- block: run, compare -->
            ```
            $ cat b.txt
            one
            two

            $ echo three \\
                four
            three four
            $ ls
            a.txt
            …
            made
            ```
            <!-- block: run, compare, exit 1, mask times -->
            ```
            $ echo at 2026-01-01 10:00 after 3 s; false
            at 2025-12-31 10:30   after 4.5 s
            ```
            <!-- block: not run: nobody has it -->
            ```
            nosuchcommand
            ```
            """
        #expect(try problems(text) == [])
    }

    @Test(arguments: [
        ("```\necho\n```", "a.md:1: nothing on the line above"),
        ("<!-- block: run -->\n\n```\necho\n```", "a.md:3: nothing on the line above"),
        ("<!-- block: walk -->\n```\necho\n```", "a.md:2: no block is marked like \"walk\""),
        ("<!-- block: run, mask moons -->\n```\necho\n```", "a.md:2: no block is marked like"),
        ("<!-- block: run, python -->\n```\necho\n```", "a.md:2: no block is marked like"),
        ("<!-- block: not run: -->\n```\necho\n```", "a.md:2: no block is marked like"),
        ("<!-- block: file a -->\n```\none\n```", "a.md:2: no later block that is run uses a"),
        ("<!-- block: run -->\n```\nfalse\ntrue\n```", "a.md:2: ended with 1, not with 0"),
        ("<!-- block: run, exit 3 -->\n```\ntrue\n```", "a.md:2: ended with 0, not with 3"),
        ("<!-- block: run, compare -->\n```\necho\n```", "a.md:2: a block that is compared begins with"),
        ("<!-- block: run, compare -->\n```\n$ echo a\nb\n```", "shown \"b\", found \"a\""),
        ("<!-- block: run, compare -->\n```\n$ echo a\n```", "not shown: \"a\""),
        ("<!-- block: run, compare -->\n```\n$ echo a >&2\n```", "not shown: \"a\""),
        ("<!-- block: run, compare -->\n```\n$ echo a\na\nb\n```", "not found: \"b\""),
        ("<!-- block: run, compare -->\n```\n$ echo a\na\n…\nb\n```", "nowhere below \"…\": b"),
        ("<!-- block: run, compare -->\n```\n$ false\n$ echo a\na\n```", "a.md:2: ended with 1, not with 0"),
    ])
    func `is found out where it is wrong`(text: String, problem: String) throws {
        let problems = try problems(text)
        #expect(problems.count == 1 && problems[0].contains(problem), "\(problems)")
    }

    @Test func `shows no progress, whether or not the work took long enough to be told of`() throws {
        let bar = "folding  ███████████░░░░░  71 %  3 s left  7.44 k/s"
        let text = "<!-- block: run, compare -->\n```\n$ echo '\(bar)' >&2; echo a\na\n```"
        #expect(try problems(text).isEmpty)
    }
}

@Suite struct `A mask` {
    @Test(arguments: [
        (Mask.times, "up to 2026-01-01T10:00:00.123Z, 3 s ago", "up to TIME, TIME ago"),
        (.times, "silence > 90 days since 2026-01-01", "silence > 90 days since 2026-01-01"),
        (.rates, "12,000 rows, 3.5 rows/s", "12,000 rows, RATE"),
        (.paths, "in /tmp/a-b/c.d and a/b", "in PATH and a/b"),
        (.numbers, "1,234   of 5.0", "N of N"),
    ])
    func `takes out what it is for, and nothing else`(mask: Mask, line: String, masked: String) {
        #expect(mask.applied(to: line) == masked)
    }
}
