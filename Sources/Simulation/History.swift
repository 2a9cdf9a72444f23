import CustomerLifecycle
import PolicyLanguage
import Processor

/// The steps of one run, with everything needed to repeat it exactly or without some of them.
struct History: Sendable {
    let seed: UInt64
    let policy: CompiledPolicy
    let partitionCount: Int
    /// How many partitions the live input topic has. The archive, another topic, has one.
    let livePartitionCount: Int
    let leavesMarkers: Bool
    let limits: TurnLimits
    /// How far the turns' clock moves with each reading, so that turns also end by their duration.
    let clockStep: Duration
    /// The limit of records in a Router's transaction, and of rows in an import's.
    let routedMax: Int
    let files: [SimulatedImport]
    let start: Instant
    var steps: [Step]

    var routerLimits: TurnLimits {
        TurnLimits(
            outputCountMax: .max, outputByteCountMax: limits.outputByteCountMax, recordCountMax: routedMax)
    }
}

/// A record on its way to an input topic.
struct Input: Equatable, Sendable, CustomStringConvertible {
    /// The record's value; nil for a tombstone.
    let json: [UInt8]?
    let arrival: Instant
    /// The partition of the live input; nil for the archive.
    let livePartition: Int?
    let words: String
    /// What is wrong with the record; nil if nothing is.
    var mishap: Survived?

    var description: String { "\(words)\(livePartition == nil ? " (archive)" : "")" }
}

/// A step of a history. Each can be taken in any state of the `World`.
enum Step: Sendable {
    /// A record reaches its topic and is not read yet.
    case arrives(Input)
    /// Another producer's transaction opens in an input. Readers are shown no record that arrives from now on.
    case holds(input: Int)
    case releases(input: Int, isAborted: Bool)
    case routes(instance: Int, Work, Fault?)
    case projects(instance: Int, Work, Fault?)
    /// A file is imported, or goes on being imported, and is finished.
    case imports(file: Int, isFinished: Bool, Fault?)
    /// The imported history is closed, as by `import --finish`.
    case finishes
    /// Another policy comes into force, or after it the first one again.
    case adopts
    /// A new generation of outputs begins.
    case regenerates
    /// A checkpoint is begun and copied step by step between the next turns, or written at once.
    case checkpoints(partition: Int, isWhole: Bool, CheckpointFault?)
    case killed(instance: Int)
    case rebalanced(Role, place: Int)
    case losesPower
    /// Bytes of an unfinished frame follow the last one.
    case tornTail
    /// A bit of the last frame flips, so that its transaction counts as never made.
    case flippedTail
    case time(Milliseconds)
    case clockJumps(Milliseconds)
    case checkpointDamaged
    case checkpointsLost
    case lied(Lie, partition: Int)
    /// The partition's last output is published once more, as a broken projector would. Only tests of the simulation
    /// itself use it.
    case forges(partition: Int)
}

/// How much of its work a role does in a step.
enum Work: String, Sendable {
    /// It works off everything there is.
    case turns = ""
    /// It asks how far time has come, and then works off everything.
    case pass = ", and what time it is"
    /// It only asks; the answer takes effect in a later step.
    case asks = ", only what time it is"
}

enum Role: String, Sendable {
    case router = "Router"
    case projector
}

enum CheckpointFault: Equatable, Sendable {
    case diskFull(bytesLeft: Int)
    /// The process is killed in step `step` of the copy, after `operations` operations of its disk.
    case crash(step: Int, operations: Int)
}

extension Step: CustomStringConvertible {
    var description: String {
        switch self {
        case .arrives(let input): "arrives \(input.arrival.words): \(input)"
        case .holds(let input): "another producer's transaction opens in input \(input)"
        case .releases(let input, let isAborted): "it is \(isAborted ? "aborted" : "committed") in input \(input)"
        case .routes(let instance, let work, let fault): "Router \(instance) reads\(work.rawValue)\(Self.words(fault))"
        case .projects(let instance, let work, let fault):
            "projector \(instance) reads\(work.rawValue)\(Self.words(fault))"
        case .imports(let file, let isFinished, let fault):
            "file \(file) is imported" + (isFinished ? "" : ", with more to come") + Self.words(fault)
        case .finishes: "imports are finished"
        case .adopts: "the other policy is adopted"
        case .regenerates: "a new generation of outputs"
        case .checkpoints(let partition, let isWhole, let fault):
            "a checkpoint of partition \(partition) is \(isWhole ? "written" : "begun")\(Self.words(fault))"
        case .killed(let instance): "instance \(instance) is killed"
        case .rebalanced(let role, let place): "partition \(place) of the \(role.rawValue)s goes to the other instance"
        case .losesPower: "the power goes"
        case .tornTail: "an unfinished frame stands at the log's end"
        case .flippedTail: "a bit of the last frame flips"
        case .time(let length): "\(length.count / 3_600_000) hours pass"
        case .clockJumps(let error): "the clock is \(error.count / 86_400_000) days wrong"
        case .checkpointDamaged: "a byte of the newest checkpoint flips"
        case .checkpointsLost: "the checkpoints are deleted"
        case .forges(let partition): "partition \(partition): the last output once more"
        case .lied(let lie, let partition): "partition \(partition): \(lie.rawValue)"
        }
    }

    private static func words(_ fault: Fault?) -> String { fault.map { "; \($0)" } ?? "" }

    private static func words(_ fault: CheckpointFault?) -> String {
        switch fault {
        case nil: ""
        case .diskFull(let bytes): "; its disk is full after \(bytes) bytes"
        case .crash(let step, let operations):
            "; killed in step \(step + 1), after \(operations) operations of its disk"
        }
    }
}
