internal import CSimdJSON

/// What a JSON value is, by its first byte.
enum TokenKind: UInt8 {
    case object = 0
    case array, key, string, number, yes, no, null
}

extension walk_token {
    var shape: TokenKind { TokenKind(rawValue: kind) ?? .null }

    func has(_ mark: walk_mark) -> Bool { marks & UInt8(truncatingIfNeeded: mark.rawValue) != 0 }
}

/// A walked document, lent by `JSONDocument`: its bytes and its values as a flat list of tokens.
struct JSONTokens {
    let base: UnsafeRawPointer
    let tokens: UnsafeMutablePointer<walk_token>
    let count: Int

    subscript(_ index: Int) -> walk_token { tokens[index] }

    /// A number's text, or what stands between a string's quotes, escapes left in place.
    func raw(_ index: Int) -> UnsafeRawBufferPointer {
        let token = tokens[index]
        return UnsafeRawBufferPointer(start: base + Int(token.start), count: Int(token.length))
    }

    /// The keys of an object, in order. Of a key that stands twice only the last one, once `KeyNotes` are taken.
    func keys(of object: Int) -> Keys { Keys(tokens: tokens, nextIndex: object + 1, end: Int(tokens[object].end)) }

    struct Keys: Sequence, IteratorProtocol {
        fileprivate let tokens: UnsafeMutablePointer<walk_token>
        fileprivate var nextIndex: Int
        fileprivate let end: Int

        mutating func next() -> Int? {
            while nextIndex < end {
                let key = nextIndex
                nextIndex = Int(tokens[key].end)
                if tokens[key].note & KeyNotes.isShadowed == 0 { return key }
            }
            return nil
        }
    }

    /// The elements of an array, in order.
    func elements(of array: Int) -> Elements {
        Elements(tokens: tokens, nextIndex: array + 1, end: Int(tokens[array].end))
    }

    struct Elements: Sequence, IteratorProtocol {
        fileprivate let tokens: UnsafeMutablePointer<walk_token>
        fileprivate var nextIndex: Int
        fileprivate let end: Int

        mutating func next() -> Int? {
            guard nextIndex < end else { return nil }
            defer { nextIndex = Int(tokens[nextIndex].end) }
            return nextIndex
        }
    }

    /// Whether anything in the value says something: a text that is not blank, a number, a `true`.
    func isFilled(_ value: Int) -> Bool {
        for index in value..<Int(tokens[value].end) {
            switch tokens[index].shape {
            case .number, .yes: return true
            case .string: if !raw(index).allSatisfy(\.isASCIIBlank) { return true }
            case .object, .array, .key, .no, .null: continue
            }
        }
        return false
    }

    func rule(of key: Int) -> KeyRule { KeyRule(rawValue: UInt8(truncatingIfNeeded: tokens[key].note)) ?? .plain }

    /// The value of an object's first key with that rule, or nil.
    func value(of rule: KeyRule, in object: Int?) -> Int? {
        guard let object, self[object].shape == .object else { return nil }
        return keys(of: object).first { self.rule(of: $0) == rule }.map { $0 + 1 }
    }

    /// The value of an object's first key with that name in any case, or nil.
    func value(named name: StaticString, in object: Int?) -> Int? {
        guard let object, self[object].shape == .object else { return nil }
        return keys(of: object).first { raw($0).isEqual(name, ignoringCase: true) }.map { $0 + 1 }
    }
}

extension UInt8 {
    var isASCIIBlank: Bool { self == 0x20 || (0x09...0x0D).contains(self) }
    package var isASCIIDigit: Bool { (0x30...0x39).contains(self) }
    /// ASCII letters lose their case, other bytes stay.
    var loweredASCII: UInt8 { (0x41...0x5A).contains(self) ? self | 0x20 : self }
}
