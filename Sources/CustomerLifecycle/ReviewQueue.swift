/// Due instants of reviews, earliest first: a heap of (due, tag of the subject).
///
/// An entry counts only while the subject's head says it is queued for that instant, so that nothing is ever searched
/// for to be removed; a subject has one entry that counts, renewed when it is met or when its review moves earlier.
struct ReviewQueue {
    struct Entry {
        var due: Instant
        var tag: UInt32
    }

    private var heap: [Entry] = []

    var count: Int { heap.count }
    var firstDue: Instant? { heap.first?.due }

    mutating func push(_ entry: Entry) {
        var place = heap.count
        heap.append(entry)
        while place > 0 {
            let parent = (place - 1) / 4
            guard entry.due < heap[parent].due else { break }
            heap[place] = heap[parent]
            place = parent
        }
        heap[place] = entry
    }

    mutating func pop() -> Entry {
        let first = heap[0]
        let last = heap.removeLast()
        guard !heap.isEmpty else { return first }
        var place = 0
        while true {
            let firstChild = place * 4 + 1
            guard firstChild < heap.count else { break }
            var least = firstChild
            for child in firstChild..<min(firstChild + 4, heap.count) where heap[child].due < heap[least].due {
                least = child
            }
            guard heap[least].due < last.due else { break }
            heap[place] = heap[least]
            place = least
        }
        heap[place] = last
        return first
    }

    mutating func removeAll() { heap.removeAll(keepingCapacity: true) }
}
