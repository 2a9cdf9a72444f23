package import CustomerLifecycle

extension NaivePartition {
    package struct Subject {
        package internal(set) var facts: NaiveFacts
        package internal(set) var time: Instant = .distantPast
        package internal(set) var isBehind = false
        /// The next review date; `never` if there is none.
        package internal(set) var review: Instant = .never
        /// The stage that was published last, and where; nil while there is none.
        package internal(set) var stage: String?
        var last: NaiveOutput.Position?
        /// How many outputs there were in this life and generation.
        package internal(set) var sequence: UInt64 = 0
        var life: Int64 = 0
        package internal(set) var linkCount = 0
        /// Whether its stage was published, or kept by another policy, because the shop set it.
        var isOverridden = false
        var since: Instant = .distantPast
        var entries: [String: Int] = [:]
        var segments: [String: Membership] = [:]
        var actions = NaiveActions()
        /// The epoch under which it was last judged.
        var epoch = Epoch()

        init(_ name: String, _ arrivals: [Arrival] = []) {
            facts = NaiveFacts(arrivals, isIdentified: name.hasPrefix("u:") && name != "u:")
        }

        /// Whether it has an event; a link alone makes no customer.
        package var isCustomer: Bool { !facts.arrivals.isEmpty }

        var forgottenAt: Instant? {
            facts.isVisitor ? facts.lastEvent.map { $0 + NaivePartition.visitorMemory } : nil
        }
    }

    struct Membership {
        var isIn = false
        var since: Instant?
        var entryCount = 0
    }

    struct Epoch: Equatable {
        var policyNumber: UInt32 = 1
        var generation: UInt32 = 1
    }
}
