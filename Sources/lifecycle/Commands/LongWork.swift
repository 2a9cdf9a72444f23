import CustomerLifecycle
import Processor
import Synchronization
import Wire

/// Long work with its progress shown on stderr while it lasts. Told from any thread.
final class LongWork: Sendable {
    private struct State: Sendable {
        var progress: Progress
        var done = 0
    }

    private let start = ContinuousClock.now
    private let state: Mutex<State>
    private let write: @Sendable (String) -> Void

    init(_ title: String, unit: String, total: Int?, terminal: Terminal) {
        state = Mutex(
            State(
                progress: Progress(
                    title, unit: unit, total: total, isInteractive: terminal.isErrorsInteractive,
                    columnCount: terminal.columnCount)))
        let errors = UncheckedOutput(terminal.errors)
        write = { errors.output.write($0) }
    }

    var elapsed: Duration { ContinuousClock.now - start }

    func advance(by count: Int) {
        state.withLock { state in
            state.done += count
            draw(&state)
        }
    }

    func advance(to done: Int) {
        state.withLock { state in
            state.done = done
            draw(&state)
        }
    }

    func end() {
        state.withLock { write($0.progress.finished()) }
    }

    private func draw(_ state: inout State) {
        guard let text = state.progress.advanced(to: state.done, after: elapsed) else { return }
        write(text)
    }
}

/// Only ever written to while `LongWork` holds its lock: that makes the `@unchecked` safe.
private struct UncheckedOutput: @unchecked Sendable {
    let output: Output
    init(_ output: Output) { self.output = output }
}

extension LogPlace {
    /// The log folded to its end, or as of an instant, with progress shown.
    func folded(asOf: Instant?, terminal: Terminal) throws(CommandFailure) -> FoldedLog {
        let view = try view()
        return try CommandFailure.translating { () throws(ProcessorError) in
            let work = LongWork("folding", unit: "records", total: try view.recordCount(), terminal: terminal)
            defer { work.end() }
            let advance: @Sendable (Int) -> Void = { work.advance(by: $0) }
            return if let asOf { try view.asOf(asOf, onProgress: advance) } else {
                try view.current(onProgress: advance)
            }
        }
    }

    /// A fold for each month, with progress over all of them.
    func months(
        _ count: Int, endingAt instant: Instant, terminal: Terminal
    ) throws(CommandFailure) -> [StagesReport.Month] {
        let view = try view()
        return try CommandFailure.translating { () throws(ProcessorError) in
            let total = try view.recordCount() * count
            let work = LongWork("folding each month", unit: "records", total: total, terminal: terminal)
            defer { work.end() }
            return try view.months(count, endingAt: instant) { work.advance(by: $0) }
        }
    }
}
