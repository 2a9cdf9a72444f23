import Foundation
import Testing

/// A JSON Schema of `schemas/`, checked as far as those use the language. A word it does not know is a failure, not a
/// pass.
struct ClosedSchema {
    private let root: [String: Any]

    init(_ name: String) throws {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../../schemas/\(name).json").standardizedFileURL
        let object = try JSONSerialization.jsonObject(with: Data(contentsOf: file))
        root = try #require(object as? [String: Any])
    }

    var id: String { root["$id"] as? String ?? "" }

    /// Returns what is wrong with a document, each with its place; empty if nothing is.
    func problems(of json: String) throws -> [String] {
        let document = try JSONSerialization.jsonObject(with: Data(json.utf8), options: .fragmentsAllowed)
        return problems(document, root, at: "$")
    }

    private func problems(_ value: Any, _ schema: [String: Any], at place: String) -> [String] {
        var found: [String] = []
        for (word, argument) in schema {
            switch word {
            case "$schema", "$id", "$defs", "title", "description", "format", "required", "properties": continue
            case "$ref":
                let name = (argument as? String)?.split(separator: "/").last.map(String.init) ?? ""
                let definition = (root["$defs"] as? [String: Any])?[name] as? [String: Any]
                found += definition.map { problems(value, $0, at: place) } ?? ["\(place): no definition \(name)"]
            case "type":
                let types = argument as? [String] ?? [argument as? String ?? ""]
                if !types.contains(where: { Self.type(of: value, is: $0) }) { found.append("\(place): is no \(types)") }
            case "enum":
                let allowed = argument as? [AnyHashable] ?? []
                if !allowed.contains(where: { $0 == value as? AnyHashable }) {
                    found.append("\(place): not in \(allowed)")
                }
            case "anyOf":
                let choices = argument as? [[String: Any]] ?? []
                if !choices.contains(where: { problems(value, $0, at: place).isEmpty }) {
                    found.append("\(place): fits none")
                }
            case "additionalProperties": found += members(value, schema, at: place)
            case "items":
                for (index, item) in (value as? [Any] ?? []).enumerated() {
                    found += problems(item, argument as? [String: Any] ?? [:], at: "\(place)[\(index)]")
                }
            case "maxItems":
                if (value as? [Any] ?? []).count > argument as? Int ?? 0 { found.append("\(place): too many") }
            case "minimum":
                if let number = value as? Int, number < argument as? Int ?? 0 { found.append("\(place): too small") }
            case "minLength":
                if let text = value as? String, text.count < argument as? Int ?? 0 {
                    found.append("\(place): too short")
                }
            case "maxLength":
                if let text = value as? String, text.count > argument as? Int ?? 0 {
                    found.append("\(place): too long")
                }
            case "pattern":
                let fits = (value as? String)?.range(of: argument as? String ?? "", options: .regularExpression) != nil
                if !fits { found.append("\(place): does not fit \(argument)") }
            default: found.append("\(place): this checker does not know \(word)")
            }
        }
        return found
    }

    /// Checks the members of an object. Every object must say what it may hold: an open one would have no
    /// `additionalProperties`.
    private func members(_ value: Any, _ schema: [String: Any], at place: String) -> [String] {
        guard let object = value as? [String: Any] else { return [] }
        let properties = schema["properties"] as? [String: Any] ?? [:]
        let others = schema["additionalProperties"] as? [String: Any]
        var found = (schema["required"] as? [String] ?? []).filter { object[$0] == nil }.map {
            "\(place).\($0): missing"
        }
        for (name, member) in object {
            guard let rule = properties[name] as? [String: Any] ?? others else {
                found.append("\(place).\(name): not allowed")
                continue
            }
            found += problems(member, rule, at: "\(place).\(name)")
        }
        return found
    }

    private static func type(of value: Any, is name: String) -> Bool {
        let isBoolean = (value as? NSNumber).map { isTruth($0) } ?? false
        switch name {
        case "null": return value is NSNull
        case "boolean": return isBoolean
        case "integer": return !isBoolean && value is NSNumber && (value as? Int) != nil
        case "string": return value is String
        case "array": return value is [Any]
        case "object": return value is [String: Any]
        default: return false
        }
    }

    /// Returns whether the number is a truth value, which only its type distinguishes in Foundation.
    private static func isTruth(_ number: NSNumber) -> Bool {
        String(cString: number.objCType) == "c"
    }
}
