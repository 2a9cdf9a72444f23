/// Help for people, at most 80 columns wide wherever it is shown.
package struct HelpText {
    package static let columnCountMax = 80

    package private(set) var text = ""

    /// Lists all commands.
    package init(_ program: Program) {
        paragraph("\(program.name): \(program.summary)")
        heading("Usage")
        entries([("\(program.name) COMMAND [--option VALUE …]", "")])
        heading("Commands")
        entries(program.commands.map { ($0.name, $0.summary) })
        paragraph("")
        paragraph(
            "`\(program.name) COMMAND --help` says what a command can be told. An option can also be set by a "
                + "variable, \(Declaration.environmentPrefix)DATA for --data, or in a file (--config FILE); "
                + "the command line comes first.")
        heading("Exit codes")
        entries(program.exitCodes.map { (String($0.number), $0.cause) })
    }

    /// Lists the commands that begin with the same word; nil if there are none or if that word is a command itself.
    package init?(group: String, of program: Program) {
        let commands = program.commands.filter { $0.words.count > 1 && $0.words[0] == group }
        guard !commands.isEmpty, !program.commands.contains(where: { $0.name == group }) else { return nil }
        heading("Commands")
        entries(commands.map { ($0.name, $0.summary) })
    }

    /// Describes one command.
    package init(_ command: Command, of program: Program) {
        paragraph("\(command.name): \(command.summary)")
        heading("Usage")
        entries([(usage(of: command, in: program), "")])
        section("Arguments", command.arguments)
        section("Options", command.options)
        guard !command.discussion.isEmpty else { return }
        for part in command.discussion.split(separator: "\n", omittingEmptySubsequences: false) {
            paragraph("")
            paragraph(String(part))
        }
    }

    private func usage(of command: Command, in program: Program) -> String {
        let required = command.options.filter(\.isRequired).map(\.spelled)
        let optional = command.options.contains { !$0.isRequired } ? ["[options]"] : []
        let arguments = command.arguments.map { argument in
            let name = argument.isRepeated ? "\(argument.name) …" : argument.name
            return argument.isRequired ? name : "[\(name)]"
        }
        return ([program.name, command.name] + arguments + required + optional).joined(separator: " ")
    }

    private mutating func section(_ title: String, _ declarations: [Declaration]) {
        guard !declarations.isEmpty else { return }
        heading(title)
        entries(
            declarations.map { declaration in
                var help = declaration.help
                if let standard = declaration.defaultText { help += " (\(standard) unless said)" }
                if declaration.isRepeated, declaration.place == .option { help += "; may be repeated" }
                if declaration.isRequired, declaration.place == .option { help += " (required)" }
                return (declaration.spelled, help)
            })
    }

    private mutating func heading(_ title: String) { text += "\n\(title)\n" }

    private mutating func paragraph(_ words: String) {
        text += Wrapped(words, columnCount: Self.columnCountMax).lines.joined(separator: "\n") + "\n"
    }

    /// Writes terms at the left and their meanings beside them. A long term has a line to itself.
    private mutating func entries(_ entries: [(term: String, meaning: String)]) {
        let left = min(26, entries.map { TextWidth.columnCount(of: $0.term) }.max() ?? 0)
        for (term, meaning) in entries {
            var lines = Wrapped(meaning, columnCount: Self.columnCountMax - left - 4).lines
            let first = TextWidth.columnCount(of: term) > left || lines.isEmpty ? "" : lines.removeFirst()
            text += trimmed("  \(TextWidth.padded(term, to: left))  \(first)") + "\n"
            for line in lines { text += trimmed(String(repeating: " ", count: left + 4) + line) + "\n" }
        }
    }

    private func trimmed(_ line: String) -> String {
        String(line.reversed().drop { $0 == " " }.reversed())
    }
}
