/// Who wrote a value: its counted time, then a hash of message id and value. A total order, so that writers commute.
package struct Stamp: Hashable, Comparable, Sendable {
    package var time: Instant
    package var tieBreaker: UInt64

    package init(time: Instant, tieBreaker: UInt64) {
        self.time = time
        self.tieBreaker = tieBreaker
    }

    package static func < (a: Self, b: Self) -> Bool {
        a.time != b.time ? a.time < b.time : a.tieBreaker < b.tieBreaker
    }

    /// Before all that was written at that instant.
    var withoutTieBreaker: Self { Self(time: time, tieBreaker: 0) }
}

/// A value that the last writer decides.
package struct Register<Value: Equatable & Sendable>: Equatable, Sendable {
    package private(set) var stamp: Stamp
    package private(set) var value: Value

    package init(_ value: Value, stamp: Stamp) {
        self.value = value
        self.stamp = stamp
    }

    package mutating func write(_ value: Value, stamp: Stamp) {
        guard stamp > self.stamp else { return }
        self = Self(value, stamp: stamp)
    }
}

extension Optional {
    /// Writes to a register that may not have been written yet.
    mutating func write<Value>(_ value: Value, stamp: Stamp) where Wrapped == Register<Value> {
        guard self?.write(value, stamp: stamp) == nil else { return }
        self = Register(value, stamp: stamp)
    }
}

/// A thing of a keyed set that is written as a whole; the last to write it decides.
package struct Keyed<Content: Equatable & Sendable>: Equatable, Sendable {
    package let id: BusinessID
    package var content: Register<Content>
}

extension Array {
    /// Adds a thing, or what is said of it, and keeps them ordered by (time, id).
    mutating func insert<Content>(_ added: Element) where Element == Keyed<Content> {
        var added = added
        if let place = firstIndex(where: { $0.id == added.id }) {
            let known = remove(at: place)
            added.content.write(known.content.value, stamp: known.content.stamp)
        }
        let key = (added.content.stamp.time, added.id)
        insert(added, at: firstIndex { key < ($0.content.stamp.time, $0.id) } ?? count)
    }
}

extension Array {
    /// How many things are kept of which something was said.
    private static var wordCountMax: Int { 4 }

    /// Adds the last word on one thing, or without a thing on all of them, which ends what was said before; a repeated
    /// one changes nothing. Kept, ordered by stamp, are the last words on the few things spoken of last.
    ///
    /// What goes is older than all that is kept, or ended by it, so it makes no difference which came first.
    mutating func insert<Value>(_ said: Element, on thing: (Value) -> BusinessID?) where Element == Register<Value> {
        let own = thing(said.value)
        let isLate = contains { known in
            let other = thing(known.value)
            return known.stamp >= said.stamp && (other == own || other == nil)
        }
        guard !isLate else { return }
        removeAll { known in known.stamp < said.stamp && (own == nil || thing(known.value) == own) }
        insert(said, at: firstIndex { said.stamp < $0.stamp } ?? count)
        if count > Self.wordCountMax { removeFirst() }
    }
}

/// A value that the first writer decides.
package struct FirstRegister<Value: Equatable & Sendable>: Equatable, Sendable {
    package private(set) var stamp: Stamp
    package private(set) var value: Value

    package init(_ value: Value, stamp: Stamp) {
        self.value = value
        self.stamp = stamp
    }

    package mutating func write(_ value: Value, stamp: Stamp) {
        guard stamp < self.stamp else { return }
        self = Self(value, stamp: stamp)
    }
}

extension Optional {
    /// Writes to a register that may not have been written yet.
    mutating func write<Value>(_ value: Value, stamp: Stamp) where Wrapped == FirstRegister<Value> {
        guard self?.write(value, stamp: stamp) == nil else { return }
        self = FirstRegister(value, stamp: stamp)
    }

    mutating func join<Value>(_ other: Self) where Wrapped == FirstRegister<Value> {
        if let other { write(other.value, stamp: other.stamp) }
    }
}

/// A field of an order's content: the last `Order Updated` that says it, else the first `Order Completed` that does.
///
/// One chain orders all writers, so it is a register all the same: a reloaded page (a later `Completed`) brings nothing
/// back.
package struct OrderField<Value: Equatable & Sendable>: Equatable, Sendable {
    package private(set) var isUpdate: Bool
    package private(set) var stamp: Stamp
    package private(set) var value: Value

    package init(_ value: Value, isUpdate: Bool, stamp: Stamp) {
        self.value = value
        self.isUpdate = isUpdate
        self.stamp = stamp
    }

    package mutating func write(_ value: Value, isUpdate: Bool, stamp: Stamp) {
        let wins =
            switch (self.isUpdate, isUpdate) {
            case (false, true): true
            case (true, false): false
            case (false, false): stamp < self.stamp
            case (true, true): stamp > self.stamp
            }
        guard wins else { return }
        self = Self(value, isUpdate: isUpdate, stamp: stamp)
    }
}

extension Optional {
    mutating func write<Value>(_ value: Value?, isUpdate: Bool, stamp: Stamp) where Wrapped == OrderField<Value> {
        guard let value else { return }
        guard self?.write(value, isUpdate: isUpdate, stamp: stamp) == nil else { return }
        self = OrderField(value, isUpdate: isUpdate, stamp: stamp)
    }
}

extension Optional {
    /// Writes what another register holds, if it holds anything.
    mutating func join<Value>(_ other: Self) where Wrapped == Register<Value> {
        if let other { write(other.value, stamp: other.stamp) }
    }

    mutating func join<Value>(_ other: Self) where Wrapped == OrderField<Value> {
        if let other { write(other.value, isUpdate: other.isUpdate, stamp: other.stamp) }
    }
}
