import CustomerLifecycle

/// The plans still to be carried out, earliest first; at one instant in the order in which they were planned. It is a
/// binary heap.
///
/// Plans are large and the heap moves its entries, so an entry holds only the index of its plan.
struct Agenda<Plan: Sendable>: Sendable {
    private struct Entry: Sendable {
        let time: Instant
        let serial: Int
        let place: Int

        func isBefore(_ other: Entry) -> Bool {
            time != other.time ? time < other.time : serial < other.serial
        }
    }

    private var entries: [Entry] = []
    private var plans: [Plan?] = []
    private var freePlaces: [Int] = []
    private var planned = 0

    var earliest: Instant? { entries.first?.time }

    mutating func add(_ plan: Plan, at time: Instant) {
        let place = freePlaces.popLast() ?? plans.count
        if place == plans.count { plans.append(plan) } else { plans[place] = plan }
        entries.append(Entry(time: time, serial: planned, place: place))
        planned += 1
        rise(from: entries.count - 1)
    }

    mutating func next() -> (time: Instant, plan: Plan)? {
        guard let first = entries.first, let last = entries.popLast(), let plan = plans[first.place] else { return nil }
        plans[first.place] = nil
        freePlaces.append(first.place)
        if !entries.isEmpty {
            entries[0] = last
            sink()
        }
        return (first.time, plan)
    }

    private mutating func rise(from place: Int) {
        var child = place
        while child > 0 {
            let parent = (child - 1) / 2
            guard entries[child].isBefore(entries[parent]) else { return }
            entries.swapAt(child, parent)
            child = parent
        }
    }

    private mutating func sink() {
        var parent = 0
        while 2 * parent + 1 < entries.count {
            var child = 2 * parent + 1
            if child + 1 < entries.count, entries[child + 1].isBefore(entries[child]) { child += 1 }
            guard entries[child].isBefore(entries[parent]) else { return }
            entries.swapAt(child, parent)
            parent = child
        }
    }
}
