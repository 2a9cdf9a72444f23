import Capture
import Glibc
import Testing

@testable import CommandLine

@Suite struct `A table` {
    private var table = Table([.words("stage", look: .strong), .number("customers"), .words("")])

    init() {
        table.add(["lost", "14,852", "█████"])
        table.add(["won_back 東京", "3", ""])
    }

    @Test func `aligns words left and numbers right`() {
        let lines = table.lines()
        #expect(
            lines == [
                "  stage          customers", "  lost              14,852  █████", "  won_back 東京          3",
            ])
    }

    @Test func `is as wide with colours as without`() {
        let lines = table.lines(style: .coloured)
        #expect(lines[1] == "  \u{1B}[1mlost\u{1B}[0m              14,852  █████")
    }

    @Test mutating func `shows a customer's own control characters as numbers`() {
        table.add(["\u{1B}[2J", "1", ""])
        #expect(table.lines()[3].hasPrefix("  \\u{1b}[2J "))
    }
}

@Suite struct `A bar` {
    @Test(arguments: [
        (0, 10, ""), (10, 10, "████"), (5, 10, "██"), (1, 1_000, "▏"), (11, 10, "████"), (-1, 10, ""), (3, 0, "████"),
        (7, 32, "▉"),
    ])
    func `is as long as its share`(value: Int, largest: Int, text: String) {
        #expect(Bar(value, of: largest, columnCount: 4).description == text)
    }
}

@Suite struct `A progress line` {
    @Test func `is redrawn at most ten times a second for a person`() {
        var progress = ProgressLine("import", unit: "rows", total: 1_000, isInteractive: true)
        let drawn = (0..<100).filter { progress.advanced(to: $0, after: .milliseconds($0 * 10)) != nil }
        #expect(drawn == Array(stride(from: 0, to: 100, by: 10)))
        #expect(progress.finished() == "\r\u{1B}[K")
    }

    @Test func `shows bar, count, rate and time left in one line`() {
        var progress = ProgressLine("import", unit: "rows", total: 2_000_000, isInteractive: true)
        let line = progress.advanced(to: 500_000, after: .seconds(2))
        #expect(
            line == "\rimport  ████░░░░░░░░░░░░  25 %  6 s left  250 k/s  500,000 of 2,000,000 rows\u{1B}[K")
    }

    @Test func `says neither rate nor time left before a second has gone`() {
        var progress = ProgressLine("fold", unit: "records", total: 60_000, isInteractive: true)
        let early = progress.advanced(to: 4, after: .milliseconds(50))
        #expect(early == "\rfold  ░░░░░░░░░░░░░░░░   0 %  4 of 60,000 records\u{1B}[K")
        #expect(progress.advanced(to: 30_000, after: .seconds(1))?.contains("1 s left  30.0 k/s") == true)
    }

    @Test func `is a line every five seconds in a file, and none for short work`() {
        var progress = ProgressLine("fold", unit: "events", total: nil, isInteractive: false)
        #expect(progress.advanced(to: 1_000, after: .seconds(4)) == nil)
        #expect(progress.advanced(to: 5_000, after: .seconds(5)) == "fold  5,000 events  1.00 k/s\n")
        #expect(progress.advanced(to: 9_000, after: .seconds(9)) == nil)
        #expect(progress.finished() == "")
    }

    @Test func `of work without an end or beyond its total stays a line`() {
        var progress = ProgressLine("a", unit: "rows", total: 10, isInteractive: false)
        #expect(progress.advanced(to: 20, after: .seconds(5))?.contains("100 %  0 s left  4/s  10 of 10 rows") == true)
        var none = ProgressLine("a", unit: "rows", total: 10, isInteractive: true)
        #expect(none.advanced(to: 0, after: .zero)?.contains("left") == false)
    }
}

@Suite struct `Buffered output` {
    @Test func `reaches its descriptor whole and in order`() {
        let scratch = Scratch()
        let output = FileOutput(descriptor: scratch.descriptor)
        let lines = (0..<20_000).map { "line \($0)\n" }
        for line in lines { output.write(line) }
        output.flush()
        #expect(scratch.text() == lines.joined())
    }

    @Test func `to a reader that has gone is closed, not a failure`() {
        signal(SIGPIPE, SIG_IGN)
        var ends: [Int32] = [0, 0]
        #expect(pipe(&ends) == 0)
        close(ends[0])
        let output = FileOutput(descriptor: ends[1])
        output.write("a")
        output.flush()
        #expect(output.isClosed && output.failure == nil)
        close(ends[1])
    }

    @Test func `that cannot be written fails the command`() {
        let full = open("/dev/full", O_WRONLY)
        let errors = Scratch()
        let terminal = Terminal(
            output: FileOutput(descriptor: full), errors: FileOutput(descriptor: errors.descriptor, isBuffered: false))
        let program = Program(name: "lifecycle", summary: "", version: "1", commands: [], exitCodes: [])
        #expect(program.run(["--version"], environment: [:], terminal: terminal) == .usage)
        #expect(errors.text() == "lifecycle: cannot write the output: No space left on device\n")
        close(full)
    }
}
