/// What a partition knows beside its subjects. All of it is a function of the log.
package struct Progress: Equatable, Sendable {
    /// Names of stages, in the order in which policies brought them in; said and changes refer to them by index.
    package private(set) var stageNames: [String]
    /// Customers in each of them now.
    package private(set) var stageSizes: [Int64]
    package var epoch = Epoch()
    /// The latest instant that a tick or a caught-up record brought; `distantPast` before the first.
    package var lastTick: Instant = .distantPast
    /// The latest counted time of any event.
    package var newestEvent: Instant = .distantPast
    package var behindCount = 0
    /// Subjects with a stage.
    package var customerCount = 0
    /// Subjects of whom somebody asked that they be forgotten.
    package var deletionRequestCount = 0
    /// Published transitions, [from + 1][to]; row 0 is "none".
    package private(set) var transitions: [Int64]
    /// Of segments, in the order in which policies brought them in; said and changes refer to them by index.
    package private(set) var segments: [SegmentCount] = []
    /// Names of actions, of their steps and of variants, in the order in which policies brought them in; said and
    /// outcomes refer to them by index.
    package private(set) var words: [String] = []
    /// Whether actions begin and fall due: not before the first generation of outputs whose version knows them.
    package var isActing = true
    /// The instant from which the policy in force is in force; `distantPast` of the first one.
    package var policySince: Instant = .distantPast
    /// The newest tick of a live owner, caught-up and adoptions aside: it says that nothing older is missing.
    package var liveTick: Instant = .distantPast

    /// How many are in a segment, and how many changes were published.
    package struct SegmentCount: Equatable, Sendable {
        package let name: String
        package var size: Int64 = 0
        package var entered: Int64 = 0
        package var left: Int64 = 0
    }

    package init(stageNames: [String]) {
        self.stageNames = stageNames
        stageSizes = .init(repeating: 0, count: stageNames.count)
        transitions = .init(repeating: 0, count: (stageNames.count + 1) * stageNames.count)
    }

    /// Takes in the stages and segments of a policy that comes into force, and returns where each of them stands.
    mutating func places(of policy: Policy) -> PolicyPlaces {
        let added = policy.stages.filter { !stageNames.contains($0) }
        if !added.isEmpty { grow(by: added) }
        for segment in policy.segments where !segments.contains(where: { $0.name == segment.name }) {
            segments.append(SegmentCount(name: segment.name))
        }
        return PolicyPlaces(
            actions: policy.contacts.actions.map { action in
                ActionPlaces(word: word(action.name), steps: action.steps.map { word($0.name) })
            },
            variants: policy.contacts.experiments.map { $0.variants.map { word($0.name) } },
            stages: policy.stages.map { name in stageNames.firstIndex(of: name) ?? 0 },
            segments: policy.segments.map { segment in segments.firstIndex { $0.name == segment.name } ?? 0 },
            ofSegments: segments.map { segment in policy.segments.firstIndex { $0.name == segment.name } })
    }

    /// Where a name stands, from now on for good.
    private mutating func word(_ name: String) -> Int {
        if let place = words.firstIndex(of: name) { return place }
        words.append(name)
        return words.count - 1
    }

    private mutating func grow(by names: [String]) {
        let before = stageNames.count
        let counts = transitions
        stageNames += names
        stageSizes += names.map { _ in 0 }
        transitions = .init(repeating: 0, count: (stageNames.count + 1) * stageNames.count)
        for from in 0...before {
            for to in 0..<before { transitions[from * stageNames.count + to] = counts[from * before + to] }
        }
    }

    package func transitionCount(from: Int?, to: Int) -> Int64 { transitions[place(from, to)] }

    mutating func count(from: Int?, to: Int) {
        transitions[place(from, to)] += 1
        stageSizes[to] += 1
        if let from { stageSizes[from] -= 1 } else { customerCount += 1 }
    }

    private func place(_ from: Int?, _ to: Int) -> Int { ((from ?? -1) + 1) * stageNames.count + to }

    mutating func countEntered(_ segment: Int) {
        segments[segment].size += 1
        segments[segment].entered += 1
    }

    mutating func countLeft(_ segment: Int) {
        segments[segment].size -= 1
        segments[segment].left += 1
    }

    /// Somebody was forgotten, which is no leaving of the stage and the segments that they were in.
    mutating func countForgotten(stage: Int, segments: some Sequence<Int>) {
        customerCount -= 1
        stageSizes[stage] -= 1
        for segment in segments { self.segments[segment].size -= 1 }
    }
}

/// Where the stages and segments of the policy in force stand among all that a partition's policies had.
struct PolicyPlaces: Sendable {
    /// By action of the policy.
    var actions: [ActionPlaces]
    /// By experiment of the policy and by variant: its name's word.
    var variants: [[Int]]
    /// By stage of the policy.
    var stages: [Int]
    /// By segment of the policy.
    var segments: [Int]
    /// By segment of the partition; nil of one that the policy has not.
    var ofSegments: [Int?]
}

/// Where an action's names stand among a partition's words.
struct ActionPlaces: Sendable {
    var word: Int
    /// By step of the action.
    var steps: [Int]
}

extension PolicyPlaces {
    /// The policy's action of that name; nil where it has none.
    func action(_ word: Int) -> Int? { actions.firstIndex { $0.word == word } }
}

extension Progress {
    package func pack(into writer: inout PackedWriter) {
        writer.writeVarint(UInt64(stageNames.count))
        for name in stageNames {
            writer.writeVarint(UInt64(name.utf8.count))
            Array(name.utf8).withUnsafeBytes { writer.write(bytes: $0) }
        }
        writer.writeVarint(UInt64(epoch.policyNumber))
        writer.writeVarint(UInt64(epoch.generation))
        writer.writeSigned(lastTick.milliseconds)
        writer.writeSigned(newestEvent.milliseconds)
        writer.writeVarint(UInt64(behindCount))
        writer.writeVarint(UInt64(customerCount))
        writer.writeVarint(UInt64(deletionRequestCount))
        for count in stageSizes { writer.writeSigned(count) }
        for count in transitions { writer.writeSigned(count) }
        writer.writeVarint(UInt64(segments.count))
        for segment in segments {
            writer.writeVarint(UInt64(segment.name.utf8.count))
            Array(segment.name.utf8).withUnsafeBytes { writer.write(bytes: $0) }
            for count in [segment.size, segment.entered, segment.left] { writer.writeSigned(count) }
        }
        writer.writeVarint(UInt64(words.count))
        for word in words {
            writer.writeVarint(UInt64(word.utf8.count))
            Array(word.utf8).withUnsafeBytes { writer.write(bytes: $0) }
        }
        writer.write(UInt8(isActing ? 1 : 0))
        writer.writeSigned(policySince.milliseconds)
        writer.writeSigned(liveTick.milliseconds)
    }

    package init(unpacking reader: inout PackedReader) {
        var names: [String] = []
        for _ in 0..<reader.readCount() {
            let count = reader.readCount()
            names.append(String(decoding: reader.read(count: count), as: UTF8.self))
        }
        self.init(stageNames: names)
        let policyNumber = UInt32(reader.readVarint())
        epoch = Epoch(policyNumber: policyNumber, generation: UInt32(reader.readVarint()))
        lastTick = Instant(milliseconds: reader.readSigned())
        newestEvent = Instant(milliseconds: reader.readSigned())
        behindCount = reader.readCount()
        customerCount = reader.readCount()
        deletionRequestCount = reader.readCount()
        for place in stageSizes.indices { stageSizes[place] = reader.readSigned() }
        for place in transitions.indices { transitions[place] = reader.readSigned() }
        for _ in 0..<reader.readCount() {
            let count = reader.readCount()
            var segment = SegmentCount(name: String(decoding: reader.read(count: count), as: UTF8.self))
            segment.size = reader.readSigned()
            segment.entered = reader.readSigned()
            segment.left = reader.readSigned()
            segments.append(segment)
        }
        for _ in 0..<reader.readCount() {
            let count = reader.readCount()
            words.append(String(decoding: reader.read(count: count), as: UTF8.self))
        }
        isActing = reader.readByte() == 1
        policySince = Instant(milliseconds: reader.readSigned())
        liveTick = Instant(milliseconds: reader.readSigned())
    }
}
