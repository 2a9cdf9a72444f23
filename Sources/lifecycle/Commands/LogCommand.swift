import Brokers
import CommandLine
import Service
import Storage

/// A command about a log, in a directory or on Kafka. Only this protocol knows these two kinds of places.
protocol LogCommand: SendableMetatype {
    /// Whether the command writes to the log, which one process may do at a time.
    static var access: LogAccess { get }

    static func answer(
        from place: LogPlace<some Broker>, _ settings: Settings, _ terminal: Terminal
    ) throws(CommandFailure) -> ExitCode
}

extension LogCommand {
    static var access: LogAccess { .readOnly }

    /// Opens the log that the settings name, and answers from it.
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
