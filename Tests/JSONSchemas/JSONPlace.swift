import Foundation

/// Where a value stands in a JSON document.
package struct JSONPlace: Hashable, CustomStringConvertible {
    package enum Step: Hashable {
        case member(String)
        case item(Int)

        /// Of a member.
        package var name: String? {
            guard case .member(let name) = self else { return nil }
            return name
        }
    }

    package var steps: [Step]

    package init(steps: [Step] = []) { self.steps = steps }

    func member(_ name: String) -> Self { Self(steps: steps + [.member(name)]) }
    func item(_ index: Int) -> Self { Self(steps: steps + [.item(index)]) }

    package var description: String {
        steps.reduce("$") { text, step in
            switch step {
            case .member(let name): "\(text).\(name)"
            case .item(let index): "\(text)[\(index)]"
            }
        }
    }
}

/// A JSON document of which a test changes one value.
package struct JSONValue {
    package private(set) var value: Any

    package init(_ text: String) throws {
        value = try JSONSerialization.jsonObject(with: Data(text.utf8), options: .fragmentsAllowed)
    }

    package init(_ value: Any) { self.value = value }

    /// The value there; nil where there is none.
    package func value(at place: JSONPlace) -> Any? {
        place.steps.reduce(value as Any?) { value, step in
            switch step {
            case .member(let name): return (value as? [String: Any])?[name]
            case .item(let index):
                let list = value as? [Any] ?? []
                return list.indices.contains(index) ? list[index] : nil
            }
        }
    }

    /// The document without the value there.
    package func without(_ place: JSONPlace) -> Self { Self(Self.set(nil, at: place.steps[...], in: value)) }

    /// The document with another value there.
    package func with(_ new: Any, at place: JSONPlace) -> Self { Self(Self.set(new, at: place.steps[...], in: value)) }

    /// The document with one member more in the object there.
    package func adding(_ name: String, _ new: Any, to place: JSONPlace) -> Self { with(new, at: place.member(name)) }

    private static func set(_ new: Any?, at steps: ArraySlice<JSONPlace.Step>, in value: Any) -> Any {
        switch steps.first {
        case nil: return new ?? NSNull()
        case .member(let name):
            var object = value as? [String: Any] ?? [:]
            if steps.count == 1, new == nil {
                object[name] = nil
            } else {
                object[name] = set(new, at: steps.dropFirst(), in: object[name] ?? NSNull())
            }
            return object
        case .item(let index):
            var list = value as? [Any] ?? []
            if steps.count == 1, new == nil {
                list.remove(at: index)
            } else {
                list[index] = set(new, at: steps.dropFirst(), in: list[index])
            }
            return list
        }
    }
}
