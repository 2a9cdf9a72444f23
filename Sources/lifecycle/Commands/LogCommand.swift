import Brokers

/// A command about a log, wherever that is. This is the one place that knows which kinds of places there are.
protocol LogCommand {
    static func answer(
        from place: LogPlace<some Broker>, _ settings: Settings, _ terminal: Terminal
    ) throws(CommandFailure) -> ExitCode
}

extension LogCommand {
    /// Opens the log for reading where the settings say it is, and answers from there.
    @Sendable static func run(_ settings: Settings, _ terminal: Terminal) throws(CommandFailure) -> ExitCode {
        try answer(at: LogLocation(settings), settings, terminal)
    }

    static func answer(
        at location: LogLocation, _ settings: Settings, _ terminal: Terminal
    ) throws(CommandFailure) -> ExitCode {
        switch location {
        case .directory(let path): try answer(from: DataDirectory(reading: path), settings, terminal)
        case .cluster(let address): throw address.notBuilt
        }
    }
}
