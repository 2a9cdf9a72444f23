import Foundation

/// One walk of a schema over a document: what is wrong, and what the schema had a word on.
package struct SchemaVisit {
    package private(set) var problems: [String] = []
    /// Members that are there and must be.
    package private(set) var needed: Set<JSONPlace> = []
    /// Objects whose members are listed.
    package private(set) var objects: Set<JSONPlace> = []
    /// Values that are of a list of values.
    package private(set) var listed: Set<JSONPlace> = []

    private let files: SchemaFiles

    init(files: SchemaFiles) { self.files = files }

    private mutating func fail(_ place: JSONPlace, _ message: String) { problems.append("\(place): \(message)") }

    mutating func check(_ value: Any, _ schema: Any, at place: JSONPlace, in file: String) {
        guard let words = schema as? [String: Any] else {
            if (schema as? Bool) != true { fail(place, "nothing may stand here") }
            return
        }
        for (word, argument) in words {
            switch word {
            case "$schema", "$id", "$defs", "title", "description", "examples": continue
            case "$ref":
                let reference = argument as? String ?? ""
                guard let (target, targetFile) = files.resolve(reference, in: file) else {
                    fail(place, "\(file) refers to \(reference), which is not there")
                    continue
                }
                check(value, target, at: place, in: targetFile)
            case "allOf": for schema in schemas(argument) { check(value, schema, at: place, in: file) }
            case "anyOf": checkChoice(value, argument, at: place, in: file)
            case "not":
                if branch(value, argument, at: place, in: file).problems.isEmpty { fail(place, "may not be this") }
            case "type", "enum", "const", "format": checkKind(value, word, argument, at: place)
            case "properties", "additionalProperties", "patternProperties", "required", "propertyNames",
                "minProperties", "maxProperties":
                guard let object = value as? [String: Any] else { continue }
                check(object, word, argument, of: words, at: place, in: file)
            case "items":
                for (index, item) in (value as? [Any] ?? []).enumerated() {
                    check(item, argument, at: place.item(index), in: file)
                }
            default: checkSize(value, word, argument, at: place)
            }
        }
    }

    private func schemas(_ argument: Any) -> [Any] { argument as? [Any] ?? [] }

    private func branch(_ value: Any, _ schema: Any, at place: JSONPlace, in file: String) -> Self {
        var branch = Self(files: files)
        branch.check(value, schema, at: place, in: file)
        return branch
    }

    /// Where one fits, what it had a word on counts; whether it is needed then depends on the others.
    private mutating func checkChoice(_ value: Any, _ argument: Any, at place: JSONPlace, in file: String) {
        let fitting = schemas(argument).map { branch(value, $0, at: place, in: file) }.filter(\.problems.isEmpty)
        guard let first = fitting.first else { return fail(place, "fits none of the choices") }
        objects.formUnion(first.objects)
        listed.formUnion(first.listed)
        if fitting.count == 1 { needed.formUnion(first.needed) }
    }

    // MARK: Values

    private mutating func checkKind(_ value: Any, _ word: String, _ argument: Any, at place: JSONPlace) {
        switch word {
        case "type":
            let types = argument as? [String] ?? [argument as? String ?? ""]
            if !types.contains(where: { JSONType.is(value, $0) }) { fail(place, "is no \(types)") }
        case "format":
            guard argument as? String == "date-time" else { return fail(place, "unknown format \(argument)") }
            let pattern =
                "^[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9](\\.[0-9]+)?(Z|[+-][0-9:]{5})$"
            if let text = value as? String, !Self.fits(text, pattern) { fail(place, "is no date and time") }
        default:
            listed.insert(place)
            let allowed = word == "enum" ? argument as? [Any] ?? [] : [argument]
            if !allowed.contains(where: { JSONType.areEqual($0, value) }) { fail(place, "is not one of \(allowed)") }
        }
    }

    private mutating func checkSize(_ value: Any, _ word: String, _ argument: Any, at place: JSONPlace) {
        let number = JSONType.is(value, "number") ? (value as? NSNumber)?.doubleValue : nil
        let text = value as? String
        let items = (value as? [Any])?.count
        if word == "pattern" {
            if let text, !Self.fits(text, argument as? String ?? "") { fail(place, "does not fit \(argument)") }
            return
        }
        guard let limit = (argument as? NSNumber)?.doubleValue else { return fail(place, "unknown word \(word)") }
        let isKept: Bool
        switch word {
        case "minimum": isKept = number.map { $0 >= limit } ?? true
        case "exclusiveMinimum": isKept = number.map { $0 > limit } ?? true
        case "maximum": isKept = number.map { $0 <= limit } ?? true
        case "minLength": isKept = text.map { Double($0.unicodeScalars.count) >= limit } ?? true
        case "maxLength": isKept = text.map { Double($0.unicodeScalars.count) <= limit } ?? true
        case "minItems": isKept = items.map { Double($0) >= limit } ?? true
        case "maxItems": isKept = items.map { Double($0) <= limit } ?? true
        default: return fail(place, "unknown word \(word)")
        }
        if !isKept { fail(place, "\(word) is \(argument)") }
    }

    private static func fits(_ text: String, _ pattern: String) -> Bool {
        text.range(of: pattern, options: .regularExpression) != nil
    }

    // MARK: Objects

    private mutating func check(
        _ object: [String: Any], _ word: String, _ argument: Any, of words: [String: Any], at place: JSONPlace,
        in file: String
    ) {
        let patterns = words["patternProperties"] as? [String: Any] ?? [:]
        switch word {
        case "required":
            for name in argument as? [String] ?? [] {
                if object[name] == nil {
                    fail(place.member(name), "missing")
                } else {
                    needed.insert(place.member(name))
                }
            }
        case "properties":
            for (name, schema) in argument as? [String: Any] ?? [:] {
                if let value = object[name] { check(value, schema, at: place.member(name), in: file) }
            }
        case "patternProperties":
            for (name, value) in object {
                for (pattern, schema) in patterns where Self.fits(name, pattern) {
                    check(value, schema, at: place.member(name), in: file)
                }
            }
        case "additionalProperties":
            objects.insert(place)
            let named = words["properties"] as? [String: Any] ?? [:]
            for (name, value) in object
            where named[name] == nil && !patterns.keys.contains(where: { Self.fits(name, $0) }) {
                check(value, argument, at: place.member(name), in: file)
            }
        case "propertyNames":
            for name in object.keys { check(name, argument, at: place.member(name), in: file) }
        default:
            let limit = argument as? Int ?? 0
            let isKept = word == "minProperties" ? object.count >= limit : object.count <= limit
            if !isKept { fail(place, "\(word) is \(limit)") }
        }
    }
}

/// The types of JSON among Foundation's, in which a truth value is a number of another type.
enum JSONType {
    static func `is`(_ value: Any, _ name: String) -> Bool {
        switch name {
        case "null": value is NSNull
        case "boolean": isTruth(value)
        case "number": value is NSNumber && !isTruth(value)
        case "integer":
            (value as? NSNumber).map { !isTruth(value) && $0.doubleValue == $0.doubleValue.rounded() } ?? false
        case "string": value is String
        case "array": value is [Any]
        case "object": value is [String: Any]
        default: false
        }
    }

    static func areEqual(_ one: Any, _ other: Any) -> Bool {
        isTruth(one) == isTruth(other) && (one as? AnyHashable) == (other as? AnyHashable)
    }

    private static func isTruth(_ value: Any) -> Bool {
        (value as? NSNumber).map { String(cString: $0.objCType) == "c" } ?? false
    }
}
