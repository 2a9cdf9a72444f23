internal import CustomerLifecycle

/// Judges customers' ids as the Router does, for who has an id, and no record yet.
package struct CustomerIDs: ~Copyable {
    package enum Fault: Equatable, Sendable {
        /// What shops send where they have no id.
        case placeholder
        case tooLong(byteCount: Int)
    }

    private var ids: RecordIDs

    package init(settings: RouterSettings) { ids = RecordIDs(settings: settings) }

    /// Why the Router would not take it; nil where it would.
    package mutating func fault(of id: UnsafeRawBufferPointer) -> Fault? {
        ids.removeAll()
        return switch ids.read(text: id, as: .user) {
        case .id: nil
        case .tooLong(let byteCount): .tooLong(byteCount: byteCount)
        case .absent, .ambiguous: .placeholder
        }
    }
}
