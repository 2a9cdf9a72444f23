/// What a condition may refer to at its place in the file.
struct Scope {
    /// Nil: the file names none; then amounts are read, and an error asks for one.
    var currency: String?
    var minorDigits = 2
    var purposes = ["marketing"]
    var definitions: [String: Definition] = [:]
    /// Who asks, hence for what: a stage for facts alone, a segment also for the stage and for what we did, an action
    /// also for segments.
    var asker = Asker.stage
    var segments: Set<String> = []
    var stages: [String] = []
    /// Names of actions, which experiments refer to.
    var actions: Set<String> = []

    /// The currency of examples in messages.
    var exampleCurrency: String { currency ?? "EUR" }

    var knownWords: [String] { FactWord.all.map(\.phrase) + definitions.keys }
}

/// Layers of a policy: each may ask for what the ones before it say, so that none can feed itself.
enum Asker: Comparable { case stage, segment, action }

/// What a name of `define:` stands for.
enum Definition {
    case condition(Condition)
    case quantity(Operand)
    /// An error says why; what uses it is not blamed again.
    case unreadable
}

/// What reading a condition found out beside the condition itself.
struct Findings {
    var notes: [Problem] = []
    /// Assumptions needed, each with what needs it first.
    var needs: [Assumption: String] = [:]

    mutating func need(_ assumption: Assumption, for user: String) {
        if needs[assumption] == nil { needs[assumption] = user }
    }

    mutating func add(_ other: Self) {
        notes += other.notes
        needs.merge(other.needs) { first, _ in first }
    }
}
