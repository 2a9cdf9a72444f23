package import CustomerLifecycle

/// A policy that the program brings along, to start from: a published model of the customer lifecycle, or our own.
/// Each number in its text says where it comes from, or that it is for the shop to set.
package enum Preset: String, CaseIterable, Sendable {
    /// What a log begins under where no policy is named.
    case `default`
    case fiveSteps = "five-steps"
    case fourPhases = "four-phases"
    case workingSet = "working-set"
    case fiveStages = "five-stages"
    case reference = "ref-1"

    /// `preset:five-steps`, as it is named where the path of a policy file may stand.
    package var fileName: String { Self.prefix + rawValue }

    package static let prefix = "preset:"

    /// The document as it was written, to be saved and changed.
    package var text: String {
        switch self {
        case .default: Self.defaultText
        case .fiveSteps: Self.fiveStepsText
        case .fourPhases: Self.fourPhasesText
        case .workingSet: Self.workingSetText
        case .fiveStages: Self.fiveStagesText
        case .reference: Self.referenceText
        }
    }

    /// One line: what the model is.
    package var summary: String {
        switch self {
        case .default: "from first visit to advocate and back, in ten stages; by each customer's own rhythm"
        case .fiveSteps: "reach, acquire, develop, retain, advocate; then the cycle begins again"
        case .fourPhases: "attention, fidelisation, consolidation, separation"
        case .workingSet: "prospect, first purchase, active, defecting; all else in segments"
        case .fiveStages: "acquisition, conversion, then active, dormant or loyal, reactivation, recommendation"
        case .reference: "orders and silence alone: the policy that CDNOW's published counts are compared by"
        }
    }

    package var compiled: CompiledPolicy { PolicyCompiler.compile(text, fileName: fileName) }

    /// The same for a shop whose orders are in another currency.
    package func compiled(in currency: Currency) -> CompiledPolicy {
        PolicyCompiler.compile(text(in: currency), fileName: fileName)
    }
}

extension CompiledPolicy {
    /// The project's own policy: what a log begins under where nothing else is said.
    package static var standard: CompiledPolicy { Preset.default.compiled }
}
