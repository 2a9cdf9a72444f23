/// What a turn changed, so that it can be taken back: each touched subject as it was when the turn began.
struct Turn {
    struct Image {
        let tag: UInt32
        /// Whether the table knew it when the turn began.
        let wasKnown: Bool
        /// Its whole block; of one that the table did not know the subject alone.
        private let bytes: [UInt8]

        init(of head: SubjectHead, tag: UInt32) {
            self.tag = tag
            wasKnown = true
            bytes = Array(head.all)
        }

        init(unknown subject: UnsafeRawBufferPointer, tag: UInt32) {
            self.tag = tag
            wasKnown = false
            bytes = Array(subject)
        }

        var wasCustomer: Bool { withHead { !$0.said.isEmpty } ?? false }

        /// Lends what the subject was; nil if it was not there.
        func withHead<Result, Failure: Error>(
            _ body: (SubjectHead) throws(Failure) -> Result
        ) throws(Failure) -> Result? {
            guard wasKnown else { return nil }
            return try bytes.withUnsafeBufferPointer { bytes throws(Failure) in
                try body(SubjectHead(image: UnsafeRawBufferPointer(bytes)))
            }
        }

        func withSubject<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
            bytes.withUnsafeBytes { bytes in
                body(wasKnown ? SubjectHead(image: bytes).subject : bytes)
            }
        }
    }

    let number: UInt32
    let progress: Progress
    let timeAdvance: TimeAdvance?
    let policy: Policy
    let places: PolicyPlaces
    let planBefore: PlacedPlan?
    let waitingCount: Int
    var images: [Image] = []
}

/// The subject under way, unpacked, but for its facts, which are before the judge; reused from record to record.
struct Current: ~Copyable {
    private var subjectBytes = PackedWriter(capacity: 512)
    private(set) var tag: UInt32 = 0
    /// Its block; nil while the table does not know it.
    private(set) var block: Slab.Block?
    var said = Said()
    var reviewAt: Instant = .never
    var queuedAt: Instant = .never
    /// Whether it is to be dropped, unless something of it is folded again.
    var isForgotten = false

    /// Good until the next subject is taken up.
    var subject: UnsafeRawBufferPointer { subjectBytes.bytes }

    /// A subject that the table does not know.
    mutating func begin(_ subject: UnsafeRawBufferPointer, tag: UInt32) {
        begin(subject: subject, tag: tag)
        block = nil
        said.removeAll()
        reviewAt = .never
        queuedAt = .never
    }

    mutating func load(_ head: SubjectHead, block: Slab.Block, tag: UInt32) {
        begin(subject: head.subject, tag: tag)
        self.block = block
        said.unpack(head.said)
        said.isBehind = head.isBehind
        reviewAt = head.reviewAt
        // A step that waits for a tick stands before what time alone may change.
        if !said.actions.live.isEmpty, reviewAt == said.actions.firstRipe { reviewAt = said.actions.reviewAt }
        queuedAt = head.queuedAt
    }

    mutating func forget() {
        said.removeAll()
        reviewAt = .never
        isForgotten = true
    }

    private mutating func begin(subject: UnsafeRawBufferPointer, tag: UInt32) {
        subjectBytes.removeAll()
        subjectBytes.write(bytes: subject)
        self.tag = tag
        isForgotten = false
    }
}
