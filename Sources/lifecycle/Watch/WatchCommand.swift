import Brokers
import CommandLine
import Processor
import Service
import Wire

/// `watch`: shows every change of stage as it is published, with its reason.
enum WatchCommand: LogCommand {
    private static let stage = Parameter.optional(
        "stage", Format<String>.text, help: "only changes to this stage, or from it")
    private static let customer = Parameter.optional(
        "customer", Format<String>.text, help: "only this customer's, with or without the prefix u: or a:")
    private static let start = Parameter.standard(
        "from", Format<ChangeStart>.choice, "now", help: "also what was published before, or only what comes")
    private static let count = Parameter.optional(
        "count", Format<Int>.integer(in: 1...Int.max), help: "end after so many changes")

    static let command = Command(
        "watch", "follow the changes as they are published",
        discussion: """
            Each change says who went from which stage to which, when, why, and on which evidence. Those of one \
            customer come in their order. It goes on until it is told to stop (Ctrl-C), or until --count. With --json \
            each change is a CloudEvent on a line of its own, its attributes beside its data.
            """,
        sharing: LogLocation.declarations, parameters: stage, customer, start, count, Printing.json
    ) { settings, terminal throws(CommandFailure) in
        StopSignal.watch()
        return try run(settings, terminal)
    }

    static func answer(
        from place: LogPlace<some Broker>, _ settings: Settings, _ terminal: Terminal
    ) throws(CommandFailure) -> ExitCode {
        let watch = try CommandFailure.translating { () throws(ProcessorError) in
            try Watch(
                place, from: settings[start],
                filter: ChangeFilter(stage: settings[stage], customer: settings[customer]),
                countMax: settings[count])
        }
        let line = ChangeLine(columnCount: terminal.columnCount, style: terminal.style)
        if terminal.isErrorsInteractive {
            terminal.errors.write("lifecycle: following \(place.names.changes) of \(place.name); Ctrl-C ends it\n")
        }
        let isStopping = { StopSignal.isRequested || terminal.output.isClosed }
        try CommandFailure.translating { () throws(ProcessorError) in
            try watch.run(until: isStopping) { change throws(ProcessorError) in
                if settings[Printing.json] {
                    terminal.write(try CloudEvent.structured(change.record))
                } else {
                    for text in line.printed(change.output) { terminal.write(text) }
                }
            } onPause: {
                terminal.flush()
            } onUnreadable: { sentence in
                terminal.errors.write("lifecycle: \(sentence)\n")
            }
        }
        return .done
    }
}
