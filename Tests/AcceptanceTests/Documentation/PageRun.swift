import Foundation
import Glibc

/// Runs the blocks of one page in their order in one scratch directory, so that later ones use what earlier ones made.
final class PageRun {
    private let place: Workplace
    private let kafka: PageKafka?
    private var environment: [String: String] = [:]
    private var background: [(block: Block, child: Child)] = []
    private var runCount = 0
    private(set) var problems: [String] = []

    /// Longer than any command takes, so that one that waits in vain does not stop the tests for ever.
    private static let secondsMax = "600"

    /// Without a Kafka the blocks that need one are skipped. `python` is the one that commands find.
    init(kafka: PageKafka? = nil, python: String? = nil) throws {
        place = try Workplace()
        self.kafka = kafka
        let tools = place.path + "/tools"
        for folder in [tools, scratch, place.path + "/tmp"] {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        }
        try FileManager.default.createSymbolicLink(
            atPath: tools + "/lifecycle", withDestinationPath: Settings.executable)
        try kafka?.makeTools(in: tools)
        if let python {
            // A link to it would not find its packages.
            try "#!/bin/sh\nexec '\(python)' \"$@\"\n".write(
                toFile: tools + "/python3", atomically: true, encoding: .utf8)
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: tools + "/python3")
            try FileManager.default.createSymbolicLink(
                atPath: scratch + "/schemas", withDestinationPath: Settings.project + "/schemas")
        }
        let path = Settings.environment["PATH", default: "/usr/bin:/bin"]
        environment = [
            "PATH": "\(tools):\(path)", "HOME": place.path, "TMPDIR": place.path + "/tmp", "LC_ALL": "C.UTF-8",
        ].merging(kafka?.environment ?? [:]) { $1 }
    }

    /// The directory in which the commands run.
    private var scratch: String { place.path + "/scratch" }

    /// Returns the differences from what the page says.
    static func problems(of page: Page, kafka: PageKafka? = nil) throws -> [String] {
        let needsPython = kafka != nil && page.needsPython && !Python.isOffline
        let run = try PageRun(kafka: kafka, python: needsPython ? Python.program() : nil)
        for block in page.blocks where kafka != nil || !block.needsKafka {
            if block.needsPython && !needsPython { continue }
            // Later blocks would fail too, since they use what this one makes.
            guard run.problems.isEmpty else { break }
            try run.perform(block)
        }
        try run.end()
        return run.problems
    }

    private func perform(_ block: Block) throws {
        switch block.mark {
        case .notRun:
            break
        case .file(let name):
            try block.text.write(toFile: "\(scratch)/\(name)", atomically: true, encoding: .utf8)
        case .run(let run) where run.isBackground:
            background.append((block, try start("exec " + block.text)))
        case .run(let run) where run.compares:
            guard let commands = block.commands() else {
                problems.append("\(block.place): a block that is compared begins with \"$ \" and a command")
                return
            }
            for (index, command) in commands.enumerated() {
                let output = try runToEnd(
                    command.text, code: index == commands.count - 1 ? run.code : 0, of: block)
                guard let difference = ShownOutput(command.output, masks: run.masks).difference(from: output) else {
                    continue
                }
                problems.append(
                    "\(block.place): $ \(command.text)\n\(difference)\nIt printed:\n\(output.joined(separator: "\n"))")
            }
        case .run(let run):
            try runToEnd("set -e\n" + block.text, code: run.code, of: block)
        }
    }

    /// Returns the lines that it printed.
    @discardableResult
    private func runToEnd(_ script: String, code: Int32, of block: Block) throws -> [String] {
        let run = try start(script).wait()
        if run.code != code {
            let ending = run.code.map { "with \($0)" } ?? "by a signal"
            problems.append("\(block.place): ended \(ending), not with \(code): \(script)\nIt printed:\n\(run.output)")
        }
        let output = kafka?.asWritten(run.output) ?? run.output
        return output.split(separator: "\n", omittingEmptySubsequences: false).map(String.init).filter {
            // Progress is shown where work takes long, which is a matter of the machine.
            !$0.contains(/^\w+ +[█░]+ +\d+ %/)
        }
    }

    private func start(_ script: String) throws -> Child {
        runCount += 1
        let script = "exec 2>&1\ncd '\(scratch)' || exit 125\n" + (kafka?.asRun(script) ?? script)
        return try Child(
            ["--foreground", Self.secondsMax, "bash", "-c", script], files: "\(place.path)/block-\(runCount)",
            program: "timeout", environment: environment)
    }

    /// Ends the commands in the background, which must end with 0.
    private func end() throws {
        for (block, child) in background {
            child.signal(SIGTERM)
            let run = try child.wait()
            guard run.code != 0 else { continue }
            problems.append("\(block.place): ended with \(run.code ?? -1). It printed:\n\(run.output)")
        }
    }
}
