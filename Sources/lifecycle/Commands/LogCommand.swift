import Brokers
import CommandLine
import Service
import Storage

/// A command about a log, in a directory or on Kafka.
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
        try location.perform(Answering<Self>(settings: settings, terminal: terminal), access)
    }
}

/// Something done with a log, wherever it is.
protocol LogWork {
    func run(in place: LogPlace<some Broker>) throws(CommandFailure) -> ExitCode
}

extension LogLocation {
    /// Opens the log, and does the work with it.
    func perform(_ work: some LogWork, _ access: LogAccess) throws(CommandFailure) -> ExitCode {
        switch self {
        case .directory(let path): try work.run(in: DataDirectory(path, access))
        case .cluster(let address): try work.run(in: address.place())
        }
    }
}

private struct Answering<Command: LogCommand>: LogWork {
    let settings: Settings
    let terminal: Terminal

    func run(in place: LogPlace<some Broker>) throws(CommandFailure) -> ExitCode {
        try Command.answer(from: place, settings, terminal)
    }
}
