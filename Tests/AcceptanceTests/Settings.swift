import Foundation
import Testing

/// What these tests are told from outside (`.ci/acceptance`): where the shared data lie, and which program to try.
enum Settings {
    static let shared = ProcessInfo.processInfo.environment["LIFECYCLE_SHARED", default: ""]
    static let executable = ProcessInfo.processInfo.environment["LIFECYCLE_EXECUTABLE", default: "lifecycle"]

    static var areGiven: Bool { !shared.isEmpty }

    static let cdnow = shared + "/data/cdnow/orders.csv.gz"
    static let cdnowRowCount = 69_659
    static let clients = shared + "/data/clients/analytics-node.ndjson.gz"

    static func policy(_ name: String) -> String { "\(shared)/policies/\(name).yaml" }
}

extension Trait where Self == ConditionTrait {
    /// `make test` passes over what needs the shared data.
    static var whereSharedDataAreGiven: Self {
        .enabled(if: Settings.areGiven, "LIFECYCLE_SHARED names no folder; `.ci/acceptance FOLDER` does")
    }
}
