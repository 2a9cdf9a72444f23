/// Why a measurement ends, worded for the person who started it.
struct BenchFailure: Error, CustomStringConvertible {
    /// The process's exit code: 1 if the measurement failed, 2 for wrong arguments, 130 if it was told to stop.
    let code: Int32
    let description: String

    init(_ description: String) { self.init(code: 1, description) }

    private init(code: Int32, _ description: String) {
        self.code = code
        self.description = description
    }

    static func usage(_ sentence: String) -> BenchFailure {
        BenchFailure(code: 2, sentence + "\nTry `bench kafka --help`.")
    }

    static let interrupted = BenchFailure(code: 130, "interrupted; what was started is being ended")
}
