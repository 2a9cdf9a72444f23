import Foundation

/// What the environment tells these tests.
enum Settings {
    /// Whether what this build leaves is to be written for those to come.
    static let writesKept = ProcessInfo.processInfo.environment["WRITE_KEPT"] != nil
}
