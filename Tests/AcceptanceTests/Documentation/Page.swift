import Foundation
import Testing

/// A page of the documentation with its fenced blocks, each as it is tried.
struct Page: CustomTestStringConvertible, Sendable {
    let path: String
    let lineCount: Int
    let blocks: [Block]
    /// Blocks without a mark, and files that no block uses.
    let problems: [String]

    var testDescription: String { path }

    var needsKafka: Bool { blocks.contains { $0.needsKafka } }

    var needsPython: Bool { blocks.contains { $0.needsPython } }

    /// The README and every article, from the project's root.
    static let all: [Page] = {
        do {
            let catalogue = "Sources/lifecycle/Documentation.docc"
            let articles = try FileManager.default.contentsOfDirectory(atPath: "\(Settings.project)/\(catalogue)")
            let paths = articles.filter { $0.hasSuffix(".md") }.sorted().map { "\(catalogue)/\($0)" }
            return try (["README.md"] + paths).map { path in
                Page(path, try String(contentsOfFile: "\(Settings.project)/\(path)", encoding: .utf8))
            }
        } catch {
            preconditionFailure("The project's own documentation must be readable: \(error)")
        }
    }()

    init(_ path: String, _ text: String) {
        var blocks: [Block] = []
        var problems: [String] = []
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        var index = 0
        while index < lines.count {
            guard let fence = lines[index].prefixMatch(of: /\s*(`{3,}|~{3,})/)?.1 else {
                index += 1
                continue
            }
            let place = "\(path):\(index + 1)"
            let below = lines[(index + 1)...]
            let end = below.firstIndex { $0.trimmingCharacters(in: .whitespaces) == fence } ?? lines.count
            do throws(BlockMarkError) {
                if let mark = try index > 0 ? BlockMark(line: lines[index - 1]) : nil {
                    blocks.append(Block(place: place, mark: mark, lines: below[..<end].map(String.init)))
                } else {
                    problems.append("\(place): nothing on the line above the block says how to try it")
                }
            } catch {
                problems.append("\(place): no block is marked like \"\(error.content)\"")
            }
            index = end + 1
        }
        self.path = path
        lineCount = lines.count - (lines.last == "" ? 1 : 0)
        self.blocks = blocks
        self.problems = problems + Self.unusedFiles(blocks)
    }

    private static func unusedFiles(_ blocks: [Block]) -> [String] {
        blocks.indices.compactMap { index in
            guard case .file(let name) = blocks[index].mark else { return nil }
            let isUsed = blocks[(index + 1)...].contains { $0.isRun && $0.text.contains(name) }
            return isUsed ? nil : "\(blocks[index].place): no later block that is run uses \(name)"
        }
    }
}

/// A fenced block and how it is tried.
struct Block {
    /// The place of its fence, as `README.md:12`.
    let place: String
    let mark: BlockMark
    let lines: [String]

    var text: String { lines.map { $0 + "\n" }.joined() }

    var isRun: Bool {
        if case .run = mark { true } else { false }
    }

    var needsKafka: Bool {
        if case .run(let run) = mark { run.needsKafka } else { false }
    }

    var needsPython: Bool {
        if case .run(let run) = mark { run.needsPython } else { false }
    }

    /// Returns the commands of a block that is compared, each with what it prints; nil where the block does not begin
    /// with a command.
    func commands() -> [ShownCommand]? {
        var commands: [ShownCommand] = []
        var isContinued = false
        for line in lines {
            if isContinued {
                commands[commands.count - 1].text += "\n" + line
            } else if line.hasPrefix("$ ") {
                commands.append(ShownCommand(text: String(line.dropFirst(2))))
            } else if commands.isEmpty {
                return nil
            } else {
                commands[commands.count - 1].output.append(line)
                continue
            }
            isContinued = line.hasSuffix("\\")
        }
        return commands
    }
}

/// A command in a block and what the page says that it prints.
struct ShownCommand {
    var text: String
    var output: [String] = []
}
