/// How much one turn may hold, and how long it may stay open (Design.md, Turns).
///
/// A record that gives more than a turn may hold is cut into several.
package struct TurnLimits: Sendable {
    /// A turn that is caught up ends so long after its first record, whatever still comes in.
    package var duration = Duration.milliseconds(50)
    /// The same for a turn that is behind.
    package var durationBehind = Duration.seconds(1)
    /// Turns count as behind once every one of them has ended at a limit for so long.
    package var behindAfter = Duration.seconds(1)
    /// Bytes produced, rows of customers included; what a turn holds in the client's memory.
    package var outputByteCountMax = 12 << 20
    /// Changes published.
    package var outputCountMax = 100_000
    /// Records read; what a turn must be able to take back.
    package var recordCountMax = 200_000

    package init() {}

    package init(outputCountMax: Int, outputByteCountMax: Int, recordCountMax: Int) {
        self.outputCountMax = outputCountMax
        self.outputByteCountMax = outputByteCountMax
        self.recordCountMax = recordCountMax
    }
}

/// Decides when a turn ends: while there is little to do at once, while there is much in large pieces.
///
/// A turn ends when nothing waits, or at one of its limits. Turns that keep ending at a limit mean that the worker is
/// behind; then a turn may last longer, so that the commit's share of it is small. Nothing here looks at the time that
/// a record claims.
package struct TurnPace {
    /// Reads a clock that only goes forward.
    package typealias Clock = @Sendable () -> ContinuousClock.Instant

    let limits: TurnLimits
    private let clock: Clock
    /// When the first record of the open turn came.
    private var began: ContinuousClock.Instant?
    /// The beginning of the first of the turns that ended at a limit, one after the other, up to now.
    private var limitedSince: ContinuousClock.Instant?
    private var recordCount = 0
    private var outputCount = 0
    private var outputByteCount = 0
    /// Whether the worker has more to do than turns of the short kind get done.
    private(set) var isBehind = false

    package init(_ limits: TurnLimits, clock: @escaping Clock) {
        self.limits = limits
        self.clock = clock
    }

    package static let realClock: Clock = { .now }

    /// Called at the first record of a turn.
    mutating func begin() { began = clock() }

    mutating func count(records: Int = 0, outputs: Int = 0, outputBytes: Int = 0) {
        recordCount += records
        outputCount += outputs
        outputByteCount += outputBytes
    }

    /// Records that the open turn may still take.
    var recordsLeft: Int { limits.recordCountMax - recordCount }

    /// Whether the open turn holds as much as it may.
    var isFull: Bool {
        began != nil
            && (recordCount >= limits.recordCountMax || outputCount >= limits.outputCountMax
                || outputByteCount >= limits.outputByteCountMax)
    }

    /// Whether the open turn is full or has lasted as long as it may. Reads the clock.
    var isOver: Bool {
        guard let began else { return false }
        return isFull || clock() - began >= (isBehind ? limits.durationBehind : limits.duration)
    }

    /// Called when a turn was committed; `atLimit` tells one that ended at a limit from one for which nothing waited.
    mutating func end(atLimit: Bool) {
        defer { reset() }
        guard atLimit, let began else {
            limitedSince = nil
            isBehind = false
            return
        }
        let since = limitedSince ?? began
        limitedSince = since
        isBehind = clock() - since >= limits.behindAfter
    }

    /// Called when the open turn was lost: it tells nothing about how much there is to do.
    mutating func abandon() { reset() }

    private mutating func reset() {
        began = nil
        recordCount = 0
        outputCount = 0
        outputByteCount = 0
    }
}
