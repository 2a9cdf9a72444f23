import Capture
import Testing

@testable import CommandLine

@Suite struct `Help` {
    @Test(arguments: [
        ["help"], ["stages", "--help"], ["help", "policy", "check"], ["policy", "check", "-h"], ["help", "policy"],
    ])
    func `fits 80 columns and leaves no blanks at a line's end`(words: [String]) {
        let session = Session(words)
        #expect(session.code == .done)
        #expect(!session.output.isEmpty)
        for line in session.output.split(separator: "\n") {
            #expect(TextWidth.columnCount(of: String(line)) <= 80, "\(line)")
            #expect(line.last != " ", "\(line)")
        }
    }

    @Test func `of a command names all it can be told`() {
        let text = Session("stages", "--help").output
        for part in [
            "lifecycle stages --data DIR [options]", "--at DAY", "(4 unless said)", "; may be repeated",
            "(required)",
            "--config FILE", "Counts every stage of the policy",
        ] {
            #expect(text.contains(part), "\(part) is not in\n\(text)")
        }
        #expect(Session("policy", "check", "--help").output.contains("lifecycle policy check FILE [OTHER …] [options]"))
    }

    @Test func `is shown for a command that lacks what it requires`() {
        #expect(Session("stages", "--help", "surplus").code == .done)
    }

    @Test func `of the program lists commands and exit codes`() {
        let text = Session("help").output
        for part in ["policy diff", "completion", "0  done", "6  something is broken"] {
            #expect(text.contains(part), "\(part) is not in\n\(text)")
        }
    }

    @Test func `of a group lists its commands`() {
        let text = Session("help", "policy").output
        #expect(text.contains("policy check") && text.contains("policy diff") && !text.contains("stages"))
    }
}

@Suite struct `A completion script` {
    @Test(arguments: CompletionScript.Shell.allCases)
    func `knows every command and option`(shell: CompletionScript.Shell) {
        let session = Session("completion", shell.rawValue)
        #expect(session.code == .done)
        if shell == .fish { #expect(session.output.contains(" -l log -x -a 'text json' -d ")) }
        for word in ["stages", "policy", "check", "partitions", "completion", "bash zsh fish"] {
            #expect(session.output.contains(word), "\(word) is not in\n\(session.output)")
        }
    }
}

@Suite struct `A suggestion` {
    @Test(arguments: [
        ("--date", "; did you mean --data?"), ("--dtaa", "; did you mean --data?"),
        ("--part", "; did you mean --partitions?"),
        ("--xyz", ""), (String(repeating: "d", count: 100_000), ""),
    ])
    func `is made for what is close, and for a beginning`(typed: String, suggestion: String) {
        #expect(Suggestion(for: typed, among: ["--data", "--partitions"]).description == suggestion)
    }

    @Test(arguments: [
        ("", "abc", 3), ("data", "data", 0), ("data", "date", 1), ("data", "dtaa", 1), ("kitten", "sitting", 3),
    ])
    func `counts letters to change`(a: String, b: String, distance: Int) {
        #expect(Suggestion.distance(a, b) == distance)
        #expect(Suggestion.distance(b, a) == distance)
    }
}
