package import CustomerLifecycle

/// A record of a shop's own shape, as a broker or a file lends it.
package struct ShopRecord {
    /// The value; nil for a tombstone.
    package var value: UnsafeRawBufferPointer?
    package var key: UnsafeRawBufferPointer?
    package var topic: UnsafeRawBufferPointer
    /// The values of the mapping's `headers`, in their order; nil where the record has none.
    package var headers: [UnsafeRawBufferPointer?]
    /// Its time in Kafka, where the Router is not told of it.
    package var time: Instant?

    package init(
        value: UnsafeRawBufferPointer?, key: UnsafeRawBufferPointer? = nil,
        topic: UnsafeRawBufferPointer = UnsafeRawBufferPointer(start: nil, count: 0),
        headers: [UnsafeRawBufferPointer?] = [], time: Instant? = nil
    ) {
        self.value = value
        self.key = key
        self.topic = topic
        self.headers = headers
        self.time = time
    }
}

/// Why a record is deliberately nothing: counted, and not rejected.
package enum PassedOver: String, CaseIterable, Sendable {
    case tombstone
    /// What says which event a record is was there, and is none that the mapping names.
    case noEvent = "no_event"
}
