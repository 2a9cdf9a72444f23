/// What a partition knows beside its subjects. All of it is a function of the log.
package struct Progress: Equatable, Sendable {
    /// Names of stages, in the order in which policies brought them in; said and changes refer to them by index.
    package private(set) var stageNames: [String]
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

    package init(stageNames: [String]) {
        self.stageNames = stageNames
        transitions = .init(repeating: 0, count: (stageNames.count + 1) * stageNames.count)
    }

    /// Takes in the stages of a policy that was adopted, and returns where each of them stands.
    mutating func places(of stages: [String]) -> [Int] {
        let added = stages.filter { !stageNames.contains($0) }
        if !added.isEmpty { grow(by: added) }
        return stages.map { name in stageNames.firstIndex(of: name) ?? 0 }
    }

    private mutating func grow(by names: [String]) {
        let before = stageNames.count
        let counts = transitions
        stageNames += names
        transitions = .init(repeating: 0, count: (stageNames.count + 1) * stageNames.count)
        for from in 0...before {
            for to in 0..<before { transitions[from * stageNames.count + to] = counts[from * before + to] }
        }
    }

    package func transitionCount(from: Int?, to: Int) -> Int64 { transitions[place(from, to)] }

    mutating func count(from: Int?, to: Int) {
        transitions[place(from, to)] += 1
        if from == nil { customerCount += 1 }
    }

    private func place(_ from: Int?, _ to: Int) -> Int { ((from ?? -1) + 1) * stageNames.count + to }
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
        for count in transitions { writer.writeSigned(count) }
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
        for place in transitions.indices { transitions[place] = reader.readSigned() }
    }
}
