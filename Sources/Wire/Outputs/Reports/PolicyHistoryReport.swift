package import CustomerLifecycle

/// `policy history`: the policies that a log adopted.
package struct PolicyHistoryReport: Report, Equatable {
    package struct Adoption: Equatable, Sendable {
        package var policy: PolicyReference
        /// From when on it is in force.
        package var at: Instant
        package var stageCount: Int
        package var segmentCount: Int

        package init(policy: PolicyReference, at: Instant, stageCount: Int, segmentCount: Int) {
            self.policy = policy
            self.at = at
            self.stageCount = stageCount
            self.segmentCount = segmentCount
        }
    }

    /// The first one first.
    package var adoptions: [Adoption]

    package init(adoptions: [Adoption]) { self.adoptions = adoptions }

    package func writeMembers(to json: inout JSONWriter) {
        json.array("adoptions", adoptions) { json, adoption in
            json.beginObject()
            adoption.policy.write(to: &json)
            json.member("at", adoption.at)
            json.member("stages", adoption.stageCount)
            json.member("segments", adoption.segmentCount)
            json.endObject()
        }
    }
}

/// `policy adopt`: what the adoption changes, and whether it was done.
package struct PolicyAdoptionReport: Report, Equatable {
    package var diff: PolicyDiffReport
    /// The policy's number once it is adopted; the one in force where there is nothing to do.
    package var number: Int
    package var isDone = false

    package init(diff: PolicyDiffReport, number: Int) {
        self.diff = diff
        self.number = number
    }

    package func writeMembers(to json: inout JSONWriter) {
        json.member("version", number)
        json.member("is_done", isDone)
        diff.writeMembers(to: &json)
    }
}
