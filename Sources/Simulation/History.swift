import CustomerLifecycle
import PolicyLanguage
import Processor

/// What happens in one run, step by step: enough to repeat it exactly, and to leave parts of it out.
struct History: Sendable {
    let seed: UInt64
    let policy: CompiledPolicy
    let partitionCount: Int
    /// Partitions of the live input topic; the archive, which is another topic, has one.
    let livePartitionCount: Int
    let leavesMarkers: Bool
    let limits: TurnLimits
    /// How far a turn's clock goes with each look at it: turns end in time as well.
    let clockStep: Duration
    /// Records in one of the Router's transactions, rows in one of an import's.
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
    /// Nil is a tombstone.
    let json: [UInt8]?
    let arrival: Instant
    /// Which of the live input's partitions; nil for the archive.
    let livePartition: Int?
    let words: String
    /// What is wrong with it.
    var mishap: Survived?

    var description: String { "\(words)\(livePartition == nil ? " (archive)" : "")" }
}

/// One step of a history. Each can be taken in any state of the world.
enum Step: Sendable {
    /// A record reaches its topic; nobody reads it yet.
    case arrives(Input)
    /// Another producer's transaction opens in an input: what arrives from now on is not shown, nor what comes after.
    case holds(input: Int)
    case releases(input: Int, isAborted: Bool)
    case routes(instance: Int, Work, Fault?)
    case projects(instance: Int, Work, Fault?)
    /// A file is imported, or goes on being imported, and is finished.
    case imports(file: Int, isFinished: Bool, Fault?)
    /// As `import --finish`.
    case finishes
    /// Another policy comes into force, and after it the first one again.
    case adopts
    /// A new generation of outputs.
    case regenerates
    /// Begun, and copied a bit at a time between the turns to come; or whole at once.
    case checkpoints(partition: Int, isWhole: Bool, CheckpointFault?)
    case killed(instance: Int)
    case rebalanced(Role, place: Int)
    case losesPower
    /// Bytes of a frame that was never finished stand behind the last one.
    case tornTail
    /// A bit of the very last frame flips: its transaction never happened.
    case flippedTail
    case time(Milliseconds)
    case clockJumps(Milliseconds)
    case checkpointDamaged
    case checkpointsLost
    case lied(Lie, partition: Int)
    /// The partition's last output is published once more, as a broken projector would. Only tests of the simulation
    /// itself have it.
    case forges(partition: Int)
}

/// How much of its work a role does in a step.
enum Work: String, Sendable {
    /// All there is.
    case turns = ""
    /// It asks how far time has come, and then does all there is.
    case pass = ", and what time it is"
    /// It only asks; what it was told counts in a later step.
    case asks = ", only what time it is"
}

enum Role: String, Sendable {
    case router = "Router"
    case projector
}

enum CheckpointFault: Equatable, Sendable {
    case diskFull(bytesLeft: Int)
    /// In so many steps of the copy, after so many operations of its disk.
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
