import CustomerLifecycle

/// Facts that nothing feeds yet. A policy may use them; until then they are nothing, and each line that asks for one is
/// told so.
struct WaitingFacts {
    /// A line of the policy as far as it matters here.
    struct Line {
        let name: String
        let condition: Condition?
        let place: Place
    }

    /// A note for each place that asks for such a fact, with the lines that use it: a definition may serve several.
    static func notes(of lines: [Line]) -> [Problem] {
        var absences: [Place: String] = [:]
        var users: [Place: [String]] = [:]
        for line in lines {
            for literal in line.condition?.literals ?? [] {
                guard let absence = literal.test.facts.compactMap({ $0.fact.absence }).first else { continue }
                absences[literal.place] = absence
                let user = "\"\(line.name)\" (line \(line.place.line))"
                if users[literal.place]?.contains(user) != true { users[literal.place, default: []].append(user) }
            }
        }
        return absences.map { place, absence in
            let users = users[place] ?? []
            let verb = users.count == 1 ? "waits" : "wait"
            return Problem(.note, at: place, "\(absence): \(users.joined(separator: ", ")) \(verb) for it")
        }
    }
}

extension Fact {
    /// What the fact is for everybody as long as nothing feeds it, and until when; nil of those that events feed.
    var absence: String? {
        switch self {
        case .referred: "nobody is \"\(phrase)\" until friends are followed"
        case .friendsInvited, .referrals, .rewardsGranted: "\"\(phrase)\" is 0 until friends are followed"
        default: nil
        }
    }
}
