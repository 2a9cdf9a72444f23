/// Whom a policy has contacted, when and how: its actions, their experiments, and what holds for all contacts. A
/// reference, so that a policy is copied as cheaply as one that has none.
package final class ContactPlan: Sendable {
    package static let actionCountMax = 32
    package static let none = ContactPlan()

    /// In the order of the file: of those that compete the first one goes first.
    package let actions: [Policy.Action]
    package let experiments: [Policy.Experiment]
    package let rules: Policy.ContactRules
    /// Whose clocks calendar days and quiet hours go by; nil where the file names none.
    package let zone: ZoneTable?
    /// A customer who lives in one of them goes by its clocks.
    package let otherZones: [ZoneTable]
    private let otherZoneIDs: [BusinessID?]
    /// By action: no step is given up later than so long after its start.
    let spans: [Milliseconds]
    /// The actions that time alone may begin: their starts are known before they come.
    let begunByTime: [Int]
    /// The first eight bytes, big-endian, of the SHA-256 of some bytes.
    private let hash: @Sendable ([UInt8]) -> UInt64

    package init(
        actions: [Policy.Action] = [], experiments: [Policy.Experiment] = [],
        rules: Policy.ContactRules = Policy.ContactRules(), zone: ZoneTable? = nil, otherZones: [ZoneTable] = [],
        hash: @escaping @Sendable ([UInt8]) -> UInt64 = { _ in 0 }
    ) {
        self.actions = actions
        self.experiments = experiments
        self.rules = rules
        self.zone = zone
        self.otherZones = otherZones
        otherZoneIDs = otherZones.map { BusinessID($0.name) }
        spans = actions.map { action in
            let latest = action.steps.map(\.moment.latest).max() ?? Milliseconds(0)
            return Milliseconds(latest.count + action.giveUpAfter.count)
        }
        begunByTime = actions.indices.filter { actions[$0].start.isKnownBefore }
        self.hash = hash
    }

    /// By whose clocks somebody lives who was last seen in `zone`: 0 is the policy's, else one more than an index into
    /// `otherZones`.
    func clocks(in zone: BusinessID?) -> Int {
        guard let zone, let place = otherZoneIDs.firstIndex(of: zone) else { return 0 }
        return place + 1
    }

    func zone(_ clocks: Int) -> ZoneTable {
        otherZones.indices.contains(clocks - 1) ? otherZones[clocks - 1] : zone ?? .utc
    }

    /// Of ten thousand buckets the one that the salt puts a customer into: the first 8 bytes, big-endian, of
    /// SHA-256("salt/customer") mod 10,000 (Statsig's scheme, so that a warehouse can work it out).
    package func bucket(_ salt: String, _ customer: UnsafeRawBufferPointer) -> Int64 {
        Int64(hash(Array(salt.utf8) + [UInt8(ascii: "/")] + customer) % 10_000)
    }

    /// Index of the variant that a customer gets.
    package func variant(of experiment: Int, _ customer: UnsafeRawBufferPointer) -> Int {
        let bucket = bucket(experiments[experiment].salt, customer)
        var end: Int64 = 0
        for (place, variant) in experiments[experiment].variants.enumerated() {
            end += variant.percent * 100
            if bucket < end { return place }
        }
        return 0
    }

    /// The salt of `contact: hold out`.
    package static let holdOutSalt = "contact"

    func holdsOut(_ customer: UnsafeRawBufferPointer) -> Bool {
        rules.holdOutPercent > 0 && bucket(Self.holdOutSalt, customer) < rules.holdOutPercent * 100
    }
}

extension Policy {
    /// Contacts that fall due after something has happened: one entry of `actions:`.
    package struct Action: Equatable, Sendable {
        package static let stepCountMax = 8

        /// After what an occurrence begins.
        package enum Start: Equatable, Sendable {
            case firstOrder, eachOrder
            case eachDelivery, eachOverdueDelivery
            case touchingTheCart
            /// `purpose` is an index into `Policy.purposes`.
            case firstConsent(Channel, purpose: Int)
            case claimingTheReferralCoupon, eachReferral
            case eachResolvedComplaint
            case eachBirthday
            /// Index into `Policy.stages`.
            case entering(Int)
            /// Index into `Policy.segments`.
            case joining(Int)

            /// Whether it may be known before it comes: a day, or the end of a promise.
            var isKnownBefore: Bool {
                switch self {
                case .eachDelivery, .eachOverdueDelivery, .eachBirthday: true
                default: false
                }
            }

            /// Whether friends alone feed it: it never comes until they are followed.
            package var waitsForFriends: Bool { self == .claimingTheReferralCoupon || self == .eachReferral }
        }

        /// How often it may begin beyond one occurrence for each thing that begins it.
        package enum Repetition: Equatable, Sendable {
            case oncePerCustomer, oncePerCycle
            /// Not again within so long after the start of the one before.
            case oncePer(Milliseconds)
        }

        package enum Purpose: Equatable, Sendable {
            /// Needs consent on its channel. Index into `Policy.purposes`.
            case consented(Int)
            /// Part of what the customer ordered: needs no consent.
            case service
            /// A note to the shop's own systems, on no channel.
            case task
        }

        /// When a step is planned.
        package enum Moment: Equatable, Sendable {
            case atOnce
            case later(Milliseconds)
            /// So many days after the local date of the start, at a local time since midnight.
            case day(Int64, at: Milliseconds)

            /// So long after a start at most: a local day begins up to a day before or after one of UTC.
            var latest: Milliseconds {
                switch self {
                case .atOnce: Milliseconds(0)
                case .later(let time): time
                case .day(let days, _): .days(max(days, 0) + 3)
                }
            }
        }

        package struct Step: Equatable, Sendable {
            package var name: String
            /// Nil of a task.
            package var channel: Channel?
            package var purpose: Purpose
            package var moment: Moment
            package var line: Int

            package init(name: String, channel: Channel?, purpose: Purpose, moment: Moment, line: Int) {
                self.name = name
                self.channel = channel
                self.purpose = purpose
                self.moment = moment
                self.line = line
            }
        }

        package var name: String
        package var start: Start
        /// First node of what must hold until a step is released; nil: nothing must.
        package var condition: Int?
        /// Nil: once for each thing that begins it.
        package var repetition: Repetition?
        /// After a step's planned instant it is not released any more.
        package var giveUpAfter: Milliseconds
        /// In the order of the file; at most 8.
        package var steps: [Step]
        /// Index into `Policy.experiments`; nil: everybody gets it.
        package var experiment: Int?
        package var line: Int

        /// Unless `give up after` says otherwise.
        package static let standardGiveUp = Milliseconds.hours(72)

        package init(
            name: String, start: Start, condition: Int?, repetition: Repetition? = nil,
            giveUpAfter: Milliseconds = standardGiveUp, steps: [Step], experiment: Int? = nil, line: Int
        ) {
            self.name = name
            self.start = start
            self.condition = condition
            self.repetition = repetition
            self.giveUpAfter = giveUpAfter
            self.steps = steps
            self.experiment = experiment
            self.line = line
        }
    }

    /// Variants of actions that are compared; customers are drawn by hash.
    package struct Experiment: Equatable, Sendable {
        package struct Variant: Equatable, Sendable {
            package var name: String
            package var percent: Int64

            package init(name: String, percent: Int64) {
                self.name = name
                self.percent = percent
            }
        }

        /// The variant that gets nothing.
        package static let holdOut = "hold_out"

        package var name: String
        package var salt: String
        /// In the order of the file; together 100 %.
        package var variants: [Variant]

        package init(name: String, salt: String, variants: [Variant]) {
            self.name = name
            self.salt = salt
            self.variants = variants
        }
    }

    /// What holds for every contact: `contact:`.
    package struct ContactRules: Equatable, Sendable {
        /// At most `count` contacts in any stretch of time as long as `window`, both ends in.
        package struct Limit: Equatable, Sendable {
            package static let countMax: Int64 = 8
            package static let windowMax = Milliseconds.days(31)

            package var count: Int
            /// Nil: on all channels together.
            package var channel: Channel?
            package var window: Milliseconds

            package init(count: Int, channel: Channel?, window: Milliseconds) {
                self.count = count
                self.channel = channel
                self.window = window
            }
        }

        package var limits: [Limit] = []
        package var quietHours: QuietHours?
        /// First node of what holds marketing back while it holds.
        package var pause: Int?
        /// So many of a hundred customers get no marketing at all.
        package var holdOutPercent: Int64 = 0
        /// Minor units of the policy's currency per thousand contacts.
        package var costPerThousand: [Channel: Int64] = [:]

        package init() {}
    }
}
