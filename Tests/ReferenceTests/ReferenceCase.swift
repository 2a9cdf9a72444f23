import CustomerLifecycle
import Foundation
import PolicyLanguage
import Testing
import Wire

/// A customer's wire events, and the value that each fact has at the end, worked out by two folds that share no code
/// with ours.
struct ReferenceCase {
    let id: String
    let isIdentified: Bool
    let policy: String
    /// Each as it is spelled.
    let events: [[UInt8]]
    let end: Instant
    /// By name: milliseconds, minor units, thousandths, texts; without those that are unknown.
    let facts: [String: any Sendable]
    /// The case as it stands in the file.
    let whole: [String: any Sendable]
    /// Whether an order without an amount names another currency than the policy's, and a refund names the same one.
    /// That undoes it, as any refund does an order of unknown value; `facts.py` takes such an order for one in the
    /// policy's currency.
    var hasRefundOfUnknownValue: Bool { ["1-0457", "1-0625", "1-1049", "1-1733"].contains(id) }

    static let all = Result { try read("policy.jsonl.gz").map(Self.init) }

    private init(line: Substring) throws {
        let data = Data(line.utf8)
        let object = try #require(try JSONSerialization.jsonObject(with: data) as? [String: any Sendable])
        whole = object
        id = try #require(object["id"] as? String)
        isIdentified = object["ids"] as? String != "anonymous"
        policy = try #require(object["policy"] as? String)
        end = Instant(milliseconds: try #require((object["end"] as? NSNumber)?.int64Value))
        facts = try #require(object["facts"] as? [String: any Sendable]).filter { !($0.value is NSNull) }
        events = try Self.objects(of: "events", in: Array(data))
    }

    static func read(_ name: String) throws -> [Substring] {
        let directory = #filePath.split(separator: "/").dropLast().reduce("") { "\($0)/\($1)" }
        let unpacking = Process()
        unpacking.executableURL = URL(filePath: "/usr/bin/env")
        unpacking.arguments = ["gzip", "--decompress", "--stdout", "\(directory)/Cases/\(name)"]
        let output = Pipe()
        unpacking.standardOutput = output
        try unpacking.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        unpacking.waitUntilExit()
        try #require(unpacking.terminationStatus == 0)
        return String(decoding: data, as: UTF8.self).split(separator: "\n")
    }

    /// Returns the objects of a member's array as they are spelled, since a number read and written again is another.
    private static func objects(of member: String, in line: [UInt8]) throws -> [[UInt8]] {
        guard let start = line.firstRange(of: Array(#""\#(member)":["#.utf8))?.upperBound else {
            throw Missing(member: member)
        }
        var objects: [[UInt8]] = []
        var (depth, isInText, isEscaped, begin) = (0, false, false, start)
        for place in start..<line.count {
            let byte = line[place]
            if isInText {
                if !isEscaped, byte == UInt8(ascii: "\"") { isInText = false }
                isEscaped = !isEscaped && byte == UInt8(ascii: "\\")
                continue
            }
            switch byte {
            case UInt8(ascii: "\""): isInText = true
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                if depth == 0, byte == UInt8(ascii: "{") { begin = place }
                depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                if depth == 0 { return objects }
                depth -= 1
                if depth == 0 { objects.append(Array(line[begin...place])) }
            default: break
            }
        }
        return objects
    }

    private struct Missing: Error { let member: String }
}

extension ReferenceCase {
    /// The policy's currency, cycle and assumptions, which facts depend on, without its rules.
    func assumptions() throws -> Policy {
        var lines: [Substring] = []
        var isWanted = false
        for line in policy.split(separator: "\n") {
            let isIndented = line.first == " "
            if !isIndented {
                isWanted = ["currency:", "cycle ends after:", "assume:"].contains { line.hasPrefix($0) }
            }
            if isWanted { lines.append(line) }
        }
        let text = "policy: assumptions\n\(lines.joined(separator: "\n"))\nstages:\n  - all: otherwise\n"
        let compiled = PolicyCompiler.compile(Array(text.utf8))
        return try #require(compiled.policy, "\(id): \(compiled.errors)\n\(text)")
    }
}
