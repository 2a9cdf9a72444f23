import Brokers
import CommandLine
import Service
import Storage

/// A command about a log, wherever that is. This is the one place that knows which kinds of places there are.
protocol LogCommand: SendableMetatype {
    /// Whether it writes to the log: one process does at a time.
    static var access: LogAccess { get }

    static func answer(
        from place: LogPlace<some Broker>, _ settings: Settings, _ terminal: Terminal
    ) throws(CommandFailure) -> ExitCode
}

extension LogCommand {
    static var access: LogAccess { .readOnly }

    /// Opens the log where the settings say it is, and answers from there.
    static func run(_ settings: Settings, _ terminal: Terminal) throws(CommandFailure) -> ExitCode {
        try answer(at: LogLocation(settings), settings, terminal)
    }

    static func answer(
        at location: LogLocation, _ settings: Settings, _ terminal: Terminal
    ) throws(CommandFailure) -> ExitCode {
        switch location {
        case .directory(let path): try answer(from: DataDirectory(path, access), settings, terminal)
        case .cluster(let address): try answer(from: address.place(), settings, terminal)
        }
    }
}
