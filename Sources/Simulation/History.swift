import CustomerLifecycle
import PolicyLanguage
import Processor

/// What happens in one run, step by step: enough to repeat it exactly, and to leave parts of it out.
struct History: Sendable {
    let seed: UInt64
    let policy: CompiledPolicy
    let partitionCount: Int
    let limits: TurnLimits
    /// Inputs in one of the Router's transactions.
    let routedMax: Int
    let start: Instant
    var steps: [Step]
}

/// An event on its way to the Router.
struct Input: Sendable {
    let json: [UInt8]
    let arrival: Instant
    let isBackfill: Bool
    let words: String
}

/// One step of a history. Each can be taken in any state of the world.
enum Step: Sendable {
    /// An event reaches the input topic; nobody reads it yet.
    case arrives(Input)
    case routes(Fault?)
    /// The Router has read all there is, and says what time it is.
    case ticks
    case catchesUp
    /// Another policy comes into force, and after it the first one again.
    case adopts
    /// A new generation of outputs.
    case regenerates
    case projects(partition: Int, Fault?)
    case checkpoints(partition: Int, CheckpointFault?)
    case killed(instance: Int)
    case rebalanced(partition: Int)
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

enum CheckpointFault: Equatable, Sendable {
    case diskFull(bytesLeft: Int)
    case crash(afterSteps: Int)
}

extension Step: CustomStringConvertible {
    var description: String {
        switch self {
        case .arrives(let input): "arrives \(input.arrival.words)\(input.isBackfill ? " (import)" : ""): \(input.words)"
        case .routes(let fault): "the Router reads" + (fault.map { "; \($0)" } ?? "")
        case .ticks: "tick"
        case .catchesUp: "caught-up"
        case .adopts: "the other policy is adopted"
        case .regenerates: "a new generation of outputs"
        case .projects(let partition, let fault):
            "partition \(partition) is projected" + (fault.map { "; \($0)" } ?? "")
        case .checkpoints(let partition, let fault): "checkpoint of partition \(partition)\(Self.words(fault))"
        case .killed(let instance): "instance \(instance) is killed"
        case .rebalanced(let partition): "partition \(partition) goes to the other instance"
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

    private static func words(_ fault: CheckpointFault?) -> String {
        switch fault {
        case nil: ""
        case .diskFull(let bytes): "; its disk is full after \(bytes) bytes"
        case .crash(let steps): "; killed after \(steps) steps of writing it"
        }
    }
}
