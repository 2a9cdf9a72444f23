import Brokers
import CommandLine
import CustomerLifecycle
import PolicyLanguage
import Processor
import Service
import Storage
import Wire

/// `policy presets` and `policy facts`.
enum PolicyCommands {
    static let presets = Command(
        "policy presets", "list the policies that the program brings along, to start from",
        discussion: """
            `preset:NAME` stands wherever a policy file may; `policy show --preset NAME` prints the document, to be \
            saved and changed.
            """,
        parameters: Printing.json
    ) { settings, terminal throws(CommandFailure) in
        let report = PresetsReport(
            presets: Preset.allCases.map { preset in
                PresetsReport.Preset(
                    name: preset.rawValue, summary: preset.summary, stages: preset.compiled.policy?.stages ?? [])
            })
        terminal.answer(report, asJSON: settings[Printing.json]) {
            var table = Table([.words("preset"), .words("what it is", columnCountMax: 120)])
            for preset in report.presets { table.add([preset.name, preset.summary]) }
            for line in table.lines(style: terminal.style) { terminal.write(line) }
        }
        return .done
    }

    static let facts = Command(
        "policy facts", "list the facts that a policy may use: type, meaning, and a line that uses it",
        parameters: Printing.json
    ) { settings, terminal throws(CommandFailure) in
        let report = FactsReport()
        terminal.answer(report, asJSON: settings[Printing.json]) {
            for line in report.lines(columnCount: terminal.columnCount, style: terminal.style) { terminal.write(line) }
        }
        return .done
    }

    /// Makes the bootstrap of a new log. Throws if the policy has errors.
    static func bootstrap(
        _ names: Names, _ policy: CompiledPolicy, partitionCount: Int
    ) throws(CommandFailure) -> LogBootstrap {
        var generator = SystemRandomNumberGenerator()
        let bootstrap = LogBootstrap(
            names: names, partitionCount: partitionCount, log: LogID(random: &generator), policy: policy)
        guard let bootstrap else {
            throw CommandFailure(
                .usage,
                "\(policy.fileName) is no policy that a log can begin with:\n\(PolicyFile.errors(of: policy))")
        }
        return bootstrap
    }
}
