import Foundation

/// The checked settings of `bench kafka`, and the environment it was started in.
struct Settings: Equatable {
    enum Part: String, CaseIterable {
        case latency
        case catchUp = "catch-up"
        case disk
    }

    var parts = Set(Part.allCases)
    var runCount = 3
    var seconds = 60
    var rates = [10, 1_000, 5_000, 10_000]
    var orderCount = 600_000
    var customerCount = 100_000
    /// The folder of `kafka` and `peers`. Paths are absolute, so that they stay valid in any directory.
    var shared = Self.absolute("../shared")
    /// The program to measure; nil for the one beside this program.
    var lifecycle: String?
    /// Whether no peers are measured.
    var isAlone = false
    var isJSON = false
    /// Further arguments for `lifecycle run`.
    var runWords: [String] = []

    static var environment: [String: String] { ProcessInfo.processInfo.environment }

    init(_ words: [String]) throws(BenchFailure) {
        var rest = words[...]
        while let word = rest.popFirst() {
            switch word {
            case "--only": parts = [try Self.part(Self.value(of: word, &rest), of: word)]
            case "--runs": runCount = try Self.number(Self.value(of: word, &rest), of: word, in: 1...99)
            case "--seconds": seconds = try Self.number(Self.value(of: word, &rest), of: word, in: 1...86_400)
            case "--rates": rates = try Self.rates(Self.value(of: word, &rest), of: word)
            case "--orders": orderCount = try Self.number(Self.value(of: word, &rest), of: word, in: 1...100_000_000)
            case "--customers":
                customerCount = try Self.number(Self.value(of: word, &rest), of: word, in: 1...100_000_000)
            case "--shared": shared = Self.absolute(try Self.value(of: word, &rest))
            case "--lifecycle": lifecycle = Self.absolute(try Self.value(of: word, &rest))
            case "--alone": isAlone = true
            case "--json": isJSON = true
            case "--":
                runWords = Array(rest)
                rest = []
            default: throw .usage("bench kafka knows no \"\(word)\".")
            }
        }
    }

    private static func absolute(_ path: String) -> String {
        path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
    }

    private static func value(of option: String, _ rest: inout ArraySlice<String>) throws(BenchFailure) -> String {
        guard let value = rest.popFirst(), !value.isEmpty, !value.hasPrefix("--") else {
            throw .usage("\(option) needs a value.")
        }
        return value
    }

    private static func part(_ text: String, of option: String) throws(BenchFailure) -> Part {
        guard let part = Part(rawValue: text) else {
            let known = Part.allCases.map(\.rawValue).joined(separator: ", ")
            throw .usage("\(option): expected one of \(known), not \"\(text)\".")
        }
        return part
    }

    private static func number(
        _ text: String, of option: String, in range: ClosedRange<Int>
    ) throws(BenchFailure) -> Int {
        guard let number = Int(text), range.contains(number) else {
            throw .usage(
                "\(option): expected a whole number from \(range.lowerBound) to \(range.upperBound), not \"\(text)\".")
        }
        return number
    }

    private static func rates(_ text: String, of option: String) throws(BenchFailure) -> [Int] {
        var rates: [Int] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            rates.append(try number(String(part), of: option, in: 1...1_000_000))
        }
        return rates
    }

    static let help = """
        bench kafka [OPTION…] [-- WORD…]

        Measures `lifecycle run` on a Kafka that is started for it and wiped at the end, beside loops on the bare client
        library and Kafka Streams, in alternating runs; prints medians and ratios. What each number means stands in
        the article Benchmarks. WORD… goes to `lifecycle run` as it is: -- --kafka linger.ms=5

          --only PART       latency, catch-up or disk; all three if not said
          --runs N          runs of each, 3
          --seconds N       of each run of latency, after its warm-up, 60
          --rates A,B,…     orders a second, 10,1000,5000,10000
          --orders N        to catch up with, 600000
          --customers N     whose orders these are, 100000
          --lifecycle FILE  the program to measure; the one beside this one if not said
          --shared FOLDER   holds kafka/ and peers/, ../shared
          --alone           nothing beside it
          --json            one document with every run and the medians

        """
}
