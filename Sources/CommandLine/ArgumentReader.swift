/// Sorts the words after a command's name into options and arguments. It checks their names and how many there are, not
/// their values.
package struct ArgumentReader {
    private let command: Command
    private let options: [String: Declaration]
    package private(set) var given: [String: [Given]] = [:]
    package private(set) var wantsHelp = false
    private var arguments: [String] = []
    private var rest: ArraySlice<String>

    package init(_ words: ArraySlice<String>, for command: Command) throws(CommandFailure) {
        self.command = command
        options = Dictionary(command.options.map { ($0.name, $0) }) { first, _ in first }
        rest = words
        while let word = rest.popFirst() {
            if word == "--" {
                arguments += rest
                break
            }
            try read(word)
        }
        if !wantsHelp { try assignArguments() }
    }

    private mutating func read(_ word: String) throws(CommandFailure) {
        if word == "-h" {
            wantsHelp = true
        } else if word.hasPrefix("--") {
            try readOption(word.dropFirst(2))
        } else if word.hasPrefix("-"), word != "-" {
            throw CommandFailure(.usage, "unknown option \(Printable(word)); options are written out, as in --data")
        } else {
            arguments.append(word)
        }
    }

    private mutating func readOption(_ word: Substring) throws(CommandFailure) {
        let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let name = parts[0]
        guard let option = options[name] else {
            let suggestion = Suggestion(for: "--\(name)", among: options.keys.map { "--\($0)" })
            throw CommandFailure(.usage, "unknown option --\(Printable(name))\(suggestion)")
        }
        if option.name == Common.help.declaration.name { wantsHelp = true }
        let text = try parts.count > 1 ? parts[1] : value(of: option)
        guard option.isRepeated || given[name] == nil else {
            throw CommandFailure(.usage, "\(option.label) is given twice")
        }
        given[name, default: []].append(Given(text: text, origin: .commandLine))
    }

    /// Returns the word after an option. Another option there means that the value was forgotten.
    private mutating func value(of option: Declaration) throws(CommandFailure) -> String {
        if option.place == .flag { return "true" }
        guard let next = rest.first, !next.hasPrefix("--") else {
            throw CommandFailure(.usage, "\(option.label) needs a value: \(option.spelled)")
        }
        rest = rest.dropFirst()
        return next
    }

    private mutating func assignArguments() throws(CommandFailure) {
        var left = arguments[...]
        for argument in command.arguments where !left.isEmpty {
            let taken = argument.isRepeated ? left : left.prefix(1)
            given[argument.name] = taken.map { Given(text: $0, origin: .commandLine) }
            left = left.dropFirst(taken.count)
        }
        guard let surplus = left.first else { return }
        throw CommandFailure(
            .usage, "\(command.name) does not know what to do with \"\(Printable(surplus))\"")
    }
}
