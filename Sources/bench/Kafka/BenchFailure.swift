/// Why a measurement ends, told to the person who started it.
struct BenchFailure: Error, CustomStringConvertible {
    /// The process's exit code: 1, the measurement failed; 2, it was asked for wrongly; 130, it was told to stop.
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
