/// What an upgrade changes, or has changed.
package struct UpgradeReport: Report, Equatable {
    package struct Move: Equatable, Sendable {
        package var from: String
        package var to: String
        package var count: Int

        package init(from: String, to: String, count: Int) {
            self.from = from
            self.to = to
            self.count = count
        }
    }

    package var fromVersion: Int
    package var toVersion: Int
    /// The generation that begins, or the one in force where there is nothing to do.
    package var generation: Int
    package var customers = 0
    /// Customers of whom nothing is published yet.
    package var unpublished = 0
    /// Visitors who are published, and forgotten by this build.
    package var forgotten = 0
    /// Customers who are published in another stage than this build finds them in.
    package var moves: [Move] = []
    package var isDone = false

    package init(fromVersion: Int, toVersion: Int, generation: Int) {
        self.fromVersion = fromVersion
        self.toVersion = toVersion
        self.generation = generation
    }

    package func writeMembers(to json: inout JSONWriter) {
        json.member("from_version", fromVersion)
        json.member("to_version", toVersion)
        json.member("generation", generation)
        json.member("customers", customers)
        json.member("unpublished", unpublished)
        json.member("forgotten", forgotten)
        json.array("moves", moves.sorted { ($0.from, $0.to) < ($1.from, $1.to) }) { json, move in
            json.beginObject()
            json.member("from", move.from)
            json.member("to", move.to)
            json.member("count", move.count)
            json.endObject()
        }
        json.member("is_done", isDone)
    }
}
