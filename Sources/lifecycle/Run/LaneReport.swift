import Processor
import Synchronization

/// What a lane says of itself while it runs: written by its own thread, read by whoever writes the status and watches
/// that it goes on.
final class LaneReport: Sendable {
    enum Phase: Equatable, Sendable {
        case connecting
        /// The group deals out its partitions.
        case joining
        /// Folding the log again, up to what was committed; nothing is published meanwhile.
        case recovering(done: Int, partitions: [Int])
        case live
        /// What goes wrong; it is tried again.
        case inTrouble(String)

        var name: String {
            switch self {
            case .connecting: "connecting"
            case .joining: "joining"
            case .recovering: "recovering"
            case .live: "live"
            case .inTrouble: "in trouble"
            }
        }
    }

    /// How the lane ended.
    enum Ending: Equatable, Sendable {
        case stopped
        case failed(ProcessorError)
    }

    struct State: Sendable {
        fileprivate(set) var phase = Phase.connecting
        /// When the phase began, and when the lane last did anything at all: by a clock that only goes forward.
        fileprivate(set) var phaseBegan = ContinuousClock.now
        fileprivate(set) var beat = ContinuousClock.now
        fileprivate(set) var ending: Ending?
        /// It was live once: from then on a broker that is away is waited for.
        fileprivate(set) var hasLived = false
        /// Partitions held, and the next offset of each.
        var partitions: [String: Int64] = [:]
        /// What it has done since it started, by name.
        var counts = LaneCounts()
        var horizon: HorizonReport?
    }

    let role: Role
    private let state = Mutex(State())

    init(_ role: Role) { self.role = role }

    var snapshot: State { state.withLock { $0 } }

    /// Shows that the lane is not hung.
    func beat() { state.withLock { $0.beat = .now } }

    func update(_ change: (inout State) -> Void) {
        state.withLock { state in
            state.beat = .now
            change(&state)
        }
    }

    func enter(_ phase: Phase) {
        state.withLock { state in
            state.beat = .now
            if phase.name != state.phase.name { state.phaseBegan = .now }
            state.phase = phase
            if phase == .live { state.hasLived = true }
        }
    }

    /// Told from several threads while the log is folded again.
    func recovered(_ count: Int) {
        state.withLock { state in
            state.beat = .now
            guard case .recovering(let done, let partitions) = state.phase else { return }
            state.phase = .recovering(done: done + count, partitions: partitions)
        }
    }

    func end(_ ending: Ending) { state.withLock { $0.ending = $0.ending ?? ending } }
}

/// Which of the two hops a lane does.
enum Role: String, CaseIterable, Sendable {
    case router
    case projector
}

/// Since the start of the process.
struct LaneCounts: Equatable, Sendable {
    var routed = 0
    var rejected = 0
    var folded = 0
    var published = 0
    var ticks = 0
    var checkpoints = 0
}

/// How far time has come in the log, as the projector saw it last.
struct HorizonReport: Sendable {
    /// Nil where an input was never read to its end.
    var instant: Int64?
    /// The input partition that holds it back: the one seen whole longest ago.
    var limitedBy: String?
    /// When it last moved.
    var moved: ContinuousClock.Instant
}
