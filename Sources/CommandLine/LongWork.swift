import Synchronization

/// Long work with its progress shown on stderr while it lasts. Told from any thread.
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

/// Only ever written to while `LongWork` holds its lock: that makes the `@unchecked` safe.
private struct UncheckedOutput: @unchecked Sendable {
    let output: FileOutput
    init(_ output: FileOutput) { self.output = output }
}
