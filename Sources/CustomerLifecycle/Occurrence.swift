/// A step of an occurrence that is not decided yet.
package struct PendingStep: Equatable, Sendable {
    /// Its name, by its place among the partition's words.
    package let word: Int
    /// When it is to happen, and until when it still may.
    package var planned: Instant
    package var deadline: Instant
    /// When it has to be looked at: planned, or the end of what holds it back.
    package var due: Instant
    /// What holds it back at its deadline if nothing changes.
    package var held: ActionOutcome.Reason?
    /// The first instant at which it could be decided, once that has come: the next tick decides.
    package var ripe: Instant?
    /// Whether a tick came too late for it to be decided at its own instant: then nobody is exempt from quiet hours.
    var isLate = false
    /// Whether its deadline had passed before anybody could know of it.
    var isDead = false

    init(word: Int, planned: Instant, deadline: Instant) {
        self.word = word
        self.planned = planned
        self.deadline = deadline
        due = planned
    }

    mutating func plan(at planned: Instant, until deadline: Instant) {
        self = Self(word: word, planned: planned, deadline: deadline)
    }

    /// Whether nothing has happened to it yet.
    var isUntouched: Bool { due == planned && held == nil && ripe == nil && !isLate && !isDead }
}

/// An action that has begun for a customer, until each of its steps is decided.
package struct Occurrence: Equatable, Sendable {
    /// A customer has no more at a time.
    package static let countMax = 16

    /// What it began with; an adoption may give its action another start.
    package enum Kind: UInt8, Sendable {
        case firstOrder = 0
        case eachOrder, eachDelivery, eachOverdueDelivery, touchingTheCart, firstConsent, claimingTheReferralCoupon,
            eachReferral, eachResolvedComplaint, eachBirthday, entering, joining

        init(_ start: Policy.Action.Start) {
            self =
                switch start {
                case .firstOrder: .firstOrder
                case .eachOrder: .eachOrder
                case .eachDelivery: .eachDelivery
                case .eachOverdueDelivery: .eachOverdueDelivery
                case .touchingTheCart: .touchingTheCart
                case .firstConsent: .firstConsent
                case .claimingTheReferralCoupon: .claimingTheReferralCoupon
                case .eachReferral: .eachReferral
                case .eachResolvedComplaint: .eachResolvedComplaint
                case .eachBirthday: .eachBirthday
                case .entering: .entering
                case .joining: .joining
                }
        }

        /// Whether its key is an order's id.
        var isOfOrder: Bool {
            switch self {
            case .firstOrder, .eachOrder, .eachDelivery, .eachOverdueDelivery: true
            default: false
            }
        }

        /// Whether the customer does it, and so is awake.
        var isOwnAct: Bool {
            switch self {
            case .firstOrder, .eachOrder, .touchingTheCart, .firstConsent, .claimingTheReferralCoupon: true
            default: false
            }
        }
    }

    /// The variant of its experiment.
    package enum Draw: Equatable, Sendable {
        /// No step has come so far.
        case notYet
        /// It was in no experiment then.
        case none
        /// By its name's place among the partition's words.
        case variant(Int)
    }

    /// The action's name, by its place among the partition's words.
    package let action: Int
    /// What tells it from the action's others: the order's id, the complaint's, a year, a number.
    package let key: BusinessID
    package let kind: Kind
    package internal(set) var start: Instant
    /// The local day of the start, which calendar steps count from.
    var day: CivilDate
    /// By whose clocks: 0 is the policy's zone, else one more than an index into `ContactPlan.otherZones`.
    var zone: Int
    /// Whether a cart's later touches still move it.
    var isOpen = true
    /// Whether the cart had anything in it.
    var hadItems = false
    package internal(set) var draw = Draw.notYet
    /// Whether all steps are planned as the policy in force plans them; then their instants need not be kept.
    var isByPolicy = false
    /// In the order of the policy under which it began.
    package internal(set) var steps: [PendingStep] = []

    init(action: Int, key: BusinessID, kind: Kind, start: Instant, day: CivilDate, zone: Int) {
        self.action = action
        self.key = key
        self.kind = kind
        self.start = start
        self.day = day
        self.zone = zone
    }
}

/// What became of one step: exactly one of these.
package struct ActionOutcome: Equatable, Sendable {
    package enum Decision: UInt8, CaseIterable, Sendable {
        case due = 0
        case cancelled, suppressed
    }

    /// Why it was cancelled or suppressed.
    package enum Reason: UInt8, CaseIterable, Sendable {
        case condition = 1
        case policy, erased, noConsent, unreachable, holdOut, quietHours, frequency, paused, tooLate
    }

    package let decision: Decision
    /// Nil of what is due.
    package let reason: Reason?
    /// Names, by their places among the partition's words.
    package let action: Int
    package let step: Int
    /// The digest of the occurrence's key.
    let key: UInt64
}
