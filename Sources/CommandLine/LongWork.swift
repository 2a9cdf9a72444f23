import Synchronization

/// Shows the progress of long work on stderr while it lasts. Any thread may report progress.
package final class LongWork: Sendable {
    private struct State: Sendable {
        var progress: ProgressLine
        var done = 0
    }

    private let start = ContinuousClock.now
    private let state: Mutex<State>
    private let write: @Sendable (String) -> Void

    package init(_ title: String, unit: String, total: Int?, terminal: Terminal) {
        state = Mutex(
            State(
                progress: ProgressLine(
                    title, unit: unit, total: total, isInteractive: terminal.isErrorsInteractive,
                    columnCount: terminal.columnCount)))
        let errors = UncheckedOutput(terminal.errors)
        write = { errors.output.write($0) }
    }

    package var elapsed: Duration { ContinuousClock.now - start }

    package func advance(by count: Int) {
        state.withLock { state in
            state.done += count
            draw(&state)
        }
    }

    package func advance(to done: Int) {
        state.withLock { state in
            state.done = done
            draw(&state)
        }
    }

    package func end() {
        state.withLock { write($0.progress.finished()) }
    }

    private func draw(_ state: inout State) {
        guard let text = state.progress.advanced(to: state.done, after: elapsed) else { return }
        write(text)
    }
}

/// It is written to only while `LongWork` holds its lock, which makes `@unchecked Sendable` safe.
private struct UncheckedOutput: @unchecked Sendable {
    let output: FileOutput
    init(_ output: FileOutput) { self.output = output }
}
