import Brokers
import CommandLine
import CustomerLifecycle
import PolicyLanguage
import Processor
import Service
import Wire

/// `policy show`: what a policy says, in words, or its text.
enum PolicyShowCommand: LogCommand {
    private static let file = Parameter.optionalArgument(
        "FILE", Format<String>.policy,
        help: "a policy file, or preset:NAME; without it the policy in force, or the built-in one")
    private static let source = Parameter.flag("source", help: "print the text as it was written")
    private static let preset = Parameter.optional(
        "preset", Format<String>.preset, help: "print the text of this preset, to be saved and changed")
    private static let currency = Parameter.optional(
        "currency", Format<Currency>.currency, help: "what a preset counts in; its figures stay as they are")

    static let command = Command(
        "policy show", "say what a policy means: a file, a preset, the one in force in a log",
        discussion: """
            Says each line in words, with a customer who stands there. --source prints the text itself, and so does \
            --preset NAME. Ends with 1 if the file is no policy.
            """,
        sharing: LogLocation.declarations, parameters: file, source, preset, currency, Printing.json
    ) { settings, terminal throws(CommandFailure) in
        let isCurrencySaid = settings.origin(of: currency) == .commandLine
        if let name = settings[preset] {
            guard settings[file] == nil else {
                throw CommandFailure(.usage, "--preset \(Printable(name)) and FILE exclude each other")
            }
            let known = try PolicyFile.preset(name)
            return try show(PolicyFile(known.fileName), isSource: true, settings, terminal)
        }
        if settings[file] == nil, let location = try LogLocation.ifSaid(settings) {
            guard !isCurrencySaid else { throw CommandFailure(.usage, "--currency goes with a preset alone") }
            return try answer(at: location, settings, terminal)
        }
        let file = try PolicyFile(settings[file])
        guard file.preset != nil || !isCurrencySaid else {
            throw CommandFailure(.usage, "--currency goes with a preset alone: \(Printable(file.name)) has its own")
        }
        return try show(file, isSource: settings[source], settings, terminal)
    }

    /// Shows the policy in force.
    static func answer(
        from place: LogPlace<some Broker>, _ settings: Settings, _ terminal: Terminal
    ) throws(CommandFailure) -> ExitCode {
        let view = try place.view()
        let inForce = try CommandFailure.translating { () throws(ProcessorError) in try view.policy() }
        return show(inForce.compiled, isSource: settings[source], settings, terminal)
    }

    private static func show(
        _ file: PolicyFile, isSource: Bool, _ settings: Settings, _ terminal: Terminal
    ) throws(CommandFailure) -> ExitCode {
        let compiled = try file.compiled(in: settings[currency])
        let code = show(compiled, isSource: isSource, settings, terminal)
        // Beside the text, which may go to a file.
        if let currency = settings[currency], let remark = file.preset?.remark(in: currency) {
            terminal.errors.write("\(compiled.fileName): \(remark)\n")
        }
        return code
    }

    private static func show(
        _ compiled: CompiledPolicy, isSource: Bool, _ settings: Settings, _ terminal: Terminal
    ) -> ExitCode {
        guard let words = PolicyWords(compiled) else {
            terminal.answer(PolicyReport(compiled), asJSON: settings[Printing.json]) {
                terminal.errors.write("\(PolicyFile.errors(of: compiled))\n")
            }
            return .answerIsNo
        }
        if isSource, !settings[Printing.json] {
            terminal.output.write(String(decoding: compiled.text, as: UTF8.self))
            return .done
        }
        let examples = ExampleSearch.findings(for: compiled)
        terminal.answer(PolicyReport(compiled, examples, words), asJSON: settings[Printing.json]) {
            let lines = words.lines(examples, columnCount: terminal.columnCount, style: terminal.style)
            for line in lines { terminal.write(line) }
        }
        return .done
    }
}
