import CustomerLifecycle
import PolicyLanguage
import Processor
import Shop
import Testing
import Wire

@testable import Simulation

/// Days on which an error was found, step by step.
@Suite struct `A bad day` {
    private static let start = Instant(milliseconds: 1_767_225_600_000)  // 2026-01-01

    private static func history(
        leavesMarkers: Bool = false, limits: TurnLimits = TurnLimits(), files: [SimulatedImport] = [],
        policy: CompiledPolicy = .standard, _ steps: [Step]
    ) -> History {
        History(
            seed: 0, policy: policy, partitionCount: 1, livePartitionCount: 1, leavesMarkers: leavesMarkers,
            limits: limits, clockStep: .zero, routedMax: 100, files: files, start: start, steps: steps)
    }

    private static func order(by user: String, at instant: Instant) -> [UInt8] {
        var json = StorefrontJSON()
        json.append(
            .orderCompleted(StorefrontJSON.Order(id: "o-\(user)")),
            StorefrontJSON.Envelope(messageID: "m-\(user)", user: user, at: instant))
        return json.bytes
    }

    private static let file = SimulatedImport(
        name: "two", rows: ["anna", "bert"].map { order(by: $0, at: start - .days(400)) })

    private static let oneOutput = TurnLimits(outputCountMax: 1, outputByteCountMax: 1 << 20, recordCountMax: 100)

    private static let routersHaveRead: [Step] = [
        .routes(instance: 0, .pass, nil), .routes(instance: 1, .pass, nil),
    ]

    @Test func `on which a Router stands still for days blames no record for having come meanwhile`() {
        let late = Self.start + .days(2)
        let input = Input(json: Self.order(by: "anna", at: late), arrival: late, livePartition: 0, words: "an order")
        let fault = Fault(kind: .arrives(input), moment: .afterClock, countdown: 0)
        let run = SimulatedRun.perform(Self.history([.routes(instance: 0, .pass, fault)]))
        #expect(run.anomaly == nil)
        #expect(run.tally.count(of: .arrivedMeanwhile) == 1 && run.tally.events == 1)
    }

    @Test(arguments: [false, true])
    func `that ends within a record behind a control record goes on within it`(leavesMarkers: Bool) {
        let killed = Fault(kind: .crash, moment: .afterMerge, countdown: 2)
        let run = SimulatedRun.perform(
            Self.history(
                leavesMarkers: leavesMarkers, limits: Self.oneOutput, files: [Self.file],
                Self.routersHaveRead + [
                    .imports(file: 0, isFinished: true, nil), .projects(instance: 0, .turns, killed),
                    .projects(instance: 0, .turns, nil),
                ]))
        #expect(run.anomaly == nil)
        #expect(run.tally.count(of: .recoveredWithinRecord) == 1)
    }

    @Test func `that ends before a record that moves nobody's time goes on before it`() {
        let killed = Fault(kind: .crash, moment: .afterMerge, countdown: 0)
        let run = SimulatedRun.perform(
            Self.history(
                limits: TurnLimits(outputCountMax: 100, outputByteCountMax: 1 << 20, recordCountMax: 1),
                Self.routersHaveRead + [
                    .projects(instance: 0, .turns, nil), .finishes, .projects(instance: 0, .turns, killed),
                    .projects(instance: 0, .turns, nil),
                ]))
        #expect(run.anomaly == nil)
        #expect(run.tally.count(of: .recoveredWithinRecord) == 1)
    }

    /// An early simulation found this error at seed 1988: a commit was taken under a generation that the projector did
    /// not know of, since the seam did not carry the generation.
    @Test(arguments: [false, true])
    func `on which another owner makes two turns before our offsets are added publishes nothing twice`(
        comesBack: Bool
    ) {
        let order = Input(
            json: Self.order(by: "anna", at: Self.start), arrival: Self.start, livePartition: 0, words: "an order")
        let shift = Fault.Shift(place: 0, turnCount: 2, comesBack: comesBack, unsettledPollCount: 0)
        let run = SimulatedRun.perform(
            Self.history(
                limits: TurnLimits(outputCountMax: 100, outputByteCountMax: 1 << 20, recordCountMax: 1),
                [
                    .arrives(order), .routes(instance: 0, .turns, nil),
                    .projects(
                        instance: 0, .turns,
                        Fault(kind: .rebalanced(shift), moment: .beforeOffsets, countdown: 0)),
                ]))
        #expect(run.anomaly == nil)
        #expect(run.tally.count(of: .otherOwnerProgressed) == 1 && run.tally.changes == 2)
    }

    @Test func `on which a turn is taken back within a record publishes what a calm one does`() {
        // Two orders, both dormant and lost by now: a turn ends before the last of the four changes of the caught-up,
        // and the next one also holds an order that came later.
        let policy = PolicyCompiler.compile(
            """
            policy: two
            currency: EUR
            stages:
              - lost:    silence > 180 days
              - dormant: silence > 90 days
              - active:  otherwise

            """)
        #expect(policy.errors.isEmpty)
        let later = Self.start + .hours(1)
        let order = Input(json: Self.order(by: "c", at: later), arrival: later, livePartition: 0, words: "an order")
        let aborted = Fault(kind: .aborted, moment: .beforeCommit, countdown: 1)
        let run = SimulatedRun.perform(
            Self.history(
                limits: TurnLimits(outputCountMax: 3, outputByteCountMax: 1 << 20, recordCountMax: 100),
                files: [Self.file], policy: policy,
                Self.routersHaveRead + [
                    .imports(file: 0, isFinished: true, nil), .arrives(order), .routes(instance: 0, .turns, nil),
                    .projects(instance: 0, .turns, aborted),
                ]))
        #expect(run.anomaly == nil)
        #expect(run.tally.count(of: .aborted) == 1 && run.tally.count(of: .sliced) == 1 && run.tally.changes == 7)
        // The fold that comes back is at the group's offset, so nothing has to be recovered.
        #expect(run.tally.count(of: .recoveredFromGenesis) + run.tally.count(of: .recoveredFromCheckpoint) == 0)
    }

    @Test(arguments: [Fault.Kind.aborted, .unknownLost, .unknownCommitted])
    func `on which the broker aborts an import ends with the import done once`(kind: Fault.Kind) {
        let fault = Fault(kind: kind, moment: .beforeCommit, countdown: 0)
        let run = SimulatedRun.perform(
            Self.history(
                files: [Self.file], Self.routersHaveRead + [.imports(file: 0, isFinished: true, fault)]))
        #expect(run.anomaly == nil)
        #expect(run.tally.events == 2 && run.tally.count(of: .importResumed) == 1)
    }
}
