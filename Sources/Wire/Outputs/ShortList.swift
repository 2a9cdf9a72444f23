/// The first ten of a list, and how many there were: nothing that is published grows without bound.
package struct ShortList<Element> {
    package static var countMax: Int { 10 }

    package let elements: [Element]
    package let count: Int

    package init(_ all: [Element] = []) {
        elements = Array(all.prefix(Self.countMax))
        count = all.count
    }

    /// Makes a list of which only the first elements were kept.
    package init(first: [Element], of count: Int) {
        elements = Array(first.prefix(Self.countMax))
        self.count = max(count, first.count)
    }
}

extension ShortList: Equatable where Element: Equatable {}
extension ShortList: Sendable where Element: Sendable {}

extension JSONWriter {
    /// The list as `name`, and beside it `name_count`.
    mutating func list<Element>(
        _ name: String, _ list: ShortList<Element>, _ body: (inout Self, Element) -> Void
    ) {
        array(name, list.elements, body)
        member(name + "_count", list.count)
    }
}
