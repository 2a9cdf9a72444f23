import CustomerLifecycle
import Oracle
import Wire

/// An output as a subscriber sees it: one that must have been published, or one that was.
struct ToldOutput: Equatable, CustomStringConvertible {
    enum Content: Equatable, CustomStringConvertible {
        case stage(ToldChange)
        case segment(ToldSegmentChange)
        case consent(channel: String, purpose: String, why: String)
        case action(key: String, decision: String, why: String?)
        case forgotten(stage: String, since: Instant, lastEvent: Instant)

        var description: String {
            switch self {
            case .stage(let change): "\(change)"
            case .segment(let change): "\(change)"
            case .consent(let channel, let purpose, let why): "\(channel) \(purpose) \(why)"
            case .action(let key, let decision, let why): "\(key) \(decision) \(why ?? "")"
            case .forgotten(let stage, let since, let lastEvent):
                "forgotten as \(stage) since \(since.words), last event \(lastEvent.words)"
            }
        }
    }

    var id: String
    var customer: String
    var life: String
    var sequence: UInt64
    var time: Instant
    var isBackfill: Bool
    var recorded: Instant
    var content: Content

    var description: String {
        "\(id) \(customer) #\(sequence) of life \(life) at \(time.words): \(content)"
            + (isBackfill ? ", backfill" : "") + ", recorded \(recorded.words)"
    }
}

extension ToldOutput {
    /// Makes the output that partition `index` must have published.
    init(_ output: NaiveOutput, in index: Int) {
        let content: Content =
            switch output.content {
            case .stage(let change): .stage(ToldChange(change, in: index))
            case .segment(let change): .segment(ToldSegmentChange(change))
            case .consent(let standing):
                .consent(
                    channel: standing.channel.word, purpose: standing.purpose,
                    why: standing.why == .never ? "never_granted" : standing.why.rawValue)
            case .action(let outcome): .action(key: outcome.businessKey, decision: outcome.decision, why: outcome.why)
            case .forgotten(let stage, let since, let lastEvent):
                .forgotten(stage: stage, since: since, lastEvent: lastEvent)
            }
        self.init(
            id: output.position.id(in: index), customer: output.subject, life: "\(index)-\(output.life)",
            sequence: output.sequence, time: output.time, isBackfill: output.isBackfill, recorded: output.recorded,
            content: content)
    }
}

extension NaiveOutput.Position {
    func id(in partition: Int) -> String { "\(generation)-\(partition)-\(offset)-\(ordinal)" }
}
