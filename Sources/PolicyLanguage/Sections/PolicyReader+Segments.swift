import CommandLine
import CustomerLifecycle

/// The section of segments: names, each with a condition.
extension PolicyReader {
    static let segmentCountMax = Membership.countMax

    mutating func readSegments(_ node: YAMLNode) {
        scope.asker = .segment
        scope.stages = draft.stages
        let entries = entries(node, of: "segments")
        if entries.count > Self.segmentCountMax {
            error(entries[Self.segmentCountMax].key, "more than \(Self.segmentCountMax) segments")
        }
        for entry in entries.prefix(Self.segmentCountMax) {
            let isName = checkName(entry.key)
            if FactWord.byPhrase[entry.key.text] != nil || FactWord.keywords.contains(entry.key.text) {
                error(entry.key, "\"\(entry.key.text)\" already means something; choose another name")
            } else if scope.definitions[entry.key.text] != nil {
                error(entry.key, "\"\(entry.key.text)\" is already defined")
            }
            guard let condition = condition(entry.value), isName else { continue }
            draft.segments.append(
                PolicyDraft.Segment(name: entry.key.text, condition: condition, place: place(entry.key)))
        }
        if draft.segments.reduce(0, { $0 + $1.condition.literalCount }) > Condition.comparisonCountMax {
            error(node, "more than \(Condition.comparisonCountMax) comparisons in all segments together")
            draft.segments = []
        }
        scope.asker = .stage
    }
}
