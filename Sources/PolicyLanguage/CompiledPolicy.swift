import CCrypto
package import CustomerLifecycle

/// The outcome of compiling a policy file: the policy, if there is no error, and all there is to say about the file.
package struct CompiledPolicy: Sendable {
    package let fileName: String
    /// The file as it was read; adoption records carry it.
    package let text: [UInt8]
    /// The policy's identity.
    package let hash: PolicyHash
    package let about: String
    /// The policy; nil if any problem is an error.
    package let policy: Policy?
    /// The zones the policy names, its own first.
    package let zones: [ZoneTable]
    /// Errors first, each group in the order of the file.
    package let problems: [Problem]
    /// The words of the file for each of the policy's nodes.
    package let phrases: [Phrase]
    /// Other names for groups of stages, in the order of the file.
    package let phases: [PhaseVocabulary]
    /// Sections that the file holds and this build does not put into force, in the order of the file.
    package let notInForce: [String]
    /// How many kinds of customers the rules were checked against.
    package let caseCount: Int

    package var errors: [Problem] { problems.filter { $0.severity == .error } }

    /// A line of the file, from 1, without its comment and its list dash; empty where there is none.
    package func source(line: Int) -> String {
        let lines = text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        guard lines.indices.contains(line - 1) else { return "" }
        let whole = String(decoding: lines[line - 1], as: UTF8.self)
        let withoutComment = whole.split(separator: " #", maxSplits: 1, omittingEmptySubsequences: false).first ?? ""
        return withoutComment.split(whereSeparator: \.isWhitespace).drop { $0 == "-" }.joined(separator: " ")
    }

    /// The line, from 1, on which a section begins; nil where there is none.
    package func line(of section: String) -> Int? {
        let lines = text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        return lines.firstIndex { String(decoding: $0, as: UTF8.self).hasPrefix("\(section):") }.map { $0 + 1 }
    }

    package func rendered(_ problem: Problem) -> String { problem.rendered(fileName: fileName) }
}

/// SHA-256 of a policy file's bytes.
package struct PolicyHash: Hashable, Sendable {
    package let bytes: [UInt8]

    package init(of text: [UInt8]) {
        var digest = [UInt8](repeating: 0, count: Int(SHA256_DIGEST_LENGTH))
        text.withUnsafeBufferPointer { text in
            _ = digest.withUnsafeMutableBufferPointer { SHA256(text.baseAddress, text.count, $0.baseAddress) }
        }
        bytes = digest
    }

    /// The first eight bytes of the SHA-256 of some bytes, big-endian: what customers are drawn by.
    static func draw(_ bytes: [UInt8]) -> UInt64 {
        Self(of: bytes).bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }

    package var hex: String {
        let digits = Array("0123456789abcdef")
        return String(bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
    }
}
