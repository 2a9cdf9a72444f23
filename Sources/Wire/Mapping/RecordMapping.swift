/// What a mapping document says, compiled: which events a record of a shop's own shape is, and where their fields
/// stand. Made by the module MappingLanguage, followed by a `RecordMapper`.
package final class RecordMapping: Sendable {
    package let name: String
    /// The headers that it looks at, by their place in a `ShopRecord`.
    package let headers: [String]
    /// The same in small letters.
    private let headerNames: [[UInt8]]
    /// A record for which all of them hold is history, also in a live topic; empty where none is.
    let history: [MappedCondition]
    let events: [EventPlan]
    let sums: [MappedSum]
    let trees: PathTrees
    let scopes: [MappedPaths.Scope]
    let slots: [MappedPaths.Slot]
    /// Whether any of its paths leads into the record's key.
    let readsKey: Bool

    package init(
        name: String, headers: [String], paths: MappedPaths, history: [MappedCondition], events: [MappedEvent],
        sums: [MappedSum]
    ) {
        self.name = name
        self.headers = headers
        headerNames = headers.map { $0.utf8.map(\.loweredASCII) }
        self.history = history
        self.events = events.map { EventPlan($0) }
        self.sums = sums
        trees = PathTrees(paths)
        scopes = paths.scopes
        slots = paths.slots
        readsKey = paths.slots.contains { paths.scopes[$0.scope.number].document == .key }
    }

    package var eventCount: Int { events.count }

    /// Which of `headers` a record's header is, the case of its letters aside.
    package func place(ofHeader name: UnsafeRawBufferPointer) -> Int? {
        headerNames.firstIndex { known in
            known.count == name.count && zip(known, name).allSatisfy { $0 == $1.loweredASCII }
        }
    }
}

extension RecordMapping: Equatable {
    package static func == (a: RecordMapping, b: RecordMapping) -> Bool { a === b }
}

/// Where a value is looked for.
package enum MappedPlace: Hashable, Sendable {
    case path(PathSlot)
    /// By its place among the mapping's headers.
    case header(Int)
    /// The record's key as text.
    case key
    case topic
    /// The sum over a list, for amounts alone; by its place among the mapping's sums.
    case sum(Int)
}

/// The sum of one amount of each item of a list.
package struct MappedSum: Sendable {
    let list: PathSlot
    let items: PathScope
    let amount: MappedPlace

    package init(list: PathSlot, items: PathScope, amount: MappedPlace) {
        self.list = list
        self.items = items
        self.amount = amount
    }
}

/// What must hold of a record, or of an item of its list.
package struct MappedCondition: Sendable {
    package enum Test: Sendable {
        /// The value is one of these words.
        case isOneOf([Word])
        /// Something stands there that is not empty.
        case isPresent
        case isAbsent
    }

    package struct Word: Sendable {
        let text: [UInt8]
        /// Whether more may follow.
        let isPrefix: Bool

        package init(_ text: [UInt8], isPrefix: Bool) {
            self.text = text
            self.isPrefix = isPrefix
        }

        func matches(_ value: UnsafeRawBufferPointer) -> Bool {
            isPrefix ? value.starts(with: text) : value.elementsEqual(text)
        }
    }

    let place: MappedPlace
    let test: Test

    package init(_ place: MappedPlace, _ test: Test) {
        self.place = place
        self.test = test
    }
}

/// Where a field's value comes from: the first place where something stands, else a constant.
package struct MappedValue: Sendable {
    package struct Word: Sendable {
        let said: [UInt8]
        let meant: [UInt8]

        package init(said: [UInt8], meant: [UInt8]) {
            self.said = said
            self.meant = meant
        }
    }

    package var places: [MappedPlace] = []
    package var constant: [UInt8]?
    /// What the shop's words stand for; empty where they are taken as they are.
    package var words: [Word] = []
    /// What every other word stands for; nil rejects the record.
    package var otherWord: [UInt8]?

    package init() {}
}

/// A field of an event and how its value is read.
package struct MappedField: Sendable {
    package enum Form: Sendable {
        case text
        /// A text or a whole number.
        case id
        /// A text or any number.
        case number
        case currency
        case amount(MappedAmount)
        case time(MappedTime)
    }

    let name: String
    /// `"name":`, as it is written.
    let key: [UInt8]
    let value: MappedValue
    let form: Form
    /// Without it the event says nothing: the record is rejected.
    let isRequired: Bool

    package init(_ name: String, _ value: MappedValue, _ form: Form, isRequired: Bool) {
        self.name = name
        key = Array("\"\(name)\":".utf8)
        self.value = value
        self.form = form
        self.isRequired = isRequired
    }
}

/// A list of objects in an event, one for each item of a list of the record: its products.
package struct MappedList: Sendable {
    let key: [UInt8]
    let list: PathSlot
    let items: PathScope
    let fields: [MappedField]

    package init(_ name: String, list: PathSlot, items: PathScope, fields: [MappedField]) {
        key = Array("\"\(name)\":".utf8)
        self.list = list
        self.items = items
        self.fields = fields
    }
}

/// An event that a record may be.
package struct MappedEvent: Sendable {
    /// One event for each item of this list.
    package var each: (list: PathSlot, items: PathScope)?
    package var when: [MappedCondition] = []
    /// None of them may hold.
    package var unless: [MappedCondition] = []
    package var user: MappedField?
    package var anonymous: MappedField?
    /// Nil: the record's time in Kafka.
    package var time: MappedField?
    /// Part of what its message id is made of, where the fields alone do not tell two events apart.
    package var identity: MappedField?
    package var properties: [MappedField] = []
    package var products: MappedList?
    package var traits: [MappedField] = []
    package var context: [MappedField] = []

    /// `{"type":"track","event":"Order Completed"`, as every such event begins.
    let head: [UInt8]

    /// An event of that name.
    package init(tracking name: String) {
        var json = JSONWriter()
        json.value(name)
        head = Array("{\"type\":\"track\",\"event\":".utf8) + json.bytes
    }

    /// An `identify`.
    package init() { head = Array("{\"type\":\"identify\"".utf8) }
}

/// An event as the mapper is handed it: in a class, since a large value is copied on its way into each call.
final class EventPlan: Sendable {
    let event: MappedEvent

    init(_ event: MappedEvent) { self.event = event }
}
