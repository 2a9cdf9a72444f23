import CommandLine
import PolicyLanguage
import Service
import Wire

/// `events`: the input contract, from the tables that the fold uses.
enum EventsCommand {
    private static let name = Parameter.optionalArgument(
        "NAME", Format<String>.text.named("NAME"), help: "an event's name, however it is spelled; all if not said")

    private static let schema = Parameter.flag(
        "schema", help: "print NAME's JSON Schema, which schemas/events holds; without NAME that of what all have")

    static let command = Command(
        "events", "list the events that shops may send: what is read of each, and which facts it moves",
        discussion: """
            Names are one name whatever their case, blanks, `_` and `-`. Each event also has a messageId, a timestamp, \
            and a userId or an anonymousId. context.campaign, context.locale and context.timezone are read of all. \
            Amounts are in units of their currency: 12.50. Ends with 1 where there is no such event.
            """,
        parameters: name, schema, Printing.json
    ) { settings, terminal throws(CommandFailure) in
        var contracts = EventContract.all
        if let name = settings[name] {
            contracts = contracts.filter { $0.names.contains { EventContract.isSame($0, name) } }
        }
        if settings[schema] {
            guard let text = settings[name] == nil ? EventContract.envelopeSchema : contracts.first?.schema else {
                return .answerIsNo
            }
            terminal.write(text.dropLast())
            return .done
        }
        let report = EventsReport(contracts) { $0.phrase }
        terminal.answer(report, asJSON: settings[Printing.json]) {
            for line in report.lines(columnCount: terminal.columnCount, style: terminal.style) { terminal.write(line) }
        }
        return contracts.isEmpty ? .answerIsNo : .done
    }
}
