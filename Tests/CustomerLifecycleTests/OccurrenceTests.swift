import Testing

@testable import CustomerLifecycle

@Suite struct `What is kept of an action that has begun` {
    private func id(_ text: String) throws -> BusinessID { try #require(BusinessID(text)) }

    private func occurrence(stepCount: Int, key: String) throws -> Occurrence {
        let start = Instant(milliseconds: 1_770_000_000_000)
        var occurrence = Occurrence(
            action: 3, key: try id(key), kind: .eachOrder, start: start, day: CivilDate.split(start).date, zone: 0)
        occurrence.isByPolicy = true
        for step in 0..<stepCount {
            let planned = start + .days(Int64(step))
            occurrence.steps.append(PendingStep(word: 10 + step, planned: planned, deadline: planned + .hours(72)))
        }
        return occurrence
    }

    private func packed(_ state: ActionState) -> [UInt8] {
        var writer = PackedWriter()
        state.pack(into: &writer)
        return Array(writer.bytes)
    }

    @Test(arguments: 1...8)
    func `takes at most 32 bytes with an id of twelve`(stepCount: Int) throws {
        var state = ActionState()
        state.live = [try occurrence(stepCount: stepCount, key: "order-123456")]
        let one = packed(state).count
        state.live.append(try occurrence(stepCount: stepCount, key: "order-123457"))
        #expect(packed(state).count - one <= 32)
    }

    @Test func `is what it was when it is read back`() throws {
        var state = ActionState()
        var whole = try occurrence(stepCount: 3, key: String(repeating: "k", count: 64))
        whole.isByPolicy = false
        whole.zone = 2
        whole.draw = .variant(7)
        whole.hadItems = true
        whole.isOpen = false
        whole.steps[0].ripe = whole.start + .hours(1)
        whole.steps[1].due = whole.start + .hours(30)
        whole.steps[1].held = .quietHours
        whole.steps[2].isDead = true
        whole.steps[2].isLate = true
        state.live = [whole]
        state.know(try id("o-1"), of: 3, until: Instant(milliseconds: 3_600_000))
        state.know(try id("o-1"), of: 4, until: .never)
        state.know(try id("o-0"), of: 3, until: Instant(milliseconds: 7_200_000))
        state.note(ActionState.LastStart(action: 3, start: whole.start, cycle: 2, until: .never))
        state.ours.release(on: .sms, at: whole.start, usesLimits: true)
        state.ours.release(on: .email, at: whole.start, usesLimits: false)
        state.newestUndone = DatedID(at: whole.start, id: try id("o-9"))
        state.reviewAt = whole.start + .days(1)
        var read = ActionState()
        packed(state).withUnsafeBytes { bytes in
            var reader = PackedReader(bytes)
            read.unpack(from: &reader)
        }
        #expect(read == state)
    }

    @Test func `takes nothing where nothing has begun`() {
        #expect(ActionState().isEmpty)
        var said = Said()
        said.publish(stage: 0, rule: 0, at: Instant(milliseconds: 0), position: OutputPosition(offset: 0, ordinal: 0))
        var writer = PackedWriter()
        let without = said.pack(into: &writer)
        said.actions.ours.release(on: .email, at: Instant(milliseconds: 0), usesLimits: true)
        #expect(said.pack(into: &writer) > without)
    }

    /// Nothing that ends no later begins any more: it may be one that was forgotten.
    @Test func `of more starts than can be remembered says which are forgotten`() throws {
        var state = ActionState()
        for number in 0..<300 {
            state.know(try id("o-\(number)"), of: 1, until: Instant(milliseconds: Int64(number) * 3_600_000))
        }
        #expect(state.known.count == ActionState.knownCountMax)
        #expect(state.forgottenUntil == Instant(milliseconds: 43 * 3_600_000))
        #expect(try !state.isKnown(id("o-43"), of: 1) && state.isKnown(id("o-44"), of: 1))
        #expect(try !state.isKnown(id("o-44"), of: 2))
    }
}
