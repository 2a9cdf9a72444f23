import Foundation

/// How a fenced block is tried, as the HTML comment on the line above it says; neither GitHub nor DocC shows that line.
///
///     <!-- block: run, compare -->              commands behind `$ `, each followed by all that it prints
///     <!-- block: run -->                       commands, of which none may fail
///     <!-- block: file policy.yaml -->          a file that a later block of the page uses
///     <!-- block: not run: needs Docker -->     with the reason
///
/// Behind `run` also stand, in any order: `exit 3` (what the last command ends with), `kafka` (a Kafka is needed),
/// `python` (and a Python with a client for it), `background` (one command that works until the page ends), and
/// `mask times` or another of `Mask`.
enum BlockMark: Equatable {
    case run(BlockRun)
    case file(name: String)
    case notRun(reason: String)
}

/// What a block's mark says about its commands.
struct BlockRun: Equatable {
    var compares = false
    var needsKafka = false
    var needsPython = false
    var isBackground = false
    var code: Int32 = 0
    var masks: [Mask] = []
}

extension BlockMark {
    /// Reads the mark of a line; nil where the line has none. Throws if the mark cannot be read.
    init?(line: Substring) throws(BlockMarkError) {
        guard let content = line.wholeMatch(of: /\s*<!--\s*block:\s*(.*?)\s*-->\s*/)?.1 else { return nil }
        if let file = content.wholeMatch(of: /file ([\w.-]+)/) {
            self = .file(name: String(file.1))
        } else if let reason = content.wholeMatch(of: /not run: *(\S.*)/) {
            self = .notRun(reason: String(reason.1))
        } else {
            self = .run(try BlockRun(content))
        }
    }
}

extension BlockRun {
    fileprivate init(_ content: Substring) throws(BlockMarkError) {
        self.init()
        let words = content.split(separator: ",", omittingEmptySubsequences: false)
            .map { $0.trimmingCharacters(in: .whitespaces) }
        guard words.first == "run" else { throw BlockMarkError(content) }
        for word in words.dropFirst() {
            if word == "compare" {
                compares = true
            } else if word == "kafka" {
                needsKafka = true
            } else if word == "python" {
                needsPython = true
            } else if word == "background" {
                isBackground = true
            } else if let code = word.wholeMatch(of: /exit (\d+)/).flatMap({ Int32($0.1) }) {
                self.code = code
            } else if let mask = word.wholeMatch(of: /mask (\w+)/).flatMap({ Mask(rawValue: String($0.1)) }) {
                masks.append(mask)
            } else {
                throw BlockMarkError(content)
            }
        }
        guard masks.isEmpty || compares, !(isBackground && compares), needsKafka || !needsPython else {
            throw BlockMarkError(content)
        }
    }
}

/// A mark that this checker does not know.
struct BlockMarkError: Error, Equatable {
    let content: String

    init(_ content: Substring) { self.content = String(content) }
}
